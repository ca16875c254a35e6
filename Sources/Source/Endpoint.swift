import Glibc

/// An IP address and a port, as text and as numbers.
package struct Endpoint: Hashable, Sendable {
    /// The address, without brackets.
    package let address: String
    /// The port.
    package let port: Int

    /// Reads `192.0.2.25:25` or `[2001:db8::25]:25`; nil when the text is anything else.
    package init?(parsing text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            return nil
        }
        let isBracketed = text.hasPrefix("[") && text[..<colon].hasSuffix("]")
        let address = isBracketed ? String(text[..<colon].dropFirst().dropLast()) : String(text[..<colon])
        guard let octets = Network.octets(of: address), isBracketed == (octets.count == 16) else { return nil }
        self.address = address
        self.port = Int(port)
    }
}

/// The addresses of an IP network, or one address.
package struct Network: Hashable, Sendable, CustomStringConvertible {
    /// The network as it was written.
    package let description: String
    private let octets: [UInt8]
    private let length: Int

    /// Reads `192.0.2.0/24`, `2001:db8::/32` or a single address; nil when the text is anything else.
    package init?(parsing text: String) {
        description = text
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let octets = parts.first.flatMap({ Network.octets(of: String($0)) }) else { return nil }
        self.octets = octets
        guard parts.count == 2 else {
            length = octets.count * 8
            return
        }
        guard let length = UInt8(parts[1]), Int(length) <= octets.count * 8 else { return nil }
        self.length = Int(length)
    }

    /// Whether it is wider than any network of one owner: /8 of IPv4, or /16 of IPv6.
    package var isTooWide: Bool { length < (octets.count == 4 ? 8 : 16) }

    /// Whether an address lies in the network.
    package func contains(_ address: String) -> Bool {
        guard let other = Network.octets(of: address), other.count == octets.count else { return false }
        return (0..<length).allSatisfy { bit in
            (octets[bit / 8] ^ other[bit / 8]) & (0x80 >> UInt8(bit % 8)) == 0
        }
    }

    /// The 4 or 16 octets of an address; nil when it is none.
    static func octets(of address: String) -> [UInt8]? {
        var octets = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, address, &octets) == 1 { return Array(octets.prefix(4)) }
        return inet_pton(AF_INET6, address, &octets) == 1 ? octets : nil
    }
}
