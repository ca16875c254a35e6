/// The name of an IPv4 address, for readers that show names instead of numbers.
public struct CapturedName: Hashable, Sendable {
    /// The longest name in octets: that of a domain name (RFC 1035 §2.3.4).
    static let longest = 255

    /// The address as a number; its first octet is the most significant.
    public let address: UInt32
    /// The name.
    public let name: String

    /// The name of an address: 1 to 255 octets and no NUL.
    public init(address: UInt32, name: String) {
        precondition(CapturedName.isAllowed(name), "a name in a capture has 1 to 255 octets and no NUL")
        self.address = address
        self.name = name
    }

    /// Whether a name can stand in a capture.
    static func isAllowed(_ name: String) -> Bool {
        (1...longest).contains(name.utf8.count) && !name.utf8.contains(0)
    }
}
