/// Why octets are not a list of configuration options.
public enum ConfigurationOptionError: Error, Hashable, Sendable {
    /// An option's length counts less than its own header, or reaches beyond the packet.
    case badLength
}

/// One configuration option as it stands in a packet: a type and a value (RFC 1661 §6).
///
/// What a type means depends on the protocol: ``LCPOption``, ``IPCPOption``. This form keeps every octet, since an Ack
/// repeats the peer's list as it came, in the same order, options unknown to us included in a Reject.
public struct ConfigurationOption: Hashable, Sendable {
    /// What the option is about.
    public let type: UInt8
    /// What follows its length; at most 253 octets.
    public let value: [UInt8]

    /// An option.
    /// - Parameters:
    ///   - type: what it is about.
    ///   - value: at most 253 octets.
    public init(type: UInt8, value: [UInt8] = []) {
        precondition(value.count <= 253, "an option's length has 8 bits")
        self.type = type
        self.value = value
    }

    /// Adds the option to a packet's data.
    public func append(to octets: inout [UInt8]) {
        octets.append(type)
        octets.append(UInt8(value.count + 2))
        octets.append(contentsOf: value)
    }

    /// Reads the list that is the data of a Configure packet.
    /// - Parameter data: the whole of it.
    /// - Returns: the options in their order.
    /// - Throws: ``ConfigurationOptionError``; the whole packet is then discarded silently (RFC 1661 §6).
    public static func list(parsing data: [UInt8]) throws(ConfigurationOptionError) -> [ConfigurationOption] {
        var options: [ConfigurationOption] = []
        var offset = 0
        while offset < data.count {
            guard data.count - offset >= 2 else { throw .badLength }
            let length = Int(data[offset + 1])
            guard length >= 2, length <= data.count - offset else { throw .badLength }
            options.append(ConfigurationOption(type: data[offset], value: Array(data[offset + 2..<offset + length])))
            offset += length
        }
        return options
    }
}

extension Sequence where Element == ConfigurationOption {
    /// The options as the data of a Configure packet.
    public var encoded: [UInt8] {
        var octets: [UInt8] = []
        for option in self { option.append(to: &octets) }
        return octets
    }
}

// Values of fixed width, for the options that are numbers.
extension ConfigurationOption {
    init(type: UInt8, bigEndian value: UInt16) {
        var octets: [UInt8] = []
        octets.append(bigEndian: value)
        self.init(type: type, value: octets)
    }

    init(type: UInt8, bigEndian value: UInt32) {
        var octets: [UInt8] = []
        octets.append(bigEndian: value)
        self.init(type: type, value: octets)
    }

    /// The value as a number when it has 16 bits.
    var value16: UInt16? { value.count == 2 ? UInt16(value[0]) << 8 | UInt16(value[1]) : nil }

    /// The value as a number when it has 32 bits.
    var value32: UInt32? { value.count == 4 ? value.reduce(0) { $0 << 8 | UInt32($1) } : nil }
}
