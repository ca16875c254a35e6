/// Why octets are not a PPP frame.
public enum PPPFrameError: Error, Hashable, Sendable {
    /// They end before the protocol number does.
    case truncated
    /// An address of FF whose control field is not 03, the only one there is (RFC 1662 §3.1).
    case badControl
}

/// What stands before the information in a PPP frame: address, control and protocol (RFC 1662 §3.1).
///
/// A frame is what the line carries once flags, escapes and FCS are gone. It is written with `FF 03` and a protocol of
/// two octets always; it may arrive without the former (address and control field compression, RFC 1661 §6.6) and with
/// one octet for the latter (protocol field compression, §6.5), even from a peer that never asked.
public struct PPPFrame: Hashable, Sendable {
    /// What the frame carries. Not every number is a valid one (``PPPProtocol/isValid``).
    public let carriedProtocol: PPPProtocol
    /// How many octets come before the information.
    public let headerLength: Int

    /// The octets of an uncompressed header: FF, 03 and the protocol.
    public static let fullHeaderLength = 4

    /// Reads the header of a frame.
    /// - Parameter frame: the frame without flags, escapes and FCS.
    /// - Throws: ``PPPFrameError`` when there is no whole header.
    @inlinable public init(parsing frame: RawSpan) throws(PPPFrameError) {
        var offset = 0
        if frame.byteCount > 0, frame[octet: 0] == 0xFF {
            // FF is never a compressed protocol number: RFC 1661 §6.6 keeps 00FF free for this test.
            guard frame.byteCount > 1 else { throw .truncated }
            guard frame[octet: 1] == 0x03 else { throw .badControl }
            offset = 2
        }
        guard frame.byteCount > offset else { throw .truncated }
        let first = frame[octet: offset]
        if first & 1 == 1 {
            carriedProtocol = PPPProtocol(rawValue: UInt16(first))
            headerLength = offset + 1
        } else {
            guard frame.byteCount > offset + 1 else { throw .truncated }
            carriedProtocol = PPPProtocol(rawValue: frame.bigEndian16(at: offset))
            headerLength = offset + 2
        }
    }

    /// Adds an uncompressed header: `FF 03` and two octets of protocol.
    /// - Parameters:
    ///   - carriedProtocol: what will follow.
    ///   - octets: the frame being built.
    @inlinable public static func appendHeader(_ carriedProtocol: PPPProtocol, to octets: inout [UInt8]) {
        octets.append(bigEndian: 0xFF03 as UInt16)
        octets.append(bigEndian: carriedProtocol.rawValue)
    }
}
