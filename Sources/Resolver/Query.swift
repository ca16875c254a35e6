import Timebase
import Wire

/// A question that has been sent, to one server after the other, and not been answered yet.
struct Query: Sendable {
    /// One server asked once. Each time has a port and an id of its own, so that nobody who does not see them can
    /// answer in the server's place (RFC 5452 §9).
    struct Attempt: Sendable {
        let server: Int
        let id: UInt16
        /// How long the server may take.
        let wait: Interval
        var port: UInt16
        /// The connection on which it is asked again, when its response did not fit into a datagram.
        var stream: Resolver.StreamID?
        /// What has come on the connection.
        var received: [UInt8] = []
    }

    let question: DNSQuestion
    /// The attempts that may still be answered: a late response is as good as any.
    var attempts: [Attempt] = []
    /// The attempt that is waited for.
    var current = 0
    /// When it has taken too long.
    var deadline = Instant.distantFuture
    /// How many ports the driver could not open.
    var refusedPorts = 0

    // Which servers have said that they will not answer, or cannot be reached.
    private var isUnfit: [Bool]
    private var turn = 0

    init(_ question: DNSQuestion, servers: Int) {
        self.question = question
        isUnfit = Array(repeating: false, count: servers)
    }

    /// The server of an attempt need not be asked again.
    mutating func serverIsUnfit(ofAttempt attempt: Int) { isUnfit[attempts[attempt].server] = true }

    /// Which server is asked next, and in which round; nil when all have been asked often enough. Every server is asked
    /// once before any is asked again (DNS-9).
    mutating func takeTurn(rounds: Int) -> (server: Int, round: Int)? {
        while turn < rounds * isUnfit.count {
            defer { turn += 1 }
            let server = turn % isUnfit.count
            if !isUnfit[server] { return (server, turn / isUnfit.count) }
        }
        return nil
    }

    /// The octets that ask an attempt's server.
    func message(ofAttempt attempt: Int) -> DNSMessage { DNSMessage(asking: question, id: attempts[attempt].id) }

    /// What a message does to an attempt.
    enum Verdict {
        /// It answers the question.
        case answer(DNSMessage)
        /// It did not fit: the question must be asked by TCP.
        case truncated
        /// The server cannot answer: another one must be asked.
        case unfit
        /// It has nothing to do with the question.
        case stranger
    }

    /// Judges what has come from an attempt's server, to its port or on its connection (DNS-8).
    func verdict(on message: RawSpan, ofAttempt attempt: Int, byTCP: Bool) -> Verdict {
        guard let message = try? DNSMessage(parsing: message), message.isResponse, message.opcode == .query,
            message.id == attempts[attempt].id
        else { return .stranger }
        // Who could not read the query cannot repeat its question.
        let isUnread = message.responseCode == .formatError && message.questions.isEmpty
        guard message.questions == [question] || isUnread else { return .stranger }
        switch message.responseCode {
        case .noError, .nameError:
            if message.isTruncated { return byTCP ? .unfit : .truncated }
            return message.isReferral ? .unfit : .answer(message)
        default: return .unfit
        }
    }
}

extension DNSMessage {
    /// Whether it only says who would know: from a server that does not ask others. That is no proof of absence.
    fileprivate var isReferral: Bool {
        responseCode == .noError && !isAuthoritative && answers.isEmpty && authorities.contains { $0.type == .ns }
            && !authorities.contains { $0.type == .soa }
    }
}
