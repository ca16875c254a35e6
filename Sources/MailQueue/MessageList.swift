import SMTP
import Timebase

/// The messages of one domain in the order in which they arrived.
///
/// Appending and removing cost O(1) amortised, finding by number O(log n). Removed messages leave holes until they are
/// more than the messages.
struct MessageList: Sendable {
    private var ids: [MessageID] = []
    private var slots: [HeldMessage?] = []
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
    mutating func append(_ message: HeldMessage) {
        ids.append(message.id)
        slots.append(message)
        count += 1
        if message.envelope.options.priority != .normal { prioritisedCount += 1 }
        octets += message.size
    }

    /// The message of a number.
    subscript(id: MessageID) -> HeldMessage? { slot(of: id).flatMap { slots[$0] } }

    /// The first message in a slot not before the given one for which the condition holds; nil begins at the front.
    func first(
        from slot: Int? = nil, where condition: (HeldMessage) -> Bool
    ) -> (slot: Int, message: HeldMessage)? {
        var slot = max(slot ?? firstSlot, firstSlot)
        while slot < slots.count {
            if let message = slots[slot], condition(message) { return (slot, message) }
            slot += 1
        }
        return nil
    }

    /// The first message with a number above another, held or not. O(log n).
    func first(after id: MessageID?) -> HeldMessage? {
        guard let id else { return first { _ in true }?.message }
        return first(from: lowerBound(of: id), where: { $0.id > id })?.message
    }

    /// All messages in order.
    var all: [HeldMessage] { slots.compactMap { $0 } }

    /// When the first of them may be tried unasked. O(n).
    var earliestAttempt: Instant? {
        slots.reduce(nil) { earliest, message in
            guard let due = message?.notBefore else { return earliest }
            return min(earliest ?? due, due)
        }
    }

    /// Changes a message; what is changed is not its number or content.
    mutating func update(_ id: MessageID, _ change: (inout HeldMessage) -> Void) {
        guard let slot = slot(of: id), var message = slots[slot] else { return }
        change(&message)
        slots[slot] = message
    }

    /// Takes a message out.
    mutating func remove(_ id: MessageID) {
        guard let slot = slot(of: id), let message = slots[slot] else { return }
        slots[slot] = nil
        count -= 1
        if message.envelope.options.priority != .normal { prioritisedCount -= 1 }
        octets -= message.size
        while firstSlot < slots.count, slots[firstSlot] == nil { firstSlot += 1 }
        if slots.count > 2 * count + 32 { closeHoles() }
    }

    private mutating func closeHoles() {
        let live = slots.indices.filter { slots[$0] != nil }
        cursor = live.firstIndex { $0 >= cursor } ?? live.count
        ids = live.map { ids[$0] }
        slots = live.map { slots[$0] }
        firstSlot = 0
    }

    private func slot(of id: MessageID) -> Int? {
        let slot = lowerBound(of: id)
        return slot < ids.count && ids[slot] == id ? slot : nil
    }

    /// The first slot whose number is not below another.
    private func lowerBound(of id: MessageID) -> Int {
        var (low, high) = (firstSlot, ids.count)
        while low < high {
            let middle = low + (high - low) / 2
            if ids[middle] < id { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
