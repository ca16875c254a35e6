/// A configuration option of IPCP (RFC 1332 §3).
///
/// Name servers (129 to 132, RFC 1877) stay ``unknown(_:)``: a host here gets its name servers elsewhere.
public enum IPCPOption: Hashable, Sendable {
    /// A way to compress headers: 002D is Van Jacobson's, with its parameters.
    case compression(PPPProtocol, parameters: [UInt8])
    /// Its sender's address; 0.0.0.0 asks the other end for one.
    case address(IPv4Address)
    /// A type that is none of these.
    case unknown(ConfigurationOption)
    /// One of these types with a value of the wrong length.
    case malformed(ConfigurationOption)

    /// The numbers of the options.
    public enum Kind: UInt8, CaseIterable, Hashable, Sendable {
        /// IP-Compression-Protocol.
        case compression = 2
        /// IP-Address.
        case address = 3
    }

    /// Says what an option means. Every option means something; `option` gives back the same octets.
    public init(_ option: ConfigurationOption) {
        switch Kind(rawValue: option.type) {
        case .compression where option.value.count >= 2:
            let number = UInt16(option.value[0]) << 8 | UInt16(option.value[1])
            self = .compression(PPPProtocol(rawValue: number), parameters: Array(option.value.dropFirst(2)))
        case .address:
            self = option.value32.map { .address(IPv4Address(rawValue: $0)) } ?? .malformed(option)
        case .compression:
            self = .malformed(option)
        case nil:
            self = .unknown(option)
        }
    }

    /// The option as it stands in a packet.
    public var option: ConfigurationOption {
        switch self {
        case .compression(let number, let parameters):
            var value: [UInt8] = []
            value.append(bigEndian: number.rawValue)
            return ConfigurationOption(type: Kind.compression.rawValue, value: value + parameters)
        case .address(let address):
            return ConfigurationOption(type: Kind.address.rawValue, bigEndian: address.rawValue)
        case .unknown(let option), .malformed(let option):
            return option
        }
    }
}
