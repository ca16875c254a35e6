public import Timebase

/// What one run of a domain's queue came to, as the server host reports it.
public struct FlushReport: Hashable, Sendable {
    /// Whose mail it was.
    public var domain: String
    /// How long it took, from its beginning to its end.
    public var took: Interval
    /// How often a connection was tried.
    public var connections: Int
    /// Messages that all their recipients have now.
    public var delivered: Int
    /// The size of those in octets.
    public var octets: Int
    /// Messages put off by a 4yz reply.
    public var deferred: Int
    /// Messages refused by a 5yz reply.
    public var refused: Int
    /// Messages whose end of data was never answered: they stay, and may arrive twice (RFC 1047).
    public var unanswered: Int
    /// Delivered messages that may have been delivered before.
    public var possibleDuplicates: Int
    /// Messages that were not handed out: too large for the hour, or more than the call may bring.
    public var heldBack: Int
    /// Messages still held when it ended.
    public var left: Int

    /// A report; what is not said is nothing.
    public init(
        domain: String, took: Interval = .zero, connections: Int = 0, delivered: Int = 0, octets: Int = 0,
        deferred: Int = 0, refused: Int = 0, unanswered: Int = 0, possibleDuplicates: Int = 0, heldBack: Int = 0,
        left: Int = 0
    ) {
        self.domain = domain
        self.took = took
        self.connections = connections
        self.delivered = delivered
        self.octets = octets
        self.deferred = deferred
        self.refused = refused
        self.unanswered = unanswered
        self.possibleDuplicates = possibleDuplicates
        self.heldBack = heldBack
        self.left = left
    }

    var fields: [Field] {
        [
            .text("domain", domain), .number("took-milliseconds", Int(took.nanoseconds / 1_000_000)),
            .number("connections", connections), .number("delivered", delivered), .number("octets", octets),
            .number("deferred", deferred), .number("refused", refused), .number("unanswered", unanswered),
            .number("possible-duplicates", possibleDuplicates), .number("held-back", heldBack), .number("left", left),
        ]
    }
}
