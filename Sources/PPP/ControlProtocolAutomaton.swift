public import Timebase

/// The automaton that LCP and every network control protocol share (RFC 1661 §4).
///
/// It knows states, events and the restart timer, and nothing of options or packets: whoever owns it says which event a
/// packet is, and carries out the operations that the automaton answers, in their order.
///
/// Of what the RFC leaves to choose: a stopped or opened layer is not restarted by a second Open (its note *r*), and
/// running out of Configure-Requests ends the layer, without the passive option (note *p*).
public struct ControlProtocolAutomaton: Sendable {
    /// The states of RFC 1661 §4.2, in its numbering.
    public enum State: UInt8, CaseIterable, Hashable, Sendable {
        /// The lower layer is down, and nobody has asked for this one.
        case initial
        /// The lower layer is down; this one is wanted.
        case starting
        /// The lower layer is up, and nobody has asked for this one.
        case closed
        /// The other end has ended it, or never answered.
        case stopped
        /// We have asked to terminate, and wait for the Ack.
        case closing
        /// As closing, but the layer is wanted still.
        case stopping
        /// We have sent a Configure-Request.
        case reqSent
        /// Ours is acknowledged, the peer's is not.
        case ackRcvd
        /// The peer's is acknowledged, ours is not.
        case ackSent
        /// Both are.
        case opened
    }

    /// The events of RFC 1661 §4.3, in the order of its table.
    public enum Event: UInt8, CaseIterable, Hashable, Sendable {
        /// The lower layer is ready to carry packets.
        case up
        /// It no longer is.
        case down
        /// The layer is wanted.
        case open
        /// It no longer is.
        case close
        /// TO+: the restart timer has run out, and the counter has not.
        case timeoutWithTriesLeft
        /// TO-: both have.
        case timeoutOfLastTry
        /// RCR+: a Configure-Request that can be acknowledged.
        case receiveGoodConfigureRequest
        /// RCR-: one that cannot.
        case receiveBadConfigureRequest
        /// RCA.
        case receiveConfigureAck
        /// RCN: a Configure-Nak or Configure-Reject.
        case receiveConfigureNak
        /// RTR.
        case receiveTerminateRequest
        /// RTA.
        case receiveTerminateAck
        /// RUC: a packet of unknown code.
        case receiveUnknownCode
        /// RXJ+: a rejection that we can live with.
        case receiveTolerableReject
        /// RXJ-: one that we cannot.
        case receiveFatalReject
        /// RXR: Echo-Request, Echo-Reply, Discard-Request.
        case receiveEchoOrDiscard
    }

    /// The operations of RFC 1661 §4.4, by the abbreviations of its table.
    public enum Operation: String, CaseIterable, Hashable, Sendable {
        /// This-Layer-Up.
        case tlu
        /// This-Layer-Down.
        case tld
        /// This-Layer-Started.
        case tls
        /// This-Layer-Finished.
        case tlf
        /// Initialize-Restart-Count.
        case irc
        /// Zero-Restart-Count.
        case zrc
        /// Send-Configure-Request.
        case scr
        /// Send-Configure-Ack.
        case sca
        /// Send-Configure-Nak or -Reject.
        case scn
        /// Send-Terminate-Request.
        case str
        /// Send-Terminate-Ack.
        case sta
        /// Send-Code-Reject.
        case scj
        /// Send-Echo-Reply.
        case ser
    }

    /// Where the automaton stands.
    public private(set) var state = State.initial
    /// When the restart timer runs out; nil while it is not running.
    public private(set) var deadline: Instant?
    // How many more requests may be sent before the peer counts as silent.
    private var restartCount = 0
    private let restart: RestartConfiguration

    /// An automaton in the state Initial.
    public init(restart: RestartConfiguration) { self.restart = restart }

    // What happened

    /// Takes an event in. One that cannot happen in the state, a dash in the RFC's table, changes nothing.
    /// - Parameters:
    ///   - event: what happened.
    ///   - now: when.
    /// - Returns: what must be done, in order. `irc` and `zrc` are done already; the counting and timing of `scr` and
    ///   `str` are too, what remains is to send.
    public mutating func handle(_ event: Event, at now: Instant) -> [Operation] {
        guard let cell = ControlProtocolAutomaton.cell(state, event) else { return [] }
        for operation in cell.operations {
            switch operation {
            case .irc:
                // RFC 1661 §4.4: the counter starts at the limit of what is going to be sent.
                restartCount = cell.operations.contains(.str) ? restart.maximumTerminate : restart.maximumConfigure
            case .zrc:
                // The peer's Terminate-Request is acknowledged: give the Ack one period to arrive.
                restartCount = 0
                deadline = now + restart.interval
            case .scr, .str:
                restartCount -= 1
                deadline = now + restart.interval
            default:
                break
            }
        }
        state = cell.next
        if !state.hasRestartTimer { deadline = nil }
        return cell.operations
    }

    /// Takes the time in; harmless before the deadline.
    /// - Parameter now: the time.
    /// - Returns: what must be done, in order.
    public mutating func deadlineReached(at now: Instant) -> [Operation] {
        guard let deadline, deadline <= now else { return [] }
        return handle(restartCount > 0 ? .timeoutWithTriesLeft : .timeoutOfLastTry, at: now)
    }
}

extension ControlProtocolAutomaton.State {
    /// RFC 1661 §4.2: the timer runs where an answer is awaited, and nowhere else.
    var hasRestartTimer: Bool {
        switch self {
        case .closing, .stopping, .reqSent, .ackRcvd, .ackSent: true
        case .initial, .starting, .closed, .stopped, .opened: false
        }
    }

    /// Whether options are being talked about.
    var isNegotiating: Bool {
        switch self {
        case .reqSent, .ackRcvd, .ackSent: true
        case .initial, .starting, .closed, .stopped, .closing, .stopping, .opened: false
        }
    }
}
