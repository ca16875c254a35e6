public import SMTP
public import Timebase

/// A store that keeps everything in memory: as durable as the process, and never late.
public struct MemoryStore: QueueStore {
    // Looked up, never walked.
    private var messages: [MessageID: HeldMessage] = [:]
    /// The highest number of any message that was ever written.
    public private(set) var lastNumber = 0
    /// How many batches were written.
    public private(set) var durableBatches = 0
    /// It is never late.
    public var deadline: Instant? { nil }

    /// An empty store.
    public init() {}

    /// Keeps a batch of changes.
    public mutating func write(_ batch: [QueueChange], at now: Instant) {
        for change in batch {
            switch change {
            case .hold(let message):
                messages[message.id] = message
                lastNumber = max(lastNumber, message.id.number)
            case .update(let message): if messages[message.id] != nil { messages[message.id] = message }
            case .remove(let id): messages[id] = nil
            }
        }
        durableBatches += 1
    }

    /// Nothing to do.
    public mutating func deadlineReached(at now: Instant) {}

    /// A message as it was last written.
    public func message(_ id: MessageID) -> HeldMessage? { messages[id] }

    /// Names everything in the order of the numbers. O(messages ever written).
    public func forEachEntry(_ body: (Domain, QueueEntry) -> Void) {
        for number in 0...lastNumber {
            guard let message = messages[MessageID(number)] else { continue }
            body(message.domain, QueueEntry(message))
        }
    }
}
