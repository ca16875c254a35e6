import SMTP
import Timebase

/// A client session whose server is a script, and what came of it.
struct ClientDriver {
    var session: SMTPClientSession
    var now = Instant.beginning
    /// The messages it is given, in order; QUIT when none is left.
    var messages: [OutgoingMessage]
    /// The one under way, and those of its recipients that are left for a further transaction.
    private var underway: OutgoingMessage?
    private var left: [ForwardPath] = []
    var actions: [SMTPClientSession.Action] = []
    /// What it answers to the questions of AUTH, in order.
    var answers: [SASLAnswer] = []
    private var outbox = Outbox<SMTPClientSession.Action>()

    init(
        _ purpose: SMTPClientSession.Purpose = .delivery, messages: [OutgoingMessage] = [], usesPipelining: Bool = true,
        chunkSize: Int? = 32_768, tls: TLSPolicy = .never, credentials: SASLCredentials? = nil,
        answers: [SASLAnswer] = [], etrn: ETRNManner = .standard, recipientLimit: Int? = nil
    ) throws {
        var configuration = SMTPClientConfiguration(hostName: try Domain(parsing: "mx.isp.example"))
        configuration.usesPipelining = usesPipelining
        configuration.chunkSize = chunkSize
        configuration.tls = tls
        configuration.etrn = etrn
        configuration.recipientLimit = recipientLimit
        configuration.credentials = credentials
        self.answers = answers
        session = SMTPClientSession(configuration: configuration, purpose: purpose)
        self.messages = messages
        session.connected(at: now)
    }

    /// The client that a server has become.
    init(
        reversing server: SMTPServerSession, messages: [OutgoingMessage] = [], tls: TLSPolicy = .never,
        credentials: SASLCredentials? = nil
    ) throws {
        var configuration = SMTPClientConfiguration(hostName: try Domain(parsing: "mx.isp.example"))
        configuration.tls = tls
        configuration.credentials = credentials
        session = SMTPClientSession(reversing: server, configuration: configuration, at: now)
        self.messages = messages
    }

    /// A message from s to r1 and r2, as in the conformance cases.
    static func message(_ content: String = "x\r\n", recipients: Int = 2) throws -> OutgoingMessage {
        OutgoingMessage(
            envelope: Envelope(
                reversePath: try ReversePath(parsing: "<s@isp.example>"),
                forwardPaths: try (1...recipients).map { try ForwardPath(parsing: "<r\($0)@d.example>") }),
            content: Array(content.utf8))
    }

    /// The server says some lines; returns what the client says then.
    mutating func hears(_ lines: String..., inPiecesOf size: Int = .max) -> String {
        let octets = Array(lines.map { $0 + "\r\n" }.joined().utf8)
        var start = 0
        while start < octets.count {
            let end = size < octets.count - start ? start + size : octets.count
            take(Array(octets[start..<end]))
            start = end
        }
        return takeOutput()
    }

    /// Octets of the server arrive.
    mutating func take(_ octets: [UInt8]) {
        session.receive(octets.span.bytes, at: now, into: &outbox)
        drain()
    }

    /// Says nothing until now is later.
    mutating func waits(_ interval: Interval) -> [SMTPClientSession.Action] {
        now += interval
        let count = actions.count
        session.deadlineReached(at: now, into: &outbox)
        drain()
        return Array(actions.dropFirst(count))
    }

    mutating func hangUp() {
        session.peerClosed(at: now, into: &outbox)
        drain()
    }

    mutating func takeOutput() -> String {
        var octets: [UInt8] = []
        session.takeOutput(upTo: .max, into: &octets, at: now)
        return String(decoding: octets, as: UTF8.self)
    }

    private mutating func drain() {
        while let action = outbox.next() {
            actions.append(action)
            if case .wantsAnswer = action { session.answer(answers.removeFirst(), at: now, into: &outbox) }
            if case .recipientsLeft(let paths) = action { left += paths }
            guard action == .wantsMessage else { continue }
            session.nextMessage(nextMessage(), at: now, into: &outbox)
        }
    }

    // The rest of the last one comes first.
    private mutating func nextMessage() -> OutgoingMessage? {
        if left.isEmpty {
            underway = messages.isEmpty ? nil : messages.removeFirst()
        } else {
            underway = underway?.addressed(to: left)
            left = []
        }
        return underway
    }

    /// What became of messages and recipients, without greetings and requests.
    var outcomes: [SMTPClientSession.Action] {
        actions.filter {
            switch $0 {
            case .greeted, .extensions, .wantsMessage, .messageStarted: false
            default: true
            }
        }
    }
}
