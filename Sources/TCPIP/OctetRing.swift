import Wire

/// Octets that come at the end and go at the front, in one buffer that grows to what it has to hold.
///
/// The front is an index; when it has passed the middle the rest moves down, so every octet moves once on average.
/// An empty ring that has been used keeps its memory; ``reset()`` gives it back.
struct OctetRing: Sendable {
    private var octets: [UInt8] = []
    private var front = 0

    /// How many octets are there.
    var count: Int { octets.count - front }

    var isEmpty: Bool { front == octets.count }

    mutating func append(_ span: RawSpan) { octets.append(span) }

    /// Takes octets from the front and forgets them.
    mutating func drop(_ count: Int) {
        precondition(count <= self.count, "only what is there can be dropped")
        front += count
        if front == octets.count {
            octets.removeAll(keepingCapacity: true)
            front = 0
        } else if front > 4_096 && front > octets.count / 2 {
            octets.removeSubrange(..<front)
            front = 0
        }
    }

    /// Copies octets, which stay.
    func copy(from offset: Int, count: Int, to target: inout [UInt8]) {
        precondition(offset + count <= self.count, "only what is there can be copied")
        target.append(contentsOf: octets[(front + offset)..<(front + offset + count)])
    }

    /// Forgets everything, and the memory too.
    mutating func reset() { self = OctetRing() }
}
