/// The frame check sequence of 16 bits (RFC 1662 appendix C.2): CRC with x¹⁶ + x¹² + x⁵ + 1, lowest bit first.
///
/// Long frames are folded first. Squaring a polynomial over two values squares each of its terms, so the 64th power of
/// the generator is x¹⁰²⁴ + x⁷⁶⁸ + x³²⁰ + 1: a word can be added to the words 4, 11 and 16 further on and be forgotten,
/// and the remainder stays the same. Three exclusive-ors do for eight octets; only the last 128 need the table.
public enum FCS16 {
    /// What a computation starts with.
    public static let initial: UInt16 = 0xFFFF
    /// What it ends with over a good frame and its FCS.
    public static let good: UInt16 = 0xF0B8

    /// The FCS of a frame, to be sent low octet first.
    public static func checksum(of frame: RawSpan) -> UInt16 { ~update(initial, over: frame) }

    /// Takes one octet in.
    public static func update(_ fcs: UInt16, octet: UInt8) -> UInt16 {
        fcs >> 8 ^ tables[Int(UInt8(truncatingIfNeeded: fcs) ^ octet)]
    }

    /// Takes octets in.
    /// - Parameters:
    ///   - fcs: what has been computed up to here, or ``initial``.
    ///   - octets: what comes next.
    /// - Returns: the computation's state, not yet complemented.
    public static func update(_ fcs: UInt16, over octets: RawSpan) -> UInt16 {
        let wordCount = octets.byteCount / 8
        var fcs = fcs
        var index = 0
        unsafe tables.withUnsafeBufferPointer { tables in
            if wordCount >= 2 * foldedWords {
                var pending = [16 of UInt64](repeating: 0)
                pending[0] = UInt64(fcs)
                fold(octets, to: wordCount - foldedWords, pending: &pending)
                fcs = 0
                index = wordCount - foldedWords
                while index < wordCount {
                    let word = octets.word(uncheckedAt: index * 8) ^ pending[index % foldedWords]
                    fcs = unsafe slice(word, after: fcs, tables)
                    index += 1
                }
            } else {
                while index < wordCount {
                    fcs = unsafe slice(octets.word(uncheckedAt: index * 8), after: fcs, tables)
                    index += 1
                }
            }
            for offset in wordCount * 8..<octets.byteCount {
                let octet = UInt8(truncatingIfNeeded: fcs) ^ octets.octet(uncheckedAt: offset)
                fcs = unsafe fcs >> 8 ^ tables[Int(octet)]
            }
        }
        return fcs
    }

    private static let foldedWords = 16

    // `pending[i % 16]` is what the words before i have left to be added to word i.
    private static func fold(_ octets: RawSpan, to end: Int, pending: inout [16 of UInt64]) {
        var index = 0
        while index < end {
            let word = octets.word(uncheckedAt: index * 8) ^ pending[index & 15]
            pending[index & 15] = word
            pending[(index + 4) & 15] ^= word
            pending[(index + 11) & 15] ^= word
            index += 1
        }
    }

    // Eight octets at once: table k holds what an octet becomes when k more octets follow it. Only the first two wait
    // for the octets before; the processor looks the other six up ahead of time.
    @inline(__always)
    private static func slice(_ word: UInt64, after fcs: UInt16, _ tables: UnsafeBufferPointer<UInt16>) -> UInt16 {
        @inline(__always) func entry(_ position: UInt64, _ word: UInt64) -> UInt16 {
            unsafe tables[Int((7 - position) << 8 | word >> (position * 8) & 0xFF)]
        }
        let ahead = entry(2, word) ^ entry(3, word) ^ entry(4, word) ^ entry(5, word)
        let last = entry(6, word) ^ entry(7, word)
        let first = word & 0xFFFF ^ UInt64(fcs)
        return ahead ^ last ^ (entry(0, first) ^ entry(1, first))
    }

    // Eight tables of 256, one after the other; the first is the RFC's.
    private static let tables: [UInt16] = {
        var tables: [UInt16] = []
        tables.reserveCapacity(2048)
        for octet in UInt16(0)..<256 {
            tables.append((0..<8).reduce(octet) { value, _ in value & 1 == 1 ? value >> 1 ^ 0x8408 : value >> 1 })
        }
        for index in 256..<2048 {
            let before = tables[index - 256]
            tables.append(before >> 8 ^ tables[Int(before & 0xFF)])
        }
        return tables
    }()
}
