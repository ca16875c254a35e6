/// What a record holds, or a question asks for (RFC 1035 §3.2.2).
public struct DNSType: RawRepresentable, Hashable, Sendable {
    /// The number.
    public let rawValue: UInt16
    /// The type of a number.
    public init(rawValue: UInt16) { self.rawValue = rawValue }
    /// An IPv4 address.
    public static let a = DNSType(rawValue: 1)
    /// A name server of the zone.
    public static let ns = DNSType(rawValue: 2)
    /// The canonical name of an alias.
    public static let cname = DNSType(rawValue: 5)
    /// The start of a zone of authority.
    public static let soa = DNSType(rawValue: 6)
    /// A pointer to another name.
    public static let ptr = DNSType(rawValue: 12)
    /// A mail exchanger.
    public static let mx = DNSType(rawValue: 15)
    /// Text.
    public static let txt = DNSType(rawValue: 16)
    /// An IPv6 address (RFC 3596 §2.1).
    public static let aaaa = DNSType(rawValue: 28)
    /// Options of the message itself (RFC 6891 §6.1).
    public static let opt = DNSType(rawValue: 41)
    /// All types: in questions only.
    public static let any = DNSType(rawValue: 255)
}

/// A class of records (RFC 1035 §3.2.4).
public struct DNSClass: RawRepresentable, Hashable, Sendable {
    /// The number.
    public let rawValue: UInt16
    /// The class of a number.
    public init(rawValue: UInt16) { self.rawValue = rawValue }
    /// The Internet.
    public static let internet = DNSClass(rawValue: 1)
}

/// What kind of query a message is or answers: four bits (RFC 1035 §4.1.1).
public struct DNSOpcode: Hashable, Sendable {
    /// The number, 15 at most.
    public let rawValue: UInt8
    /// The opcode of four bits; what is above them is not looked at.
    public init(bits: UInt8) { rawValue = bits & 0xF }
    /// A standard query.
    public static let query = DNSOpcode(bits: 0)
}

/// What became of a query: four bits (RFC 1035 §4.1.1).
public struct DNSResponseCode: Hashable, Sendable {
    /// The number, 15 at most.
    public let rawValue: UInt8
    /// The code of four bits; what is above them is not looked at.
    public init(bits: UInt8) { rawValue = bits & 0xF }
    /// No error.
    public static let noError = DNSResponseCode(bits: 0)
    /// The server could not read the query (FORMERR).
    public static let formatError = DNSResponseCode(bits: 1)
    /// The server could not find out (SERVFAIL).
    public static let serverFailure = DNSResponseCode(bits: 2)
    /// There is no such name (NXDOMAIN).
    public static let nameError = DNSResponseCode(bits: 3)
    /// The server does not know this kind of query (NOTIMP).
    public static let notImplemented = DNSResponseCode(bits: 4)
    /// The server will not answer (REFUSED).
    public static let refused = DNSResponseCode(bits: 5)
}
