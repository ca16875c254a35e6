import MailQueue
import SMTP
import Timebase

/// One connection of a mail host, with the machine that speaks on it: SMTP as a rule, or Finger.
///
/// What is asked for every segment changes the session where it lies: a question to an element of an array would copy
/// the machines first.
struct MailSession: Sendable {
    var peer: MailHost.Peer
    /// Whether a client has made the connection.
    let wasAccepted: Bool
    // The machines lie side by side and not in an enumeration, so that they change in place. One of them is there.
    var server: SMTPServerSession?
    var client: SMTPClientSession?
    var finger: FingerSession?
    /// How far the delivery has come, if the session is the client.
    var delivery: Delivery?
    /// What is left of the message that the client session sends, if it is one that is written while it is sent.
    var letter: LetterPieces?
    /// How many octets of a message that is not yet whole were there when it was last asked.
    private(set) var contentCount = 0
    /// What the queue has granted: for these domains the roles are to be reversed.
    var grantedDomains: [Domain] = []
    /// Whether the driver was told to leave input where it is.
    private var isHeldBack = false
    /// The session is over: the connection is to be closed when its last output is gone.
    var isClosing = false

    init(peer: MailHost.Peer, server: SMTPServerSession) {
        self.peer = peer
        self.server = server
        wasAccepted = true
    }

    init(peer: MailHost.Peer, finger: FingerSession) {
        self.peer = peer
        self.finger = finger
        wasAccepted = true
    }

    init(delivering domain: Domain, by client: SMTPClientSession) {
        peer = MailHost.Peer(address: "")
        self.client = client
        wasAccepted = false
        delivery = Delivery(domain: domain)
    }

    /// Whether its connection has stood at some time.
    mutating func isConnected() -> Bool { client?.state != .unconnected }

    // What is left unread when the session is over is of no meaning, but the peer may only hear of the end if it is
    // read.
    private var wantsInput: Bool { isClosing || server?.wantsInput ?? true }

    /// Whether what has come stays where it is until the disk has written, or the peer has taken what it is told: so
    /// TCP holds the peer back.
    mutating func holdsBack() -> Bool {
        isHeldBack = !wantsInput
        return isHeldBack
    }

    /// Whether the peer need no longer be held back.
    mutating func letsGo() -> Bool {
        guard isHeldBack, wantsInput else { return false }
        isHeldBack = false
        return true
    }

    /// Looks how much is there of a message that is not yet whole.
    /// - Returns: how many octets more than the last time.
    mutating func countContent() -> Int {
        let before = contentCount
        contentCount = server?.keptContentCount ?? 0
        return contentCount - before
    }

    mutating func receive(
        _ octets: RawSpan, at now: Instant, _ serverActions: inout Outbox<SMTPServerSession.Action>,
        _ clientActions: inout Outbox<SMTPClientSession.Action>
    ) {
        server?.receive(octets, at: now, into: &serverActions)
        client?.receive(octets, at: now, into: &clientActions)
    }

    /// Takes output to send.
    /// - Returns: whether the last of a message's content is among it.
    mutating func takeOutput(upTo room: Int, into octets: inout [UInt8], at now: Instant) -> Bool {
        server?.takeOutput(upTo: room, into: &octets)
        finger?.takeOutput(upTo: room, into: &octets)
        var contentEnds = client?.takeOutput(upTo: room, into: &octets, at: now) ?? false
        while octets.count < room, client?.wantsContent == true, let piece = letter?.next() {
            client?.send(content: piece)
            contentEnds = client?.takeOutput(upTo: room - octets.count, into: &octets, at: now) ?? false
        }
        return contentEnds
    }

    /// Whether nothing more will be said.
    mutating func isOver() -> Bool {
        if let finger { return finger.isOver }
        return isClosing && (server?.pendingOutputCount ?? client?.pendingOutputCount ?? 0) == 0
    }

    /// When it must next be told the time, if ever.
    mutating func deadline() -> Instant? { server?.deadline ?? client?.deadline ?? finger?.deadline }
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
    /// The message in flight, whether anything was said of it yet, and the recipients that were refused one by one or
    /// are left for another transaction.
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
