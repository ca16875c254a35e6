public import Timebase

// What is held is what the store has written for good.
extension MailQueue {
    /// Writes what has changed since the last time, as one batch: call it at the end of each turn, when all actions
    /// have been carried out.
    /// - Returns: the number of the batch, which ``Action/written(_:)`` names when it is durable; nil when nothing has
    ///   changed.
    @discardableResult
    public mutating func commit(at now: Instant, into outbox: inout Outbox<Action>) -> Int? {
        guard !batch.isEmpty else { return nil }
        store.write(batch, at: now)
        batch.removeAll(keepingCapacity: true)
        batchCount += 1
        storeAdvanced(at: now, into: &outbox)
        return batchCount
    }

    /// The store may have made more durable: new mail in it is held from now on.
    public mutating func storeAdvanced(at now: Instant, into outbox: inout Outbox<Action>) {
        let durableBatches = store.durableBatches
        guard durableBatches > durableCount else { return }
        durableCount = durableBatches
        outbox.append(.written(durableCount))
        while let (number, domain, entry) = unwritten.first, number <= durableCount {
            unwritten.removeFirst()
            change(domain, creating: true, into: &outbox) { $0.hold(entry, at: now, into: &$1) }
        }
    }
}
