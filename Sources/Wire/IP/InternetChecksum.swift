/// The ones' complement sum of IP, ICMP, UDP and TCP (RFC 1071).
///
/// Parts are added in any order as long as each begins at an even offset of the whole. Sixteen-bit words are summed
/// four at a time in a 64-bit word of the machine's own byte order, and folded and turned at the end (RFC 1071 §2B,
/// §2C).
public struct InternetChecksum: Sendable {
    @usableFromInline var sum: UInt64 = 0

    /// The sum of nothing.
    @inlinable public init() {}

    /// Adds octets; an odd one at the end counts as if a zero followed it.
    @inlinable public mutating func add(_ octets: RawSpan) {
        unsafe octets.withUnsafeBytes { buffer in
            var offset = 0
            var total = sum
            while offset + 8 <= buffer.count {
                let word = unsafe buffer.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                let (result, overflow) = total.addingReportingOverflow(word)
                total = overflow ? result &+ 1 : result
                offset += 8
            }
            var last: UInt64 = 0
            var shift: UInt64 = 0
            while offset < buffer.count {
                last |= UInt64(unsafe buffer[offset]) << shift
                shift += 8
                offset += 1
            }
            let (result, overflow) = total.addingReportingOverflow(UInt64(littleEndian: last))
            sum = overflow ? result &+ 1 : result
        }
    }

    /// Adds a 16-bit word, as a pseudo-header has them.
    @inlinable public mutating func add(_ word: UInt16) { add64(UInt64(word.bigEndian)) }

    /// Adds a 32-bit word, such as an address.
    @inlinable public mutating func add(_ word: UInt32) { add64(UInt64(word.bigEndian)) }

    /// The checksum: the complement of the sum, as it stands in a header. Zero when the summed octets contain a right
    /// checksum.
    @inlinable public var value: UInt16 {
        var folded = (sum & 0xFFFF_FFFF) + (sum >> 32)
        while folded >> 16 != 0 { folded = (folded & 0xFFFF) + (folded >> 16) }
        return ~UInt16(truncatingIfNeeded: folded).bigEndian
    }

    @inlinable mutating func add64(_ word: UInt64) {
        let (result, overflow) = sum.addingReportingOverflow(word)
        sum = overflow ? result &+ 1 : result
    }

    /// The sum of the pseudo-header of TCP and UDP (RFC 9293 §3.1).
    /// - Parameters:
    ///   - source: the datagram's source.
    ///   - destination: the datagram's destination.
    ///   - carriedProtocol: 6 or 17.
    ///   - length: header and payload, in octets.
    @inlinable public init(
        pseudoHeaderFrom source: IPv4Address, to destination: IPv4Address, _ carriedProtocol: IPProtocol, length: Int
    ) {
        add(source.rawValue)
        add(destination.rawValue)
        add(UInt16(carriedProtocol.rawValue))
        add(UInt16(truncatingIfNeeded: length))
    }
}
