/// Why a packet is no message of an authentication protocol.
public enum AuthenticationMessageError: Error, Hashable, Sendable {
    /// A code that the protocol does not have.
    case unknownCode
    /// A field reaches beyond the packet, or the packet beyond its last field.
    case badLength
}

/// A message of PAP (RFC 1334 §2.2). Names and passwords are octets, in whatever character set the peer uses.
public enum PAPMessage: Hashable, Sendable {
    /// Who wants in, and the password.
    case authenticateRequest(name: [UInt8], password: [UInt8])
    /// The password is right.
    case authenticateAck(message: [UInt8])
    /// It is not.
    case authenticateNak(message: [UInt8])

    /// Reads the message in a packet.
    /// - Parameter packet: a packet of protocol C023.
    /// - Throws: ``AuthenticationMessageError`` when the packet is to be discarded.
    public init(parsing packet: ControlPacket) throws(AuthenticationMessageError) {
        var fields = packet.data[...]
        switch packet.code {
        case 1:
            self = try .authenticateRequest(name: fields.takeCounted(), password: fields.takeCounted())
            guard fields.isEmpty else { throw .badLength }
        case 2:
            self = try .authenticateAck(message: PAPMessage.text(packet.data))
        case 3:
            self = try .authenticateNak(message: PAPMessage.text(packet.data))
        default:
            throw .unknownCode
        }
    }

    // Real peers leave out the message with its length octet; they mean an empty one.
    private static func text(_ data: [UInt8]) throws(AuthenticationMessageError) -> [UInt8] {
        guard !data.isEmpty else { return [] }
        var fields = data[...]
        let text = try fields.takeCounted()
        guard fields.isEmpty else { throw .badLength }
        return text
    }

    /// The packet that says it. Fields have at most 255 octets.
    public func packet(identifier: UInt8) -> ControlPacket {
        switch self {
        case .authenticateRequest(let name, let password):
            ControlPacket(code: 1, identifier: identifier, data: name.counted + password.counted)
        case .authenticateAck(let message):
            ControlPacket(code: 2, identifier: identifier, data: message.counted)
        case .authenticateNak(let message):
            ControlPacket(code: 3, identifier: identifier, data: message.counted)
        }
    }
}

extension ArraySlice where Element == UInt8 {
    /// Takes a field off the front: an octet that counts and as many octets.
    mutating func takeCounted() throws(AuthenticationMessageError) -> [UInt8] {
        guard let count = popFirst(), self.count >= Int(count) else { throw .badLength }
        defer { removeFirst(Int(count)) }
        return Array(prefix(Int(count)))
    }
}

extension Array where Element == UInt8 {
    /// The field with the octet that counts it.
    var counted: [UInt8] {
        precondition(count <= 255, "a counted field has at most 255 octets")
        return [UInt8(count)] + self
    }
}
