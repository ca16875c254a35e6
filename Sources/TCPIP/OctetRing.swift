import Wire

/// Octets that come at the end and go at the front, in a ring that grows to what it has to hold and no further.
///
/// Nothing is moved while the ring is large enough, and a window soon is. An empty ring that has been used keeps its
/// memory; ``reset()`` gives it back.
public struct OctetRing: Sendable {
    private var octets: [UInt8] = []
    private var front = 0

    /// How many octets are there.
    public private(set) var count = 0

    /// An empty ring, which takes no memory.
    public init() {}

    /// Whether nothing is there.
    public var isEmpty: Bool { count == 0 }

    /// Puts octets last.
    public mutating func append(_ span: RawSpan) {
        if count + span.byteCount > octets.count { grow(to: count + span.byteCount) }
        let end = wrapped(front + count)
        let straight = min(span.byteCount, octets.count - end)
        octets.overwrite(at: end, with: span.extracting(0..<straight))
        octets.overwrite(at: 0, with: span.extracting(straight..<span.byteCount))
        count += span.byteCount
    }

    /// Takes octets from the front and forgets them.
    public mutating func drop(_ dropped: Int) {
        precondition(dropped <= count, "only what is there can be dropped")
        count -= dropped
        front = count == 0 ? 0 : wrapped(front + dropped)
    }

    /// Copies octets, which stay.
    public func copy(from offset: Int, count copied: Int, to target: inout [UInt8]) {
        precondition(offset + copied <= count, "only what is there can be copied")
        let start = wrapped(front + offset)
        let straight = min(copied, octets.count - start)
        // Spans, since slices would count references for every segment.
        target.append(octets.span.bytes.extracting(start..<(start + straight)))
        if straight < copied { target.append(octets.span.bytes.extracting(0..<(copied - straight))) }
    }

    /// Forgets everything, and the memory too.
    public mutating func reset() { self = OctetRing() }

    private func wrapped(_ index: Int) -> Int { index < octets.count ? index : index - octets.count }

    private mutating func grow(to size: Int) {
        var larger: [UInt8] = []
        larger.reserveCapacity(size)
        if count > 0 { copy(from: 0, count: count, to: &larger) }
        larger.append(contentsOf: repeatElement(0, count: size - count))
        octets = larger
        front = 0
    }
}
