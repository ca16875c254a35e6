public import SMTP
public import Timebase

/// Where the messages of a queue are kept, so that they outlive the host that has taken them: who has answered 250 to
/// the end of data must not lose a message "because the host later crashes" (RFC 5321 §6.1).
///
/// A batch is kept whole or not at all, and batches become durable in the order in which they were written. What was
/// written can be read at once; whether it is durable, ``durableBatches`` says. A store that needs time has a
/// ``deadline``, or tells its driver.
public protocol QueueStore: Sendable {
    /// Begins to write a batch of changes.
    mutating func write(_ batch: [QueueChange], at now: Instant)
    /// How many of the batches written so far would survive a crash now.
    var durableBatches: Int { get }
    /// When the store must be told the time, if ever.
    var deadline: Instant? { get }
    /// Time has passed.
    mutating func deadlineReached(at now: Instant)
    /// A message as it was last written; nil when it is not there.
    func message(_ id: MessageID) -> HeldMessage?
    /// The highest number of any message that was ever written: numbers are never given twice.
    var lastNumber: Int { get }
    /// Names everything that is kept, in the order of the numbers; for a queue that begins with what is there.
    func forEachEntry(_ body: (Domain, QueueEntry) -> Void)
}

/// A change of what is kept.
public enum QueueChange: Hashable, Sendable {
    /// A message is held from now on.
    case hold(HeldMessage)
    /// Everything but the content of a message may have changed.
    case update(HeldMessage)
    /// A message is gone.
    case remove(MessageID)
}
