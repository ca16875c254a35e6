/// Why octets are not a UDP datagram.
public enum UDPError: Error, Hashable, Sendable {
    /// Fewer octets than the header or its length says.
    case truncated
    /// A length of fewer than the header's eight octets.
    case badLength
    /// The checksum is wrong.
    case badChecksum
}

/// The header of a UDP datagram (RFC 768).
public struct UDPHeader: Hashable, Sendable {
    /// The sender's port.
    public var sourcePort: UInt16
    /// The receiver's port.
    public var destinationPort: UInt16
    /// Header and payload, in octets.
    public let length: UInt16

    /// A header for so many octets of payload.
    public init(sourcePort: UInt16, destinationPort: UInt16, payloadLength: Int) {
        precondition(payloadLength <= 65_507, "a UDP datagram fits into one of IP")
        self.sourcePort = sourcePort
        self.destinationPort = destinationPort
        length = UInt16(8 + payloadLength)
    }

    /// Reads the header and checks the checksum, unless the sender has left it out (RFC 1122 §4.1.3.4).
    /// - Parameters:
    ///   - datagram: header and payload.
    ///   - source: the IP datagram's source.
    ///   - destination: the IP datagram's destination.
    /// - Throws: ``UDPError`` when the octets are none.
    public init(parsing datagram: RawSpan, from source: IPv4Address, to destination: IPv4Address) throws(UDPError) {
        guard datagram.byteCount >= 8 else { throw .truncated }
        length = datagram.bigEndian16(at: 4)
        guard length >= 8 else { throw .badLength }
        guard datagram.byteCount >= Int(length) else { throw .truncated }
        if datagram.bigEndian16(at: 6) != 0 {
            var checksum = InternetChecksum(pseudoHeaderFrom: source, to: destination, .udp, length: Int(length))
            checksum.add(datagram.extracting(0..<Int(length)))
            guard checksum.value == 0 else { throw .badChecksum }
        }
        sourcePort = datagram.bigEndian16(at: 0)
        destinationPort = datagram.bigEndian16(at: 2)
    }

    /// Adds header and payload with the checksum.
    /// - Parameters:
    ///   - payload: what it carries, as many octets as the header says.
    ///   - source: the IP datagram's source.
    ///   - destination: the IP datagram's destination.
    ///   - octets: where it is added.
    public func append(
        _ payload: RawSpan, from source: IPv4Address, to destination: IPv4Address, to octets: inout [UInt8]
    ) {
        precondition(payload.byteCount + 8 == Int(length), "the header tells the payload's length")
        let start = octets.count
        octets.append(bigEndian: sourcePort)
        octets.append(bigEndian: destinationPort)
        octets.append(bigEndian: length)
        octets.append(bigEndian: 0 as UInt16)
        octets.append(payload)
        var checksum = InternetChecksum(pseudoHeaderFrom: source, to: destination, .udp, length: Int(length))
        unsafe checksum.add(octets.span.bytes.extracting(start..<octets.count))
        // Zero means none, so a sum of zero is sent as its other form.
        octets.set(bigEndian: checksum.value == 0 ? 0xFFFF : checksum.value, at: start + 6)
    }
}
