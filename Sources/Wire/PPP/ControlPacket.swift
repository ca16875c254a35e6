/// What a control packet says, for every protocol on the LCP automaton (RFC 1661 §5; 12 and 13 from RFC 1570 §1).
///
/// PAP and CHAP use the same layout with codes of their own.
public enum ControlCode: UInt8, CaseIterable, Hashable, Sendable {
    /// Asks for a list of options.
    case configureRequest = 1
    /// Takes the whole list.
    case configureAck
    /// Wants other values, or more options.
    case configureNak
    /// Does not know these options, or will not talk about them.
    case configureReject
    /// Wants the link or layer closed.
    case terminateRequest
    /// Agrees, or says that the layer is closed.
    case terminateAck
    /// Does not know the code of a packet.
    case codeReject
    /// Does not know the protocol of a packet. LCP only, as all that follow.
    case protocolReject
    /// Wants an answer.
    case echoRequest
    /// The answer.
    case echoReply
    /// Is to be thrown away.
    case discardRequest
    /// Says who is there: a text.
    case identification
    /// Says how long the link may still last.
    case timeRemaining
}

/// Why octets are not a control packet.
public enum ControlPacketError: Error, Hashable, Sendable {
    /// Fewer than the four octets of code, identifier and length.
    case truncated
    /// The length counts less than its own header, or more than has arrived.
    case badLength
}

/// A packet of LCP, of a network control protocol, or of an authentication protocol (RFC 1661 §5).
public struct ControlPacket: Hashable, Sendable {
    /// What the packet says: a ``ControlCode``, or one of PAP's or CHAP's, or none that we know.
    public let code: UInt8
    /// Tells which request an answer belongs to.
    public let identifier: UInt8
    /// What follows the length.
    public let data: [UInt8]

    /// The longest data that the length field can count.
    public static let maximumDataLength = 0xFFFF - 4

    /// A packet.
    /// - Parameters:
    ///   - code: what it says.
    ///   - identifier: its number, or the number of what it answers.
    ///   - data: at most ``maximumDataLength`` octets.
    public init(code: UInt8, identifier: UInt8, data: [UInt8] = []) {
        precondition(data.count <= ControlPacket.maximumDataLength, "a control packet's length has 16 bits")
        self.code = code
        self.identifier = identifier
        self.data = data
    }

    /// A packet with one of the automaton's codes.
    /// - Parameters:
    ///   - code: what it says.
    ///   - identifier: its number, or the number of what it answers.
    ///   - data: at most ``maximumDataLength`` octets.
    public init(_ code: ControlCode, identifier: UInt8, data: [UInt8] = []) {
        self.init(code: code.rawValue, identifier: identifier, data: data)
    }

    /// Reads a packet. Octets beyond its length are padding (RFC 1661 §5).
    /// - Parameters:
    ///   - octets: a frame.
    ///   - offset: where its information begins.
    /// - Throws: ``ControlPacketError`` when the packet is to be discarded silently.
    public init(parsing octets: RawSpan, at offset: Int = 0) throws(ControlPacketError) {
        guard offset >= 0, octets.byteCount - offset >= 4 else { throw .truncated }
        let length = Int(octets.bigEndian16(at: offset + 2))
        guard length >= 4, length <= octets.byteCount - offset else { throw .badLength }
        code = octets[octet: offset]
        identifier = octets[octet: offset + 1]
        var data: [UInt8] = []
        data.append(octets.extracting(offset + 4..<offset + length))
        self.data = data
    }

    /// Adds the packet to a frame.
    public func append(to octets: inout [UInt8]) {
        octets.append(code)
        octets.append(identifier)
        octets.append(bigEndian: UInt16(data.count + 4))
        octets.append(contentsOf: data)
    }

    /// The whole frame, from `FF 03` to the last octet of the data.
    public func frame(_ carriedProtocol: PPPProtocol) -> [UInt8] {
        var octets: [UInt8] = []
        octets.reserveCapacity(PPPFrame.fullHeaderLength + 4 + data.count)
        PPPFrame.appendHeader(carriedProtocol, to: &octets)
        append(to: &octets)
        return octets
    }
}
