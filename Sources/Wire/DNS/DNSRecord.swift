/// A resource record: what is known of a name (RFC 1035 §4.1.3).
public struct DNSRecord: Hashable, Sendable {
    /// What a record says, by its type. Everything but `other` is of the class of the Internet.
    public enum Data: Hashable, Sendable {
        /// The host has this address.
        case a(IPv4Address)
        /// The zone has this name server.
        case ns(DNSName)
        /// The name is an alias of this one.
        case cname(DNSName)
        /// A zone begins here.
        case soa(DNSAuthority)
        /// The name points to this one.
        case ptr(DNSName)
        /// Mail for the name goes to this host; the lower the preference, the better.
        case mx(preference: UInt16, exchange: DNSName)
        /// Strings of text.
        case txt(DNSText)
        /// The host has this address.
        case aaaa(IPv6Address)
        /// Data of another type or class.
        case other(DNSOtherData)
    }

    /// Whose record it is.
    public let name: DNSName
    /// For how long it may be kept. A number with the highest bit set means zero (RFC 2181 §8), except where it is no
    /// time but flags (OPT).
    public let timeToLiveSeconds: UInt32
    /// What it says.
    public let data: Data

    /// A record.
    /// - Parameters:
    ///   - name: whose it is.
    ///   - timeToLiveSeconds: for how long it may be kept.
    ///   - data: what it says.
    public init(_ name: DNSName, timeToLiveSeconds: UInt32, _ data: Data) {
        self.name = name
        self.timeToLiveSeconds = timeToLiveSeconds > 0x7FFF_FFFF && data.type != .opt ? 0 : timeToLiveSeconds
        self.data = data
    }

    /// What it holds.
    public var type: DNSType { data.type }

    /// Its class.
    public var recordClass: DNSClass {
        if case .other(let other) = data { other.recordClass } else { .internet }
    }
}

extension DNSRecord.Data {
    /// The type of records that hold such data.
    public var type: DNSType {
        switch self {
        case .a: .a
        case .ns: .ns
        case .cname: .cname
        case .soa: .soa
        case .ptr: .ptr
        case .mx: .mx
        case .txt: .txt
        case .aaaa: .aaaa
        case .other(let other): other.type
        }
    }
}

/// The start of a zone of authority (RFC 1035 §3.3.13).
public struct DNSAuthority: Hashable, Sendable {
    /// The name server that the zone comes from.
    public var primaryServer: DNSName
    /// The mailbox of who is responsible, with a dot for the at sign.
    public var mailbox: DNSName
    /// The version of the zone.
    public var serial: UInt32
    /// How often secondary servers look for a new version.
    public var refreshSeconds: UInt32
    /// How soon they look again when that has failed.
    public var retrySeconds: UInt32
    /// When they forget a zone that they could not refresh.
    public var expireSeconds: UInt32
    /// For how long it may be kept that something is not there (RFC 2308 §4).
    public var minimumSeconds: UInt32

    /// The start of a zone.
    /// - Parameters:
    ///   - primaryServer: the name server that the zone comes from.
    ///   - mailbox: who is responsible.
    ///   - serial: the version of the zone.
    ///   - refreshSeconds: how often secondary servers look for a new version.
    ///   - retrySeconds: how soon they look again.
    ///   - expireSeconds: when they forget the zone.
    ///   - minimumSeconds: for how long it may be kept that something is not there.
    public init(
        primaryServer: DNSName, mailbox: DNSName, serial: UInt32, refreshSeconds: UInt32 = 10_800,
        retrySeconds: UInt32 = 3_600, expireSeconds: UInt32 = 604_800, minimumSeconds: UInt32
    ) {
        self.primaryServer = primaryServer
        self.mailbox = mailbox
        self.serial = serial
        self.refreshSeconds = refreshSeconds
        self.retrySeconds = retrySeconds
        self.expireSeconds = expireSeconds
        self.minimumSeconds = minimumSeconds
    }
}

/// The strings of a TXT record: one or more of 255 octets at most (RFC 1035 §3.3.14).
public struct DNSText: Hashable, Sendable {
    /// The strings, without their lengths.
    public let strings: [[UInt8]]

    /// A text of strings; nil when there is none, one is too long, or all together do not fit into a record.
    public init?(_ strings: [[UInt8]]) {
        guard !strings.isEmpty, strings.allSatisfy({ $0.count <= 255 }),
            strings.reduce(0, { $0 + 1 + $1.count }) <= 65_535
        else { return nil }
        self.strings = strings
    }
}

/// The data of a record whose type or class has no meaning here (RFC 3597).
public struct DNSOtherData: Hashable, Sendable {
    /// The type of the record.
    public let type: DNSType
    /// The class of the record; of OPT, how long a datagram its sender takes.
    public let recordClass: DNSClass
    /// The data as it stands in the record.
    public let octets: [UInt8]

    private static let known: [DNSType] = [.a, .ns, .cname, .soa, .ptr, .mx, .txt, .aaaa]

    /// Data as it stands in a record; nil when the type and class are known and so have a form of their own, or when
    /// it is too long.
    public init?(type: DNSType, recordClass: DNSClass = .internet, octets: [UInt8]) {
        guard octets.count <= 65_535, !DNSOtherData.isKnown(type, recordClass) else { return nil }
        self.type = type
        self.recordClass = recordClass
        self.octets = octets
    }

    static func isKnown(_ type: DNSType, _ recordClass: DNSClass) -> Bool {
        recordClass == .internet && known.contains(type)
    }
}
