/// `class.subject.detail`, the finer status in front of a reply's text (RFC 2034, RFC 3463).
public struct EnhancedStatusCode: Hashable, Sendable {
    /// 2 for success, 4 for a persistent transient failure, 5 for a permanent failure.
    public let statusClass: UInt8
    /// What it is about, 0 to 999.
    public let subject: UInt16
    /// What exactly, 0 to 999.
    public let detail: UInt16

    /// A status code; the class is 2, 4 or 5, the other two are at most 999.
    public init(_ statusClass: UInt8, _ subject: UInt16, _ detail: UInt16) {
        precondition(statusClass == 2 || statusClass == 4 || statusClass == 5, "a status class is 2, 4 or 5")
        precondition(subject <= 999 && detail <= 999, "subject and detail have at most three digits")
        self.statusClass = statusClass
        self.subject = subject
        self.detail = detail
    }

    /// Reads `5.7.1`; nil when the octets are anything else. No number has a leading zero (RFC 2034 §4).
    public init?(parsing octets: ArraySlice<UInt8>) {
        let parts = octets.split(separator: .dot, omittingEmptySubsequences: false)
        guard parts.count == 3, let first = parts[0].first, parts[0].count == 1,
            [UInt8(ascii: "2"), UInt8(ascii: "4"), UInt8(ascii: "5")].contains(first),
            let subject = EnhancedStatusCode.number(parts[1]), let detail = EnhancedStatusCode.number(parts[2])
        else { return nil }
        self.init(first - 0x30, subject, detail)
    }

    /// How many octets it has as it is written.
    var length: Int { "\(self)".utf8.count }

    private static func number(_ digits: ArraySlice<UInt8>) -> UInt16? {
        guard (1...3).contains(digits.count), digits.allSatisfy(\.isDigit),
            digits.count == 1 || digits.first != UInt8(ascii: "0")
        else { return nil }
        return digits.reduce(0) { $0 * 10 + UInt16($1 - 0x30) }
    }
}

extension EnhancedStatusCode: CustomStringConvertible {
    /// The code as it is written: `5.7.1`.
    public var description: String { "\(statusClass).\(subject).\(detail)" }
}
