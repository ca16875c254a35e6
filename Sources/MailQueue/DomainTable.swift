import SMTP

/// The queues of all domains, each at an index that never changes and found by the domain's name.
///
/// Made for a million domains whose memory is cold: to find one costs a miss for its slot, one for the queue and one
/// for its name. What grows by doubling are the slots alone, eight octets each, and they move without a look at the
/// names: nobody waits long for it. The queues lie in chunks and stay where they are.
struct DomainTable: Sendable {
    /// A part of the name's hash, and the index of the queue; negative when the slot is free.
    private struct Slot: Sendable {
        var hash: UInt32 = 0
        var index: Int32 = -1
    }

    private static let chunkSize = 512

    // A power of two of them, half at the most in use.
    private var slots = Array(repeating: Slot(), count: 16)
    private var chunks: [[DomainQueue]] = []
    /// How many queues there are.
    private(set) var count = 0

    /// The indices of all queues, in the order in which they were added.
    var indices: Range<Int> { 0..<count }

    /// The queue at an index, where it lies.
    subscript(index: Int) -> DomainQueue {
        _read { yield chunks[index / DomainTable.chunkSize][index % DomainTable.chunkSize] }
        _modify { yield &chunks[index / DomainTable.chunkSize][index % DomainTable.chunkSize] }
    }

    /// Where the queue of a domain is; nil when there is none. O(1).
    func index(of domain: Domain) -> Int? {
        let hash = DomainTable.hash(of: domain)
        var place = Int(hash) & (slots.count - 1)
        while slots[place].index >= 0 {
            if slots[place].hash == hash, self[Int(slots[place].index)].domain == domain {
                return Int(slots[place].index)
            }
            place = (place + 1) & (slots.count - 1)
        }
        return nil
    }

    /// Adds the queue of a domain that has none. O(1) amortised.
    mutating func append(_ queue: DomainQueue) {
        if 2 * (count + 1) > slots.count { grow() }
        insert(Slot(hash: DomainTable.hash(of: queue.domain), index: Int32(count)))
        if count % DomainTable.chunkSize == 0 {
            chunks.append([])
            // The first chunk grows with what is in it: most queues have a few domains.
            if count > 0 { chunks[chunks.count - 1].reserveCapacity(DomainTable.chunkSize) }
        }
        chunks[chunks.count - 1].append(queue)
        count += 1
    }

    private mutating func insert(_ slot: Slot) {
        var place = Int(slot.hash) & (slots.count - 1)
        while slots[place].index >= 0 { place = (place + 1) & (slots.count - 1) }
        slots[place] = slot
    }

    private mutating func grow() {
        let former = slots
        slots = Array(repeating: Slot(), count: 2 * former.count)
        for slot in former where slot.index >= 0 { insert(slot) }
    }

    // FNV-1a, mixed once more because the lowest bits choose the slot.
    private static func hash(of domain: Domain) -> UInt32 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for octet in domain.folded.utf8 { hash = (hash ^ UInt64(octet)) &* 0x0000_0100_0000_01b3 }
        return UInt32(truncatingIfNeeded: hash ^ (hash >> 32))
    }
}
