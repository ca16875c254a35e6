public import SMTP
public import Timebase

/// What ETRN is told (RFC 1985 §5.1), always in one line.
public struct FlushAnswer: Hashable, Sendable {
    /// What became of the request.
    public enum Verdict: Hashable, Sendable {
        /// A run of the queue goes on already and takes everything along: so many messages.
        case alreadyRunning(messages: Int)
        /// Nothing is held, and nothing is under way.
        case nothingWaiting
        /// So many messages are held, and a connection is tried now.
        case started(messages: Int)
        /// Nothing can be started.
        case unable(Obstacle)
        /// The client may not ask for this.
        case notAllowed(Objection)
    }

    /// Why nothing can be started now.
    public enum Obstacle: Hashable, Sendable {
        /// The queue's store does not work.
        case storeFailed
        /// The domain had its last flush a moment ago.
        case tooSoon(wait: Interval)
        /// Too many domains are being flushed.
        case tooManyFlushes
        /// This call has brought what it may.
        case budgetSpent
        /// What waits is too large for this hour.
        case tooLarge
    }

    /// Why a client may not ask.
    public enum Objection: Hashable, Sendable {
        /// No mail is held on demand under that name.
        case notHeldHere
        /// It is held for somebody else.
        case notYours
        /// It takes in domains that are held for somebody else.
        case tooWide
        /// No queue has that name.
        case noSuchQueue
    }

    /// What was asked for.
    public let argument: ETRNArgument
    /// What became of it.
    public let verdict: Verdict

    /// The reply code. 252 is not among them, since the number of messages is always known.
    public var code: Int {
        switch verdict {
        case .alreadyRunning: 250
        case .nothingWaiting: 251
        case .started: 253
        case .unable: 458
        case .notAllowed: 459
        }
    }

    /// The enhanced status code (RFC 3463), as in `2.5.0`.
    public var enhancedStatus: String {
        switch verdict {
        case .alreadyRunning: "2.0.0"
        case .nothingWaiting, .started: "2.5.0"
        case .unable(.storeFailed): "4.3.0"
        case .unable: "4.5.0"
        case .notAllowed: "4.7.1"
        }
    }

    /// The text after the codes, worded as in RFC 1985 §5.1.
    public var text: String {
        switch verdict {
        case .alreadyRunning: "OK, queuing for node \(argument) started"
        case .nothingWaiting: "OK, no messages waiting for node \(argument)"
        case .started(let messages): "OK, \(messages) pending messages for node \(argument) started"
        case .unable(let obstacle): "Unable to queue messages for node \(argument): \(obstacle)"
        case .notAllowed(let objection): "Node \(argument) not allowed: \(objection)"
        }
    }
}

extension FlushAnswer {
    /// The answer for a server session, which may have words of its own for it.
    public var etrnAnswer: ETRNAnswer {
        let status = EnhancedStatusCode(parsing: Array(enhancedStatus.utf8)[...])
        return ETRNAnswer(situation, messages: messages, reply: SMTPReply(code, status, text))
    }

    private var messages: Int {
        switch verdict {
        case .alreadyRunning(let messages), .started(let messages): messages
        case .nothingWaiting, .unable, .notAllowed: 0
        }
    }

    private var situation: ETRNSituation {
        switch verdict {
        case .alreadyRunning: .alreadyRunning
        case .nothingWaiting: .nothingWaiting
        case .started: .waiting
        case .unable: .unable
        case .notAllowed(.notHeldHere): .unknownName
        case .notAllowed(.noSuchQueue): .unknownQueue
        case .notAllowed(.notYours), .notAllowed(.tooWide): .notAllowed
        }
    }
}

extension [FlushAnswer.Obstacle] {
    /// The one to be told of when each stands in the way of another domain: a rule before a wait, the longest of waits;
    /// nil when there is none.
    var foremost: FlushAnswer.Obstacle? {
        var longest: Interval?
        for obstacle in self {
            guard case .tooSoon(let wait) = obstacle else { return obstacle }
            longest = Swift.max(longest ?? wait, wait)
        }
        return longest.map { .tooSoon(wait: $0) }
    }
}

extension FlushAnswer.Obstacle: CustomStringConvertible {
    /// The reason as a client reads it.
    public var description: String {
        switch self {
        case .storeFailed: "queue not available"
        case .tooSoon(let wait): "last flush too recent, try again in \((wait.nanoseconds - 1) / 1_000_000_000 + 1) s"
        case .tooManyFlushes: "too many flushes running"
        case .budgetSpent: "this call has brought what it may, call again"
        case .tooLarge: "what waits is too large for this hour"
        }
    }
}

extension FlushAnswer.Objection: CustomStringConvertible {
    /// The reason as a client reads it.
    public var description: String {
        switch self {
        case .notHeldHere: "no mail is held for it here"
        case .notYours: "not one of your domains"
        case .tooWide: "not all of it is yours"
        case .noSuchQueue: "no such queue"
        }
    }
}
