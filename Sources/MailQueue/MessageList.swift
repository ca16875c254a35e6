import SMTP
import Timebase

/// The messages of one domain in the order in which they arrived.
///
/// Appending and removing cost O(1) amortised, finding by number O(log n). Removed messages leave holes until they are
/// more than the messages.
struct MessageList: Sendable {
    private var entries: [QueueEntry] = []
    private var firstSlot = 0
    /// How many messages there are.
    private(set) var count = 0
    /// How many have a priority of their own.
    private(set) var prioritisedCount = 0
    /// The size of all of them in octets.
    private(set) var octets = 0
    /// The slot from which a run seeks its next message.
    var cursor = 0

    var isEmpty: Bool { count == 0 }

    /// Adds a message with a number above all others.
    mutating func append(_ entry: QueueEntry) {
        entries.append(entry)
        count += 1
        if entry.priority != .normal { prioritisedCount += 1 }
        octets += entry.size
    }

    /// Puts a message where its number belongs; what seeks the next message comes by there again. O(n).
    mutating func insert(_ entry: QueueEntry) {
        let slot = lowerBound(of: entry.id)
        entries.insert(entry, at: slot)
        cursor = min(cursor, slot)
        count += 1
        if entry.priority != .normal { prioritisedCount += 1 }
        octets += entry.size
    }

    /// The message of a number.
    subscript(id: MessageID) -> QueueEntry? { slot(of: id).map { entries[$0] } }

    /// The first message in a slot not before the given one for which the condition holds; nil begins at the front.
    func first(
        from slot: Int? = nil, where condition: (QueueEntry) -> Bool
    ) -> (slot: Int, entry: QueueEntry)? {
        var slot = max(slot ?? firstSlot, firstSlot)
        while slot < entries.count {
            if !entries[slot].isGone, condition(entries[slot]) { return (slot, entries[slot]) }
            slot += 1
        }
        return nil
    }

    /// The first message with a number above another, held or not. O(log n).
    func first(after id: MessageID?) -> QueueEntry? {
        guard let id else { return first { _ in true }?.entry }
        return first(from: lowerBound(of: id), where: { $0.id > id })?.entry
    }

    /// All messages in order.
    var all: [QueueEntry] { entries.filter { !$0.isGone } }

    /// When the first of them may be tried unasked, but not before an instant. O(n), and O(1) when the first has been
    /// due by then, as all are while nobody reaches their host.
    func earliestAttempt(notBefore floor: Instant) -> Instant? {
        var earliest: Instant?
        for entry in entries[firstSlot...] where !entry.isGone {
            guard entry.notBefore > floor else { return floor }
            earliest = min(earliest ?? entry.notBefore, entry.notBefore)
        }
        return earliest
    }

    /// Changes a message; what is changed is not its number or size.
    mutating func update(_ id: MessageID, _ change: (inout QueueEntry) -> Void) {
        if let slot = slot(of: id) { change(&entries[slot]) }
    }

    /// Takes a message out.
    mutating func remove(_ id: MessageID) {
        guard let slot = slot(of: id) else { return }
        entries[slot].isGone = true
        count -= 1
        if entries[slot].priority != .normal { prioritisedCount -= 1 }
        octets -= entries[slot].size
        while firstSlot < entries.count, entries[firstSlot].isGone { firstSlot += 1 }
        if entries.count > 2 * count + 32 { closeHoles() }
    }

    private mutating func closeHoles() {
        cursor = entries[..<min(cursor, entries.count)].count { !$0.isGone }
        entries = all
        firstSlot = 0
    }

    private func slot(of id: MessageID) -> Int? {
        let slot = lowerBound(of: id)
        return slot < entries.count && entries[slot].id == id && !entries[slot].isGone ? slot : nil
    }

    /// The first slot whose number is not below another.
    private func lowerBound(of id: MessageID) -> Int {
        var (low, high) = (firstSlot, entries.count)
        while low < high {
            let middle = low + (high - low) / 2
            if entries[middle].id < id { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
