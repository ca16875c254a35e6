/// An address of either version of IP.
public enum IPAddress: Hashable, Sendable {
    /// Of version 4.
    case v4(IPv4Address)
    /// Of version 6.
    case v6(IPv6Address)

    /// Reads the notation of either version. Nil for anything else.
    public init?(parsing text: String) {
        if let address = IPv4Address(parsing: text) {
            self = .v4(address)
        } else if let address = IPv6Address(parsing: text) {
            self = .v6(address)
        } else {
            return nil
        }
    }
}

extension IPAddress: CustomStringConvertible {
    /// The address in the notation of its version.
    public var description: String {
        switch self {
        case .v4(let address): address.description
        case .v6(let address): address.description
        }
    }
}
