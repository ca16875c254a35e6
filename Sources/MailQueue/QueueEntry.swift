public import SMTP
public import Timebase

/// What a queue knows of a message by heart: all that decides whether and when it goes. The rest is in the store.
///
/// It takes 48 octets, whatever the message says, so that millions can wait.
public struct QueueEntry: Hashable, Sendable {
    /// The queue's number for the message.
    public let id: MessageID
    /// The size of its content in octets.
    public let size: Int
    /// When it was accepted.
    public let arrival: Instant
    /// Before this instant it is not tried unless its domain asks.
    public internal(set) var notBefore: Instant
    /// How urgent it is.
    public let priority: MessagePriority
    /// Whether its sender was told that it waits.
    public internal(set) var wasDelayed: Bool
    /// Whether an operator keeps it back.
    public let isOnHold: Bool
    /// It was taken out, and its place not yet closed.
    var isGone = false
    /// The run of its domain queue that has tried it last.
    var triedInRun: UInt32 = 0

    /// The entry of a message.
    public init(
        id: MessageID, size: Int, arrival: Instant, notBefore: Instant, priority: MessagePriority, wasDelayed: Bool,
        isOnHold: Bool = false
    ) {
        self.id = id
        self.size = size
        self.arrival = arrival
        self.notBefore = notBefore
        self.priority = priority
        self.wasDelayed = wasDelayed
        self.isOnHold = isOnHold
    }

    /// The entry of a message that is at hand.
    public init(_ message: HeldMessage) {
        self.init(
            id: message.id, size: message.size, arrival: message.arrival, notBefore: message.notBefore,
            priority: message.envelope.options.priority, wasDelayed: message.wasDelayed, isOnHold: message.isOnHold)
    }
}
