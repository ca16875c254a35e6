public import SMTP
public import Timebase

/// What one run of a domain's queue came to.
public struct FlushSummary: Hashable, Sendable {
    /// How it ended.
    public enum Outcome: Hashable, Sendable {
        /// Every message was tried.
        case completed
        /// No connection came about, and the attempts are used up.
        case connectFailed(reason: String)
        /// The connection broke, and the attempts at another are used up.
        case connectionLost
        /// The link to the domain's host went down.
        case linkDown
    }

    /// The domain.
    public let domain: Domain
    /// When it began.
    public let began: Instant
    /// When it ended.
    public internal(set) var ended: Instant
    /// Whether the domain, or an operator, asked for it; otherwise the retry schedule did.
    public internal(set) var wasAsked: Bool
    /// How it ended.
    public internal(set) var outcome = Outcome.completed
    /// How often a connection was tried; none when the mail went over the one that the domain's host had made.
    public internal(set) var connections = 0
    /// Messages that all their recipients have now.
    public internal(set) var delivered = 0
    /// The size of those in octets.
    public internal(set) var octets = 0
    /// How many of the delivered ones had possibly been delivered before.
    public internal(set) var possibleDuplicates = 0
    /// Messages that were put off by a reply.
    public internal(set) var deferred = 0
    /// Messages that were refused for good.
    public internal(set) var refused = 0
    /// Messages whose end of data was never answered: they stay, and may arrive twice.
    public internal(set) var unanswered = 0
    /// Messages that were not handed out, since the call had brought what it may or the hour was not theirs.
    public internal(set) var heldBack = 0
    /// Messages still held when it ended.
    public internal(set) var left = 0

    init(domain: Domain, began: Instant, wasAsked: Bool) {
        self.domain = domain
        self.began = began
        self.wasAsked = wasAsked
        ended = began
    }
}
