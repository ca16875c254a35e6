/// PPP on an asynchronous line: flags, escapes and FCS around a frame (RFC 1662 §4).
///
/// A simulated line needs to know how long a frame takes, not what it looks like, so counting comes without building.
public enum AsyncFraming {
    /// Begins and ends a frame.
    public static let flag: UInt8 = 0x7E
    /// Says that the next octet has its sixth bit turned.
    public static let escape: UInt8 = 0x7D
    /// The map of a link on which nothing is negotiated: every control character is escaped (RFC 1662 §7.1).
    public static let defaultMap: UInt32 = 0xFFFF_FFFF

    /// How many octets a frame takes on the line: both flags, the escapes and the FCS. It is the length of what
    /// `encode` builds. A frame that follows another at once may do with that one's closing flag, and is an octet
    /// shorter then.
    /// - Parameters:
    ///   - frame: the frame from `FF 03` on, without FCS.
    ///   - accm: the control characters to be escaped. Frames with an empty map, or one of few characters, are counted
    ///     fastest.
    /// - Returns: the count of octets.
    public static func escapedOctetCount(of frame: RawSpan, accm: UInt32) -> Int {
        let fcs = FCS16.checksum(of: frame)
        var escapes = count(in: frame, hits: flagsAndEscapes)
        if accm != 0 { escapes += controlCharacterCount(in: frame, of: accm) }
        if needsEscape(UInt8(truncatingIfNeeded: fcs), accm) { escapes += 1 }
        if needsEscape(UInt8(truncatingIfNeeded: fcs >> 8), accm) { escapes += 1 }
        return frame.byteCount + escapes + 4
    }

    /// Builds what the line carries: a flag, the frame and its FCS with escapes, a flag.
    /// - Parameters:
    ///   - frame: the frame from `FF 03` on, without FCS.
    ///   - accm: the control characters to be escaped.
    ///   - octets: where the octets are added.
    public static func encode(_ frame: RawSpan, accm: UInt32, into octets: inout [UInt8]) {
        func append(_ octet: UInt8) {
            if needsEscape(octet, accm) {
                octets.append(escape)
                octets.append(octet ^ 0x20)
            } else {
                octets.append(octet)
            }
        }
        octets.append(flag)
        for offset in 0..<frame.byteCount { append(frame[octet: offset]) }
        let fcs = FCS16.checksum(of: frame)
        append(UInt8(truncatingIfNeeded: fcs))
        append(UInt8(truncatingIfNeeded: fcs >> 8))
        octets.append(flag)
    }

    private static func needsEscape(_ octet: UInt8, _ accm: UInt32) -> Bool {
        octet == flag || octet == escape || octet < 0x20 && accm >> UInt32(octet) & 1 == 1
    }

    // One quick pass for each character of the map, or, when most are in it, for each that is not.
    private static func controlCharacterCount(in frame: RawSpan, of accm: UInt32) -> Int {
        let isDense = accm.nonzeroBitCount > 16
        var characters = isDense ? ~accm : accm
        var single = 0
        while characters != 0 {
            let octets = ones &* UInt64(characters.trailingZeroBitCount)
            single += count(in: frame) { zeros($0 ^ octets) }
            characters &= characters - 1
        }
        return isDense ? count(in: frame) { zeros($0 & (ones &* 0xE0)) } - single : single
    }

    // Eight octets at a time. The closure sets the highest bit of each octet that counts. The bits are summed octet by
    // octet, which would overflow after 255 words, hence the two loops.
    @inline(__always)
    private static func count(in frame: RawSpan, hits: (UInt64) -> UInt64) -> Int {
        let end = frame.byteCount & ~7
        var total: UInt64 = 0
        var offset = 0
        while offset < end {
            let stop = min(end, offset &+ 248 * 8)
            var sums: UInt64 = 0
            while offset < stop {
                sums &+= hits(frame.word(uncheckedAt: offset)) >> 7
                offset &+= 8
            }
            // Neighbours first, so that the sum of all has 16 bits to grow into.
            let pairs = (sums & 0x00FF_00FF_00FF_00FF) &+ (sums >> 8 & 0x00FF_00FF_00FF_00FF)
            total += (pairs &* 0x0001_0001_0001_0001) >> 48
        }
        var rest = UInt64.max
        while offset < frame.byteCount {
            rest = rest << 8 | UInt64(frame.octet(uncheckedAt: offset))
            offset += 1
        }
        return Int(total) + hits(rest).nonzeroBitCount
    }

    private static let ones: UInt64 = 0x0101_0101_0101_0101

    // 7D and 7E: the lower seven bits are at least 7D but not 7F, and the highest is clear.
    @inline(__always)
    private static func flagsAndEscapes(_ word: UInt64) -> UInt64 {
        let lower = word & (ones &* 0x7F)
        return (lower &+ (ones &* 0x03)) & ~(lower &+ ones) & ~word & (ones &* 0x80)
    }

    // Octets of nothing but zeros. No sum carries into the next octet.
    @inline(__always)
    private static func zeros(_ word: UInt64) -> UInt64 {
        let lower = word & (ones &* 0x7F)
        return ~((lower &+ (ones &* 0x7F)) | word) & (ones &* 0x80)
    }
}
