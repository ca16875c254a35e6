/// Why octets are not a TCP segment.
public enum TCPError: Error, Hashable, Sendable {
    /// Fewer octets than a header has.
    case truncated
    /// A data offset of fewer than five words, or beyond the segment.
    case badDataOffset
    /// The checksum over pseudo-header, header and data is wrong.
    case badChecksum
    /// An option's length runs beyond the header, or is less than two (RFC 9293 §3.1, MUST-7).
    case badOption
}

/// The header of a TCP segment (RFC 9293 §3.1).
///
/// Of the options the maximum segment size is read and written. SACK, timestamps and window scale have their place in
/// the same walk over the options; those that are not known are skipped (MUST-6).
public struct TCPHeader: Hashable, Sendable {
    /// The control bits.
    public struct Flags: OptionSet, Hashable, Sendable {
        /// The bits as they stand in a header.
        public let rawValue: UInt8
        /// The flags of these bits.
        @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }
        /// No more data from the sender.
        public static let fin = Flags(rawValue: 0x01)
        /// Synchronise sequence numbers.
        public static let syn = Flags(rawValue: 0x02)
        /// Reset the connection.
        public static let rst = Flags(rawValue: 0x04)
        /// Push.
        public static let psh = Flags(rawValue: 0x08)
        /// The acknowledgment field counts.
        public static let ack = Flags(rawValue: 0x10)
        /// The urgent pointer counts.
        public static let urg = Flags(rawValue: 0x20)
    }

    /// The sender's port.
    public var sourcePort: UInt16
    /// The receiver's port.
    public var destinationPort: UInt16
    /// The first octet of data, or the SYN.
    public var sequence: SequenceNumber
    /// The next octet expected, when ACK is set.
    public var acknowledgment: SequenceNumber
    /// The control bits.
    public var flags: Flags
    /// How many octets beyond the acknowledgment may be sent.
    public var window: UInt16
    /// Where urgent data ends, when URG is set.
    public var urgentPointer: UInt16
    /// The largest segment the sender of a SYN will take; nil when it does not say (RFC 9293 §3.7.1).
    public var maximumSegmentSize: UInt16?
    /// The header with its options, in octets.
    public private(set) var length: Int

    /// A header of these fields.
    /// - Parameters:
    ///   - sourcePort: the sender's port.
    ///   - destinationPort: the receiver's port.
    ///   - sequence: the first octet of data, or the SYN.
    ///   - acknowledgment: the next octet expected.
    ///   - flags: the control bits.
    ///   - window: how much may be sent.
    ///   - maximumSegmentSize: the option of a SYN.
    @inlinable public init(
        sourcePort: UInt16, destinationPort: UInt16, sequence: SequenceNumber, acknowledgment: SequenceNumber,
        flags: Flags, window: UInt16, maximumSegmentSize: UInt16? = nil
    ) {
        self.init(
            sourcePort, destinationPort, sequence, acknowledgment, flags, window, 0, maximumSegmentSize,
            maximumSegmentSize == nil ? 20 : 24)
    }

    @usableFromInline init(
        _ sourcePort: UInt16, _ destinationPort: UInt16, _ sequence: SequenceNumber, _ acknowledgment: SequenceNumber,
        _ flags: Flags, _ window: UInt16, _ urgentPointer: UInt16, _ maximumSegmentSize: UInt16?, _ length: Int
    ) {
        self.sourcePort = sourcePort
        self.destinationPort = destinationPort
        self.sequence = sequence
        self.acknowledgment = acknowledgment
        self.flags = flags
        self.window = window
        self.urgentPointer = urgentPointer
        self.maximumSegmentSize = maximumSegmentSize
        self.length = length
    }

    /// Reads the header of a segment and checks its checksum over everything.
    /// - Parameters:
    ///   - segment: header and data.
    ///   - source: the datagram's source.
    ///   - destination: the datagram's destination.
    /// - Throws: ``TCPError`` when the octets are no segment.
    public init(parsing segment: RawSpan, from source: IPv4Address, to destination: IPv4Address) throws(TCPError) {
        guard segment.byteCount >= 20 else { throw .truncated }
        let length = Int(segment[octet: 12] >> 4) * 4
        guard length >= 20, length <= segment.byteCount else { throw .badDataOffset }
        var checksum = InternetChecksum(pseudoHeaderFrom: source, to: destination, .tcp, length: segment.byteCount)
        checksum.add(segment)
        guard checksum.value == 0 else { throw .badChecksum }
        let options = try Options(parsing: segment, until: length)
        self.init(
            segment.bigEndian16(at: 0), segment.bigEndian16(at: 2),
            SequenceNumber(rawValue: segment.bigEndian32(at: 4)), SequenceNumber(rawValue: segment.bigEndian32(at: 8)),
            Flags(rawValue: segment[octet: 13] & 0x3F), segment.bigEndian16(at: 14), segment.bigEndian16(at: 18),
            options.maximumSegmentSize, length)
    }

    /// Adds the header with a checksum of zero; see ``finish(in:at:from:to:)``.
    @inlinable public func append(to octets: inout [UInt8]) {
        var header = [20 of UInt8](repeating: 0)
        header.set(bigEndian: sourcePort, at: 0)
        header.set(bigEndian: destinationPort, at: 2)
        header.set(bigEndian: sequence.rawValue, at: 4)
        header.set(bigEndian: acknowledgment.rawValue, at: 8)
        header[12] = maximumSegmentSize == nil ? 0x50 : 0x60
        header[13] = flags.rawValue
        header.set(bigEndian: window, at: 14)
        header.set(bigEndian: urgentPointer, at: 18)
        octets.append(header)
        guard let maximumSegmentSize else { return }
        octets.append(2)
        octets.append(4)
        octets.append(bigEndian: maximumSegmentSize)
    }

    /// Puts the checksum into a segment that has been built at the end of some octets.
    /// - Parameters:
    ///   - octets: what ends with the segment.
    ///   - start: where the segment begins.
    ///   - source: the datagram's source.
    ///   - destination: the datagram's destination.
    @inlinable public static func finish(
        in octets: inout [UInt8], at start: Int, from source: IPv4Address, to destination: IPv4Address
    ) {
        let length = octets.count - start
        var checksum = InternetChecksum(pseudoHeaderFrom: source, to: destination, .tcp, length: length)
        unsafe checksum.add(octets.span.bytes.extracting(start..<octets.count))
        octets.set(bigEndian: checksum.value, at: start + 16)
    }
}

extension TCPHeader {
    /// The options that mean something here.
    private struct Options {
        var maximumSegmentSize: UInt16?

        init(parsing segment: RawSpan, until end: Int) throws(TCPError) {
            var offset = 20
            while offset < end {
                let kind = segment[octet: offset]
                if kind == 0 { return }
                if kind == 1 {
                    offset += 1
                    continue
                }
                guard offset + 1 < end else { throw .badOption }
                let length = Int(segment[octet: offset + 1])
                guard length >= 2, offset + length <= end else { throw .badOption }
                if kind == 2, length == 4 { maximumSegmentSize = segment.bigEndian16(at: offset + 2) }
                offset += length
            }
        }
    }
}
