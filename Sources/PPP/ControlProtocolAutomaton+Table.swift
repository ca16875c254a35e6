extension ControlProtocolAutomaton {
    /// What an event does in a state: one cell of the table of RFC 1661 §4.1.
    public struct Cell: Hashable, Sendable {
        /// What must be done, in order.
        public let operations: [Operation]
        /// The state afterwards.
        public let next: State
        /// The RFC's footnote, if there is one.
        public let note: Note?

        /// The footnotes of the table.
        public enum Note: String, Hashable, Sendable {
            /// *r*: an implementation may restart the layer here. This one does not.
            case restart = "r"
            /// *p*: an implementation may stay and wait for the peer. This one does not.
            case passive = "p"
            /// *x*: two answers have crossed on the line.
            case crossed = "x"
        }

        init(_ operations: [Operation], _ next: State, _ note: Note? = nil) {
            self.operations = operations
            self.next = next
            self.note = note
        }
    }

    /// RFC 1661 §4.1, cell for cell.
    /// - Parameters:
    ///   - state: the column of the table.
    ///   - event: its row.
    /// - Returns: the cell; nil is the RFC's dash: the event cannot happen here.
    public static func cell(_ state: State, _ event: Event) -> Cell? {
        switch (state, event) {
        case (.initial, .up): Cell([], .closed)
        case (.initial, .open): Cell([.tls], .starting)
        case (.initial, .close): Cell([], .initial)
        case (.starting, .up): Cell([.irc, .scr], .reqSent)
        case (.starting, .open): Cell([], .starting)
        case (.starting, .close): Cell([.tlf], .initial)
        case (.closed, .down): Cell([], .initial)
        case (.closed, .open): Cell([.irc, .scr], .reqSent)
        case (.closed, .close): Cell([], .closed)
        case (.closed, .receiveGoodConfigureRequest): Cell([.sta], .closed)
        case (.closed, .receiveBadConfigureRequest): Cell([.sta], .closed)
        case (.closed, .receiveConfigureAck): Cell([.sta], .closed)
        case (.closed, .receiveConfigureNak): Cell([.sta], .closed)
        case (.closed, .receiveTerminateRequest): Cell([.sta], .closed)
        case (.closed, .receiveTerminateAck): Cell([], .closed)
        case (.closed, .receiveUnknownCode): Cell([.scj], .closed)
        case (.closed, .receiveTolerableReject): Cell([], .closed)
        case (.closed, .receiveFatalReject): Cell([.tlf], .closed)
        case (.closed, .receiveEchoOrDiscard): Cell([], .closed)
        case (.stopped, .down): Cell([.tls], .starting)
        case (.stopped, .open): Cell([], .stopped, .restart)
        case (.stopped, .close): Cell([], .closed)
        case (.stopped, .receiveGoodConfigureRequest): Cell([.irc, .scr, .sca], .ackSent)
        case (.stopped, .receiveBadConfigureRequest): Cell([.irc, .scr, .scn], .reqSent)
        case (.stopped, .receiveConfigureAck): Cell([.sta], .stopped)
        case (.stopped, .receiveConfigureNak): Cell([.sta], .stopped)
        case (.stopped, .receiveTerminateRequest): Cell([.sta], .stopped)
        case (.stopped, .receiveTerminateAck): Cell([], .stopped)
        case (.stopped, .receiveUnknownCode): Cell([.scj], .stopped)
        case (.stopped, .receiveTolerableReject): Cell([], .stopped)
        case (.stopped, .receiveFatalReject): Cell([.tlf], .stopped)
        case (.stopped, .receiveEchoOrDiscard): Cell([], .stopped)
        case (.closing, .down): Cell([], .initial)
        case (.closing, .open): Cell([], .stopping, .restart)
        case (.closing, .close): Cell([], .closing)
        case (.closing, .timeoutWithTriesLeft): Cell([.str], .closing)
        case (.closing, .timeoutOfLastTry): Cell([.tlf], .closed)
        case (.closing, .receiveGoodConfigureRequest): Cell([], .closing)
        case (.closing, .receiveBadConfigureRequest): Cell([], .closing)
        case (.closing, .receiveConfigureAck): Cell([], .closing)
        case (.closing, .receiveConfigureNak): Cell([], .closing)
        case (.closing, .receiveTerminateRequest): Cell([.sta], .closing)
        case (.closing, .receiveTerminateAck): Cell([.tlf], .closed)
        case (.closing, .receiveUnknownCode): Cell([.scj], .closing)
        case (.closing, .receiveTolerableReject): Cell([], .closing)
        case (.closing, .receiveFatalReject): Cell([.tlf], .closed)
        case (.closing, .receiveEchoOrDiscard): Cell([], .closing)
        case (.stopping, .down): Cell([], .starting)
        case (.stopping, .open): Cell([], .stopping, .restart)
        case (.stopping, .close): Cell([], .closing)
        case (.stopping, .timeoutWithTriesLeft): Cell([.str], .stopping)
        case (.stopping, .timeoutOfLastTry): Cell([.tlf], .stopped)
        case (.stopping, .receiveGoodConfigureRequest): Cell([], .stopping)
        case (.stopping, .receiveBadConfigureRequest): Cell([], .stopping)
        case (.stopping, .receiveConfigureAck): Cell([], .stopping)
        case (.stopping, .receiveConfigureNak): Cell([], .stopping)
        case (.stopping, .receiveTerminateRequest): Cell([.sta], .stopping)
        case (.stopping, .receiveTerminateAck): Cell([.tlf], .stopped)
        case (.stopping, .receiveUnknownCode): Cell([.scj], .stopping)
        case (.stopping, .receiveTolerableReject): Cell([], .stopping)
        case (.stopping, .receiveFatalReject): Cell([.tlf], .stopped)
        case (.stopping, .receiveEchoOrDiscard): Cell([], .stopping)
        case (.reqSent, .down): Cell([], .starting)
        case (.reqSent, .open): Cell([], .reqSent)
        case (.reqSent, .close): Cell([.irc, .str], .closing)
        case (.reqSent, .timeoutWithTriesLeft): Cell([.scr], .reqSent)
        case (.reqSent, .timeoutOfLastTry): Cell([.tlf], .stopped, .passive)
        case (.reqSent, .receiveGoodConfigureRequest): Cell([.sca], .ackSent)
        case (.reqSent, .receiveBadConfigureRequest): Cell([.scn], .reqSent)
        case (.reqSent, .receiveConfigureAck): Cell([.irc], .ackRcvd)
        case (.reqSent, .receiveConfigureNak): Cell([.irc, .scr], .reqSent)
        case (.reqSent, .receiveTerminateRequest): Cell([.sta], .reqSent)
        case (.reqSent, .receiveTerminateAck): Cell([], .reqSent)
        case (.reqSent, .receiveUnknownCode): Cell([.scj], .reqSent)
        case (.reqSent, .receiveTolerableReject): Cell([], .reqSent)
        case (.reqSent, .receiveFatalReject): Cell([.tlf], .stopped)
        case (.reqSent, .receiveEchoOrDiscard): Cell([], .reqSent)
        case (.ackRcvd, .down): Cell([], .starting)
        case (.ackRcvd, .open): Cell([], .ackRcvd)
        case (.ackRcvd, .close): Cell([.irc, .str], .closing)
        case (.ackRcvd, .timeoutWithTriesLeft): Cell([.scr], .reqSent)
        case (.ackRcvd, .timeoutOfLastTry): Cell([.tlf], .stopped, .passive)
        case (.ackRcvd, .receiveGoodConfigureRequest): Cell([.sca, .tlu], .opened)
        case (.ackRcvd, .receiveBadConfigureRequest): Cell([.scn], .ackRcvd)
        case (.ackRcvd, .receiveConfigureAck): Cell([.scr], .reqSent, .crossed)
        case (.ackRcvd, .receiveConfigureNak): Cell([.scr], .reqSent, .crossed)
        case (.ackRcvd, .receiveTerminateRequest): Cell([.sta], .reqSent)
        case (.ackRcvd, .receiveTerminateAck): Cell([], .reqSent)
        case (.ackRcvd, .receiveUnknownCode): Cell([.scj], .ackRcvd)
        case (.ackRcvd, .receiveTolerableReject): Cell([], .reqSent)
        case (.ackRcvd, .receiveFatalReject): Cell([.tlf], .stopped)
        case (.ackRcvd, .receiveEchoOrDiscard): Cell([], .ackRcvd)
        case (.ackSent, .down): Cell([], .starting)
        case (.ackSent, .open): Cell([], .ackSent)
        case (.ackSent, .close): Cell([.irc, .str], .closing)
        case (.ackSent, .timeoutWithTriesLeft): Cell([.scr], .ackSent)
        case (.ackSent, .timeoutOfLastTry): Cell([.tlf], .stopped, .passive)
        case (.ackSent, .receiveGoodConfigureRequest): Cell([.sca], .ackSent)
        case (.ackSent, .receiveBadConfigureRequest): Cell([.scn], .reqSent)
        case (.ackSent, .receiveConfigureAck): Cell([.irc, .tlu], .opened)
        case (.ackSent, .receiveConfigureNak): Cell([.irc, .scr], .ackSent)
        case (.ackSent, .receiveTerminateRequest): Cell([.sta], .reqSent)
        case (.ackSent, .receiveTerminateAck): Cell([], .ackSent)
        case (.ackSent, .receiveUnknownCode): Cell([.scj], .ackSent)
        case (.ackSent, .receiveTolerableReject): Cell([], .ackSent)
        case (.ackSent, .receiveFatalReject): Cell([.tlf], .stopped)
        case (.ackSent, .receiveEchoOrDiscard): Cell([], .ackSent)
        case (.opened, .down): Cell([.tld], .starting)
        case (.opened, .open): Cell([], .opened, .restart)
        case (.opened, .close): Cell([.tld, .irc, .str], .closing)
        case (.opened, .receiveGoodConfigureRequest): Cell([.tld, .scr, .sca], .ackSent)
        case (.opened, .receiveBadConfigureRequest): Cell([.tld, .scr, .scn], .reqSent)
        case (.opened, .receiveConfigureAck): Cell([.tld, .scr], .reqSent, .crossed)
        case (.opened, .receiveConfigureNak): Cell([.tld, .scr], .reqSent, .crossed)
        case (.opened, .receiveTerminateRequest): Cell([.tld, .zrc, .sta], .stopping)
        case (.opened, .receiveTerminateAck): Cell([.tld, .scr], .reqSent)
        case (.opened, .receiveUnknownCode): Cell([.scj], .opened)
        case (.opened, .receiveTolerableReject): Cell([], .opened)
        case (.opened, .receiveFatalReject): Cell([.tld, .irc, .str], .stopping)
        case (.opened, .receiveEchoOrDiscard): Cell([.ser], .opened)
        default: nil
        }
    }
}
