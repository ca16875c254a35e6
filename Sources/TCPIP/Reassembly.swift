import Wire

/// Data that came before its turn, in ranges that do not overlap.
///
/// Offsets count from the next octet that is expected. Losses are rare and a window holds few segments, so the ranges
/// are a short sorted array.
struct Reassembly: Sendable {
    private struct Piece: Sendable {
        var offset: Int
        var octets: [UInt8]
        var end: Int { offset + octets.count }
    }

    private var pieces: [Piece] = []

    var isEmpty: Bool { pieces.isEmpty }

    /// Keeps octets that begin `offset` after the next expected one. What is there already stays as it came first.
    mutating func insert(_ octets: RawSpan, at offset: Int) {
        var start = offset
        let end = offset + octets.byteCount
        var index = 0
        while start < end {
            while index < pieces.count && pieces[index].end <= start { index += 1 }
            if index < pieces.count && pieces[index].offset <= start {
                start = pieces[index].end
                continue
            }
            let stop = index < pieces.count ? min(end, pieces[index].offset) : end
            var piece = Piece(offset: start, octets: [])
            piece.octets.append(octets.extracting((start - offset)..<(stop - offset)))
            pieces.insert(piece, at: index)
            start = stop
        }
    }

    /// The next expected octet has moved on: hands over what has its turn now.
    /// - Returns: how many octets were appended to `ring`.
    mutating func advance(by count: Int, into ring: inout OctetRing) -> Int {
        for index in pieces.indices { pieces[index].offset -= count }
        var delivered = 0
        while let first = pieces.first, first.offset <= delivered {
            let skip = delivered - first.offset
            if skip < first.octets.count {
                ring.append(first.octets.span.bytes.extracting(skip..<first.octets.count))
                delivered += first.octets.count - skip
            }
            pieces.removeFirst()
        }
        for index in pieces.indices { pieces[index].offset -= delivered }
        return delivered
    }
}
