/// What is asked of a name (RFC 1035 §4.1.2).
public struct DNSQuestion: Hashable, Sendable {
    /// Of which name.
    public let name: DNSName
    /// For what.
    public let type: DNSType
    /// In which class.
    public let questionClass: DNSClass

    /// A question.
    /// - Parameters:
    ///   - name: of which name.
    ///   - type: for what.
    ///   - questionClass: in which class.
    public init(_ name: DNSName, _ type: DNSType, in questionClass: DNSClass = .internet) {
        self.name = name
        self.type = type
        self.questionClass = questionClass
    }
}

/// A message of DNS: a query or the response to one (RFC 1035 §4.1).
///
/// The reserved bits of the header are written as zero and not looked at. Nothing that is read traps, and the work is
/// bounded by the number of octets: names are followed backwards only.
public struct DNSMessage: Hashable, Sendable {
    /// By which a response is known to belong to its query.
    public var id: UInt16
    /// Whether it is a response (QR).
    public var isResponse: Bool
    /// What kind of query it is or answers.
    public var opcode = DNSOpcode.query
    /// Whether the server has authority for the name asked for (AA).
    public var isAuthoritative = false
    /// Whether something has been left out (TC).
    public var isTruncated = false
    /// Whether the server is asked to ask others (RD).
    public var isRecursionDesired = false
    /// Whether the server would ask others (RA).
    public var isRecursionAvailable = false
    /// What became of the query.
    public var responseCode = DNSResponseCode.noError
    /// What is asked.
    public var questions: [DNSQuestion] = []
    /// What answers it.
    public var answers: [DNSRecord] = []
    /// Where authority for the answer lies.
    public var authorities: [DNSRecord] = []
    /// What may be of use besides.
    public var additionals: [DNSRecord] = []

    /// The most octets of a message in a datagram (RFC 1035 §4.2.1).
    public static let mostDatagramOctets = 512
    /// The most octets of a message on a connection, where its length stands before it (RFC 1035 §4.2.2).
    public static let mostStreamOctets = 65_535
    /// The octets of the header.
    static let headerLength = 12

    /// A query that asks a server to find out whatever it takes.
    /// - Parameters:
    ///   - question: what is asked.
    ///   - id: by which the response will be known.
    public init(asking question: DNSQuestion, id: UInt16) {
        self.id = id
        isResponse = false
        isRecursionDesired = true
        questions = [question]
    }

    /// A response to a query, with nothing in it yet (RFC 1035 §4.1.1: id, opcode and RD are copied).
    /// - Parameters:
    ///   - query: what is answered.
    ///   - responseCode: what became of it.
    public init(answering query: DNSMessage, _ responseCode: DNSResponseCode = .noError) {
        id = query.id
        isResponse = true
        opcode = query.opcode
        isRecursionDesired = query.isRecursionDesired
        self.responseCode = responseCode
        questions = query.questions
    }

    /// A message with nothing but the fields of a header.
    init(id: UInt16, flags: UInt16) {
        self.id = id
        isResponse = flags & 0x8000 != 0
        opcode = DNSOpcode(bits: UInt8(truncatingIfNeeded: flags >> 11))
        isAuthoritative = flags & 0x0400 != 0
        isTruncated = flags & 0x0200 != 0
        isRecursionDesired = flags & 0x0100 != 0
        isRecursionAvailable = flags & 0x0080 != 0
        responseCode = DNSResponseCode(bits: UInt8(truncatingIfNeeded: flags))
    }

    /// The second word of the header.
    var flags: UInt16 {
        (isResponse ? 0x8000 : 0) | UInt16(opcode.rawValue) << 11 | (isAuthoritative ? 0x0400 : 0)
            | (isTruncated ? 0x0200 : 0) | (isRecursionDesired ? 0x0100 : 0) | (isRecursionAvailable ? 0x0080 : 0)
            | UInt16(responseCode.rawValue)
    }
}
