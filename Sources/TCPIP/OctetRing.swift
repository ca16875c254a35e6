import Wire

/// Octets that come at the end and go at the front, in one buffer no larger than what it has to hold at most.
///
/// The front is an index. Before the buffer would grow, what is left moves down to its beginning; it also does when the
/// gap there has become the greater part, so every octet moves once on average. An empty ring that has been used keeps
/// its memory; ``reset()`` gives it back.
struct OctetRing: Sendable {
    private var octets: [UInt8] = []
    private var front = 0

    /// How many octets are there.
    var count: Int { octets.count - front }

    var isEmpty: Bool { front == octets.count }

    mutating func append(_ span: RawSpan) {
        if octets.count + span.byteCount > octets.capacity {
            closeGap()
            // Exactly: doubling would be quicker to its end, but a window is soon full and there are many connections.
            octets.reserveCapacity(octets.count + span.byteCount)
        }
        octets.append(span)
    }

    /// Takes octets from the front and forgets them.
    mutating func drop(_ count: Int) {
        precondition(count <= self.count, "only what is there can be dropped")
        front += count
        if front > octets.count / 2 { closeGap() }
    }

    /// Copies octets, which stay.
    func copy(from offset: Int, count: Int, to target: inout [UInt8]) {
        precondition(offset + count <= self.count, "only what is there can be copied")
        target.append(contentsOf: octets[(front + offset)..<(front + offset + count)])
    }

    /// Forgets everything, and the memory too.
    mutating func reset() { self = OctetRing() }

    private mutating func closeGap() {
        guard front > 0 else { return }
        octets.removeSubrange(..<front)
        front = 0
    }
}
