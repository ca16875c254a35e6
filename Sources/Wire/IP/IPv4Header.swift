/// What a datagram carries (the IANA protocol numbers that occur here).
public struct IPProtocol: RawRepresentable, Hashable, Sendable {
    /// The number.
    public let rawValue: UInt8
    /// The protocol of a number.
    @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }
    /// ICMP (RFC 792).
    public static let icmp = IPProtocol(rawValue: 1)
    /// TCP (RFC 9293).
    public static let tcp = IPProtocol(rawValue: 6)
    /// UDP (RFC 768).
    public static let udp = IPProtocol(rawValue: 17)
}

/// Why octets are not an IPv4 datagram.
public enum IPv4Error: Error, Hashable, Sendable {
    /// Fewer octets than the header or the total length says.
    case truncated
    /// Another version than 4.
    case notVersion4
    /// A header of fewer than five words, or one that is longer than the datagram.
    case badHeaderLength
    /// The header's checksum is wrong (RFC 1122 §3.2.1.2: discarded in silence).
    case badChecksum
}

/// The header of an IPv4 datagram (RFC 791 §3.1). Options are skipped when read and never written.
public struct IPv4Header: Hashable, Sendable {
    /// Who sends it.
    public var source: IPv4Address
    /// Who is to get it.
    public var destination: IPv4Address
    /// What it carries.
    public var carriedProtocol: IPProtocol
    /// How many hops it may still take.
    public var timeToLive: UInt8
    /// What tells the fragments of one datagram from those of another.
    public var identification: UInt16
    /// Whether it may not be fragmented.
    public var dontFragment: Bool
    /// Whether more fragments follow.
    public var moreFragments: Bool
    /// Where this fragment belongs, in units of eight octets.
    public var fragmentOffset: UInt16
    /// Header and payload, in octets.
    public var totalLength: UInt16
    /// The header with its options, in octets.
    public let headerLength: Int

    /// A header without options for a whole datagram.
    /// - Parameters:
    ///   - source: who sends it.
    ///   - destination: who is to get it.
    ///   - carriedProtocol: what it carries.
    ///   - timeToLive: how many hops it may take.
    ///   - identification: a number of the sender's.
    ///   - dontFragment: whether it may not be fragmented.
    ///   - payloadLength: octets after the header, at most 65,515.
    @inlinable public init(
        source: IPv4Address, destination: IPv4Address, carriedProtocol: IPProtocol, timeToLive: UInt8,
        identification: UInt16, dontFragment: Bool, payloadLength: Int
    ) {
        precondition(payloadLength <= 65_515, "a datagram has at most 65,535 octets")
        self.source = source
        self.destination = destination
        self.carriedProtocol = carriedProtocol
        self.timeToLive = timeToLive
        self.identification = identification
        self.dontFragment = dontFragment
        moreFragments = false
        fragmentOffset = 0
        totalLength = UInt16(20 + payloadLength)
        headerLength = 20
    }

    /// Reads the header of a datagram. Octets after its total length are padding and not looked at.
    /// - Parameter datagram: the octets from the version on.
    /// - Throws: ``IPv4Error`` when they are no whole datagram with a right header.
    @inlinable public init(parsing datagram: RawSpan) throws(IPv4Error) {
        guard datagram.byteCount >= 20 else { throw .truncated }
        guard datagram[octet: 0] >> 4 == 4 else { throw .notVersion4 }
        headerLength = Int(datagram[octet: 0] & 0x0F) * 4
        totalLength = datagram.bigEndian16(at: 2)
        guard headerLength >= 20, headerLength <= Int(totalLength) else { throw .badHeaderLength }
        guard datagram.byteCount >= Int(totalLength) else { throw .truncated }
        var checksum = InternetChecksum()
        checksum.add(datagram.extracting(0..<headerLength))
        guard checksum.value == 0 else { throw .badChecksum }
        identification = datagram.bigEndian16(at: 4)
        let fragment = datagram.bigEndian16(at: 6)
        dontFragment = fragment & 0x4000 != 0
        moreFragments = fragment & 0x2000 != 0
        fragmentOffset = fragment & 0x1FFF
        timeToLive = datagram[octet: 8]
        carriedProtocol = IPProtocol(rawValue: datagram[octet: 9])
        source = IPv4Address(rawValue: datagram.bigEndian32(at: 12))
        destination = IPv4Address(rawValue: datagram.bigEndian32(at: 16))
    }

    /// Whether the datagram is only a part of one.
    @inlinable public var isFragment: Bool { moreFragments || fragmentOffset != 0 }

    /// Adds the header, twenty octets, with its checksum.
    @inlinable public func append(to octets: inout [UInt8]) {
        var header = [20 of UInt8](repeating: 0)
        header[0] = 0x45
        header.set(bigEndian: totalLength, at: 2)
        header.set(bigEndian: identification, at: 4)
        header.set(
            bigEndian: (dontFragment ? 0x4000 : 0) | (moreFragments ? 0x2000 : 0) | fragmentOffset, at: 6)
        header[8] = timeToLive
        header[9] = carriedProtocol.rawValue
        header.set(bigEndian: source.rawValue, at: 12)
        header.set(bigEndian: destination.rawValue, at: 16)
        var checksum = InternetChecksum()
        unsafe checksum.add(header.span.bytes)
        header.set(bigEndian: checksum.value, at: 10)
        octets.append(header)
    }
}
