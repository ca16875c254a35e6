public import SMTP
public import Timebase

/// A message that waits for its domain.
///
/// A generated one takes less than 200 octets of memory as long as its envelope comes from a ``Correspondence``.
public struct HeldMessage: Hashable, Sendable {
    /// The queue's number for it.
    public let id: MessageID
    /// Where it comes from and which recipients, all of one domain, have not had it yet.
    public var envelope: Envelope
    /// What it says.
    public let content: MessageContent
    /// When it was accepted.
    public let arrival: Instant
    /// How often it was handed out for delivery.
    public var attempts: UInt32 = 0
    /// Whether a connection died after the end of its data and before the reply: its recipients may have it already,
    /// and will then get it twice (RFC 1047).
    public var possiblyDelivered = false
    /// How often some of its recipients were left out of a transaction, or put off in one. A transfer that broke off
    /// goes on for the recipients it began with (RFC 1845 §5), so each number is another transfer.
    public var division: UInt16 = 0

    /// Before this instant it is not tried unless its domain asks.
    public var notBefore: Instant
    /// Whether its sender was told that it waits.
    public var wasDelayed = false
    /// Whether an operator keeps it back: it is not tried, no flush counts it, and it does not expire.
    public var isOnHold = false
    // None or one, as in an envelope: most messages are delivered at the first attempt.
    private var attempted: [DeliveryAttempt] = []

    /// A message that has just come.
    public init(id: MessageID, envelope: Envelope, content: MessageContent, arrival: Instant) {
        self.id = id
        self.envelope = envelope
        self.content = content
        self.arrival = arrival
        notBefore = arrival
    }

    /// The domain that it is held for.
    public var domain: Domain {
        guard let domain = envelope.forwardPaths.first?.domain else {
            preconditionFailure("a message is held for the domain of its recipients")
        }
        return domain
    }

    /// The last attempt that came to nothing, if there was one.
    public var lastAttempt: DeliveryAttempt? {
        get { attempted.first }
        set { attempted = newValue.map { [$0] } ?? [] }
    }

    /// The size of its content in octets.
    public var size: Int { content.size }

    /// Whether somebody may be told that it failed: never when the reverse-path is null (RFC 5321 §4.5.5).
    public var mayBeReported: Bool { envelope.reversePath != .null }
}

/// An attempt at delivery that came to nothing.
public struct DeliveryAttempt: Hashable, Sendable {
    /// When it ended.
    public let at: Instant
    /// Why the message was put off; nil when the connection broke.
    public let reply: DeliveryReply?

    /// An attempt that has come to nothing.
    public init(at: Instant, reply: DeliveryReply?) {
        self.at = at
        self.reply = reply
    }
}
