/// An IPv4 address (RFC 791 §3.1).
public struct IPv4Address: Hashable, Comparable, Sendable {
    /// The address as a number; the first octet is the most significant.
    public var rawValue: UInt32

    /// The address with this number.
    @inlinable public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// The address of four octets, first octet first.
    @inlinable public init(_ first: UInt8, _ second: UInt8, _ third: UInt8, _ fourth: UInt8) {
        rawValue = UInt32(first) << 24 | UInt32(second) << 16 | UInt32(third) << 8 | UInt32(fourth)
    }

    /// 0.0.0.0: no address yet (RFC 1332 §3.3 asks for one with it).
    public static let unspecified = IPv4Address(rawValue: 0)

    /// Whether it names one host that may be on another end of a link: not this network or host (0/8, 127/8), no
    /// multicast, no reserved and no broadcast address (RFC 1122 §3.2.1.3).
    public var isUnicast: Bool { (1...223).contains(rawValue >> 24) && rawValue >> 24 != 127 }

    /// Reads dotted decimal notation: four numbers from 0 to 255 without leading zeros. Nil for anything else.
    public init?(parsing text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var value: UInt32 = 0
        for part in parts {
            guard let octet = UInt8(part), part.utf8.count == String(octet).utf8.count else { return nil }
            value = value << 8 | UInt32(octet)
        }
        rawValue = value
    }

    /// Whether the left comes before the right.
    public static func < (left: IPv4Address, right: IPv4Address) -> Bool { left.rawValue < right.rawValue }
}

extension IPv4Address: CustomStringConvertible {
    /// Dotted decimal notation: `192.0.2.130`.
    public var description: String {
        "\(rawValue >> 24).\(rawValue >> 16 & 0xFF).\(rawValue >> 8 & 0xFF).\(rawValue & 0xFF)"
    }
}
