// Word-wide searches and bulk copies: the only place of this target with unchecked loads. Each function states the
// bounds it relies on as a precondition.

/// Finds octets eight at a time (Mycroft's test; Hacker's Delight §6-1).
enum OctetSearch {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highBits: UInt64 = 0x8080_8080_8080_8080
    private static let lineFeeds: UInt64 = ones &* 0x0a
    private static let dots: UInt64 = ones &* 0x2e

    /// Where the first line feed is, at or after an index; the number of octets when there is none.
    static func firstLineFeed(in octets: RawSpan, from start: Int) -> Int {
        let count = octets.byteCount
        precondition(start >= 0 && start <= count, "the search begins inside the octets")
        var index = start
        while index &+ 8 <= count {
            let hit = zeroOctets(word(octets, index) ^ lineFeeds)
            if hit != 0 { return index &+ hit.trailingZeroBitCount / 8 }
            index &+= 8
        }
        while index < count, octet(octets, index) != .lineFeed { index &+= 1 }
        return index
    }

    /// Where the first of the control characters 0 to 13 is, except the tab, at or after an index; the number of octets
    /// when there is none.
    ///
    /// Carriage return, line feed and NUL are all among them, so that text is passed over without looking at it twice.
    /// - Parameters:
    ///   - octets: where to look.
    ///   - start: where to begin.
    ///   - highest: gets the bits of all octets passed over: its top bit tells of octets above 127.
    /// - Returns: the index of the control character, or the number of octets.
    static func firstControl(in octets: RawSpan, from start: Int, highest: inout UInt8) -> Int {
        let count = octets.byteCount
        precondition(start >= 0 && start <= count, "the search begins inside the octets")
        var index = start
        var seen: UInt64 = 0
        defer { if seen & highBits != 0 { highest |= 0x80 } }
        while index &+ 8 <= count {
            let eight = word(octets, index)
            let hit = (eight &- ones &* 14) & ~eight & highBits
            if hit != 0 {
                let place = hit.trailingZeroBitCount / 8
                if place > 0 { seen |= eight << UInt64(64 &- 8 &* place) }
                index &+= place
                guard octet(octets, index) == .tab else { return index }
                index &+= 1
            } else {
                seen |= eight
                index &+= 8
            }
        }
        while index < count {
            let value = octet(octets, index)
            if value < 14, value != .tab { return index }
            seen |= UInt64(value)
            index &+= 1
        }
        return index
    }

    /// Where the first dot after a line feed is, the line feed at `start` or later; `end` when there is none before it.
    static func firstDotAfterLineFeed(in octets: RawSpan, from start: Int, to end: Int) -> Int {
        precondition(start >= 0 && start <= end && end <= octets.byteCount, "the search stays inside the octets")
        var index = start
        // Octet n of the first word and octet n + 1 of the second are neighbours: one test finds the pair.
        while index &+ 17 <= end {
            let first = (word(octets, index) ^ lineFeeds) | (word(octets, index &+ 1) ^ dots)
            let second = (word(octets, index &+ 8) ^ lineFeeds) | (word(octets, index &+ 9) ^ dots)
            if zeroOctets(first) | zeroOctets(second) != 0 { break }
            index &+= 16
        }
        while index &+ 1 < end {
            if octet(octets, index) == .lineFeed, octet(octets, index &+ 1) == .dot { return index &+ 1 }
            index &+= 1
        }
        return end
    }

    // The top bit of each octet that is zero. Exact for the lowest of them, which is all that is asked for.
    @inline(__always) private static func zeroOctets(_ word: UInt64) -> UInt64 { (word &- ones) & ~word & highBits }

    @inline(__always) private static func word(_ octets: RawSpan, _ index: Int) -> UInt64 {
        UInt64(littleEndian: unsafe octets.unsafeLoadUnaligned(fromUncheckedByteOffset: index, as: UInt64.self))
    }

    @inline(__always) private static func octet(_ octets: RawSpan, _ index: Int) -> UInt8 {
        unsafe octets.unsafeLoad(fromUncheckedByteOffset: index, as: UInt8.self)
    }
}

extension [UInt8] {
    /// Appends text in one copy.
    mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { unsafe append(contentsOf: $0) }
    }

    /// Appends a part of some octets in one copy.
    mutating func append(_ octets: RawSpan, _ range: Range<Int>) {
        guard !range.isEmpty else { return }
        octets.extracting(range).withUnsafeBytes { part in
            unsafe append(contentsOf: part.bindMemory(to: UInt8.self))
        }
    }
}

extension RawSpan {
    /// The octet at an index inside the span.
    func octet(at index: Int) -> UInt8 { unsafeLoad(fromByteOffset: index, as: UInt8.self) }
}
