import MailQueue
import SMTP
import TCPIP
import Timebase

/// One SMTP connection of a host, with the machine that speaks on it.
struct Conversation: Sendable {
    /// What the connection is for.
    enum Purpose: Sendable {
        /// The host's SMTP server answers a client.
        case serving
        /// A client host asks for its mail.
        case asking
        /// A client host asks for its mail over this connection: the roles are reversed, or it ends.
        case reversing
        /// A client host sends what it has written: the message under way, and the recipients that are left for another
        /// transaction.
        case submitting(WrittenMail.Message?, left: [ForwardPath] = [])
        /// Somebody types at a client host.
        case speaking
        /// The server host hands over the mail of a domain.
        case delivering(Delivery)
    }

    /// How far the connection over which a domain's mail goes has come.
    struct Delivery: Sendable {
        /// The domain whose mail goes now.
        var domain: Domain
        /// All domains whose mail goes over it: more than one only when the roles were reversed.
        var domains: [Domain]
        /// Whether their host has made the connection, and has proved whose it is.
        var isReversed = false
        /// Whether the queue knows that the connection is ready for mail.
        var isReady = false
        /// Whether it was said how long the rest will take.
        var isPredicted = false
        /// Why the host that greeted gets nothing: it is not the domain's.
        var misdirection: String?
        /// Whether the host knows DSN, and takes over what senders want to hear.
        var peerReports = false
        /// The message in flight, whether anything was said of it yet, and the recipients that were refused one by one
        /// or are left for another transaction.
        private(set) var message: HeldMessage?
        var isBegun = false
        var refused: [ForwardPath] = []
        var left: [ForwardPath] = []

        init(domain: Domain) {
            self.domain = domain
            domains = [domain]
        }

        /// The next message takes its turn, or none is left.
        mutating func begin(_ message: HeldMessage?) {
            self.message = message
            isBegun = false
            refused = []
            left = []
        }

        /// The recipients of whom the end of the transaction speaks.
        var concerned: [ForwardPath] {
            let others = Set(refused + left)
            return message?.envelope.forwardPaths.filter { !others.contains($0) } ?? []
        }
    }

    let host: Int
    let connection: ConnectionID
    let alarm: EventQueue.AlarmID
    var purpose: Purpose
    // The sessions lie side by side and not in the purpose, so that they change in place.
    var server: SMTPServerSession?
    var client: SMTPClientSession?
    /// What is left of the message that the client session sends, if it is one that is written while it is sent.
    var letter: LetterPieces?
    /// The message that the server session receives, and whether it is one that was stored before.
    var arriving: ArrivingMessage?
    var isStoredAlready = false
    /// What the queue has granted: for these domains the roles are to be reversed.
    var grantedDomains: [Domain] = []
    /// The session is over: close the connection when its last output is gone.
    var isClosing = false

    /// How a conversation stands when its output has been taken.
    struct Turn {
        /// Nothing more will be said: the connection can be closed.
        let isOver: Bool
        /// When the session must next be told the time, if ever.
        let deadline: Instant?
    }

    // What follows is asked for every segment, and changes the conversation where it lies: a question to an element of
    // an array would copy the sessions first.

    mutating func whereabouts() -> (host: Int, connection: ConnectionID, alarm: EventQueue.AlarmID) {
        (host, connection, alarm)
    }

    /// Whether what has come stays where it is until the disk has written, so that TCP holds the peer back.
    mutating func isBusy() -> Bool { server?.answerIsDue ?? false }

    /// Octets have come from the peer. The buffer is lent to a message that is on its way here, until its content is
    /// taken.
    mutating func receive(
        _ octets: RawSpan, lending buffer: inout [UInt8], at now: Instant,
        _ serverActions: inout Outbox<SMTPServerSession.Action>,
        _ clientActions: inout Outbox<SMTPClientSession.Action>
    ) {
        if arriving != nil { server?.exchangeContent(for: &buffer) }
        server?.receive(octets, at: now, into: &serverActions)
        client?.receive(octets, at: now, into: &clientActions)
    }

    /// Takes output to send.
    /// - Returns: whether the last of a message's content is among it.
    mutating func takeOutput(upTo room: Int, into octets: inout [UInt8], at now: Instant) -> Bool {
        server?.takeOutput(upTo: room, into: &octets)
        var contentEnds = client?.takeOutput(upTo: room, into: &octets, at: now) ?? false
        while octets.count < room, client?.wantsContent == true, let piece = letter?.next() {
            client?.send(content: piece)
            contentEnds = client?.takeOutput(upTo: room - octets.count, into: &octets, at: now) ?? false
        }
        return contentEnds
    }

    /// Takes the content that has come since this was last called.
    /// - Parameters:
    ///   - buffer: empty; afterwards what has come, if a message is on its way here.
    ///   - isLast: whether nothing more comes.
    /// - Returns: the number of the message.
    mutating func takeContent(into buffer: inout [UInt8], isLast: Bool) -> Int? {
        guard arriving != nil else { return nil }
        server?.exchangeContent(for: &buffer)
        // Of a message that is stored nothing can be missing: what is sent all the same is not part of it.
        guard !isStoredAlready else {
            buffer.removeAll(keepingCapacity: true)
            return nil
        }
        arriving?.receive(&buffer, isLast: isLast)
        return arriving?.number
    }

    /// All output that the connection has room for has been taken.
    mutating func endTurn() -> Turn {
        let deadline = server?.deadline ?? client?.deadline
        let pending = isClosing ? server?.pendingOutputCount ?? client?.pendingOutputCount ?? 0 : 0
        return Turn(isOver: isClosing && pending == 0, deadline: deadline)
    }
}
