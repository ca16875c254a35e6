/// The number that says what a PPP packet carries (RFC 1661 §2).
///
/// Any 16 bits can arrive, so any can be held; ``isValid`` tells what the RFC allows.
public struct PPPProtocol: RawRepresentable, Hashable, Sendable {
    /// The number as it is sent.
    public let rawValue: UInt16

    /// The protocol of this number.
    @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// An IPv4 datagram (RFC 1332 §2).
    public static let ip = PPPProtocol(rawValue: 0x0021)
    /// A TCP/IP datagram with Van Jacobson's compressed header (RFC 1144).
    public static let compressedTCP = PPPProtocol(rawValue: 0x002D)
    /// A TCP/IP datagram that sets up such a compression (RFC 1144).
    public static let uncompressedTCP = PPPProtocol(rawValue: 0x002F)
    /// A piece of a multilink packet (RFC 1990).
    public static let multilink = PPPProtocol(rawValue: 0x003D)
    /// An IPv6 datagram (RFC 5072).
    public static let ipv6 = PPPProtocol(rawValue: 0x0057)
    /// A compressed datagram (RFC 1962).
    public static let compressedDatagram = PPPProtocol(rawValue: 0x00FD)
    /// The control protocol of IPv4 (RFC 1332).
    public static let ipcp = PPPProtocol(rawValue: 0x8021)
    /// The control protocol of IPX (RFC 1552).
    public static let ipxcp = PPPProtocol(rawValue: 0x802B)
    /// The control protocol of NetBIOS frames (RFC 2097).
    public static let nbfcp = PPPProtocol(rawValue: 0x803F)
    /// The control protocol of IPv6 (RFC 5072).
    public static let ipv6cp = PPPProtocol(rawValue: 0x8057)
    /// The compression control protocol (RFC 1962).
    public static let ccp = PPPProtocol(rawValue: 0x80FD)
    /// The link control protocol (RFC 1661 §5).
    public static let lcp = PPPProtocol(rawValue: 0xC021)
    /// The password authentication protocol (RFC 1334 §2).
    public static let pap = PPPProtocol(rawValue: 0xC023)
    /// The link quality report (RFC 1989).
    public static let linkQuality = PPPProtocol(rawValue: 0xC025)
    /// Microsoft's callback control protocol.
    public static let cbcp = PPPProtocol(rawValue: 0xC029)
    /// The challenge handshake authentication protocol (RFC 1994).
    public static let chap = PPPProtocol(rawValue: 0xC223)
    /// The extensible authentication protocol (RFC 3748).
    public static let eap = PPPProtocol(rawValue: 0xC227)

    /// Whether the number obeys RFC 1661 §2: an even first octet and an odd second one, like HDLC address fields. A
    /// packet with any other number counts as one of an unknown protocol.
    @inlinable public var isValid: Bool { rawValue & 0x0101 == 0x0001 }

    /// Whether it configures a network layer: 8000 to BFFF (RFC 1661 §2).
    public var isNetworkControl: Bool { rawValue >> 14 == 2 }

    /// Whether it works on the link itself: C000 to FFFF (RFC 1661 §2).
    public var isLinkControl: Bool { rawValue >> 14 == 3 }
}

extension PPPProtocol: CustomStringConvertible {
    /// The number in four hexadecimal digits: `c021`.
    public var description: String {
        let digits = String(rawValue, radix: 16)
        return String(repeating: "0", count: 4 - digits.count) + digits
    }
}
