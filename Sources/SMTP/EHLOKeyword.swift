/// One line of the reply to EHLO: a service extension and its parameters (RFC 5321 §4.1.1.1).
public struct EHLOKeyword: Hashable, Sendable {
    /// The keyword in upper case.
    public let name: String
    /// What follows it.
    public let parameters: [String]

    /// Reads a line; nil when it is none.
    /// - Parameter line: the text after the reply code.
    public init?(parsing line: String) {
        let words = Array(line.utf8).split(separator: .space)
        guard let first = words.first, let initial = first.first, initial.isLetterOrDigit,
            first.allSatisfy({ $0.isLetterOrDigit || $0 == UInt8(ascii: "-") }),
            words.dropFirst().allSatisfy({ $0.allSatisfy(\.isVisible) })
        else { return nil }
        name = first.text.uppercased()
        parameters = words.dropFirst().map(\.text)
    }
}

/// The service extensions that a server listed in its reply to EHLO.
public struct OfferedExtensions: Hashable, Sendable {
    /// Every line that is a keyword, in the server's order.
    public let keywords: [EHLOKeyword]

    /// No extension: what a server that knows only HELO offers.
    public static let none = OfferedExtensions(keywords: [])

    private init(keywords: [EHLOKeyword]) { self.keywords = keywords }

    /// Reads the reply to EHLO; lines that are no keywords are left aside.
    public init(ehloReply: SMTPReply) {
        keywords = ehloReply.lines.dropFirst().compactMap(EHLOKeyword.init(parsing:))
    }

    /// Whether a keyword, written in upper case, was listed.
    public func offers(_ name: String) -> Bool { keywords.contains { $0.name == name } }

    /// PIPELINING (RFC 2920).
    public var hasPipelining: Bool { offers("PIPELINING") }
    /// 8BITMIME (RFC 6152).
    public var hasEightBitMIME: Bool { offers("8BITMIME") }
    /// CHUNKING (RFC 3030).
    public var hasChunking: Bool { offers("CHUNKING") }
    /// BINARYMIME (RFC 3030), which is nothing without CHUNKING.
    public var hasBinaryMIME: Bool { hasChunking && offers("BINARYMIME") }
    /// SMTPUTF8 (RFC 6531), which is nothing without 8BITMIME.
    public var hasSMTPUTF8: Bool { hasEightBitMIME && offers("SMTPUTF8") }
    /// CHECKPOINT (RFC 1845).
    public var hasCheckpoint: Bool { offers("CHECKPOINT") }
    /// The mechanisms of AUTH (RFC 4954 §3) that are known here.
    public var mechanisms: [SASLMechanism] {
        (keywords.first { $0.name == "AUTH" }?.parameters ?? []).compactMap { SASLMechanism(rawValue: $0.uppercased()) }
    }
    /// STARTTLS (RFC 3207).
    public var hasSTARTTLS: Bool { offers("STARTTLS") }
    /// DSN (RFC 3461).
    public var hasDSN: Bool { offers("DSN") }
    /// MT-PRIORITY (RFC 6710).
    public var hasPriority: Bool { offers("MT-PRIORITY") }
    /// The least time in seconds by which the server promises to return a message (RFC 2852 §2); nil without DELIVERBY.
    public var leastDeliverBy: Int? {
        guard let keyword = keywords.first(where: { $0.name == "DELIVERBY" }) else { return nil }
        return keyword.parameters.first.flatMap { Int($0) } ?? 0
    }
    /// LIMITS (RFC 9422): how much the server takes in one session.
    public var limits: OfferedLimits {
        OfferedLimits(parsing: keywords.first { $0.name == "LIMITS" }?.parameters ?? [])
    }
    /// ETRN (RFC 1985).
    public var hasETRN: Bool { offers("ETRN") }
    /// ATRN (RFC 2645).
    public var hasATRN: Bool { offers("ATRN") }
    /// SIZE (RFC 1870), with or without a limit.
    public var hasSize: Bool { offers("SIZE") }

    /// The largest message the server takes, in octets; nil when it named none, or 0 for none (RFC 1870 §4).
    public var sizeLimit: Int? {
        guard let text = keywords.first(where: { $0.name == "SIZE" })?.parameters.first else { return nil }
        guard let limit = MailParameters.size(parsing: Array(text.utf8)[...]), limit > 0 else { return nil }
        return limit
    }
}
