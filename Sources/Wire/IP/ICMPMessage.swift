/// Why octets are not an ICMP message.
public enum ICMPError: Error, Hashable, Sendable {
    /// Fewer than eight octets.
    case truncated
    /// The checksum is wrong.
    case badChecksum
}

/// The first eight octets of an ICMP message (RFC 792); what follows them is its data.
public struct ICMPMessage: Hashable, Sendable {
    /// What it says.
    public enum Kind: Hashable, Sendable {
        /// An answer to an echo request.
        case echoReply(identifier: UInt16, sequence: UInt16)
        /// The datagram whose beginning follows could not be delivered.
        case destinationUnreachable(Unreachable)
        /// A question whether the host is there.
        case echoRequest(identifier: UInt16, sequence: UInt16)
        /// The datagram whose beginning follows was on its way for too long.
        case timeExceeded(code: UInt8)
        /// Anything else.
        case other(type: UInt8, code: UInt8, rest: UInt32)
    }

    /// Why a destination is unreachable (RFC 792; RFC 1122 §3.2.2.1).
    public struct Unreachable: RawRepresentable, Hashable, Sendable {
        /// The code.
        public let rawValue: UInt8
        /// The reason of a code.
        public init(rawValue: UInt8) { self.rawValue = rawValue }
        /// No route to the network.
        public static let network = Unreachable(rawValue: 0)
        /// No answer from the host.
        public static let host = Unreachable(rawValue: 1)
        /// The host does not know the protocol.
        public static let carriedProtocol = Unreachable(rawValue: 2)
        /// Nobody listens on the port.
        public static let port = Unreachable(rawValue: 3)
        /// Too large for the next link, and may not be fragmented.
        public static let fragmentationNeeded = Unreachable(rawValue: 4)
    }

    /// What it says.
    public var kind: Kind

    /// A message.
    public init(_ kind: Kind) { self.kind = kind }

    /// Reads a message and checks its checksum.
    /// - Parameter message: all of its octets.
    /// - Throws: ``ICMPError`` when they are none.
    public init(parsing message: RawSpan) throws(ICMPError) {
        guard message.byteCount >= 8 else { throw .truncated }
        var checksum = InternetChecksum()
        checksum.add(message)
        guard checksum.value == 0 else { throw .badChecksum }
        let (type, code) = (message[octet: 0], message[octet: 1])
        let (high, low) = (message.bigEndian16(at: 4), message.bigEndian16(at: 6))
        kind =
            switch (type, code) {
            case (0, 0): .echoReply(identifier: high, sequence: low)
            case (3, _): .destinationUnreachable(Unreachable(rawValue: code))
            case (8, 0): .echoRequest(identifier: high, sequence: low)
            case (11, _): .timeExceeded(code: code)
            default: .other(type: type, code: code, rest: message.bigEndian32(at: 4))
            }
    }

    /// Adds the message and its data with the checksum.
    public func append(_ data: RawSpan, to octets: inout [UInt8]) {
        let start = octets.count
        let (type, code, rest): (UInt8, UInt8, UInt32) =
            switch kind {
            case .echoReply(let identifier, let sequence): (0, 0, UInt32(identifier) << 16 | UInt32(sequence))
            case .destinationUnreachable(let reason): (3, reason.rawValue, 0)
            case .echoRequest(let identifier, let sequence): (8, 0, UInt32(identifier) << 16 | UInt32(sequence))
            case .timeExceeded(let code): (11, code, 0)
            case .other(let type, let code, let rest): (type, code, rest)
            }
        octets.append(type)
        octets.append(code)
        octets.append(bigEndian: 0 as UInt16)
        octets.append(bigEndian: rest)
        octets.append(data)
        var checksum = InternetChecksum()
        unsafe checksum.add(octets.span.bytes.extracting(start..<octets.count))
        octets.set(bigEndian: checksum.value, at: start + 2)
    }
}
