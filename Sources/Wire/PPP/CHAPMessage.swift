/// A message of CHAP (RFC 1994 §4). Values and names are octets.
public enum CHAPMessage: Hashable, Sendable {
    /// Prove that you know the secret: a value, and who asks.
    case challenge(value: [UInt8], name: [UInt8])
    /// A digest over identifier, secret and challenge, and whose secret it is.
    case response(value: [UInt8], name: [UInt8])
    /// The digest is right.
    case success(message: [UInt8])
    /// It is not.
    case failure(message: [UInt8])

    /// Reads the message in a packet.
    /// - Parameter packet: a packet of protocol C223.
    /// - Throws: ``AuthenticationMessageError`` when the packet is to be discarded.
    public init(parsing packet: ControlPacket) throws(AuthenticationMessageError) {
        var fields = packet.data[...]
        switch packet.code {
        case 1: self = try .challenge(value: CHAPMessage.takeValue(&fields), name: Array(fields))
        case 2: self = try .response(value: CHAPMessage.takeValue(&fields), name: Array(fields))
        case 3: self = .success(message: packet.data)
        case 4: self = .failure(message: packet.data)
        default: throw .unknownCode
        }
    }

    // RFC 1994 §4.1: the value has one octet at least.
    private static func takeValue(_ fields: inout ArraySlice<UInt8>) throws(AuthenticationMessageError) -> [UInt8] {
        let value = try fields.takeCounted()
        guard !value.isEmpty else { throw .badLength }
        return value
    }

    /// The packet that says it. Values have at most 255 octets.
    public func packet(identifier: UInt8) -> ControlPacket {
        switch self {
        case .challenge(let value, let name):
            ControlPacket(code: 1, identifier: identifier, data: value.counted + name)
        case .response(let value, let name):
            ControlPacket(code: 2, identifier: identifier, data: value.counted + name)
        case .success(let message):
            ControlPacket(code: 3, identifier: identifier, data: message)
        case .failure(let message):
            ControlPacket(code: 4, identifier: identifier, data: message)
        }
    }
}
