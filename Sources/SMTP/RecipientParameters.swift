/// The parameters of RCPT: NOTIFY and ORCPT, about reports (RFC 3461 §4.1, §4.2).
public struct RecipientParameters: Hashable, Sendable {
    /// When a report is wanted.
    public struct Conditions: OptionSet, Hashable, Sendable {
        /// One bit for each condition.
        public let rawValue: UInt8
        /// The message was delivered.
        public static let success = Conditions(rawValue: 1)
        /// It could not be delivered.
        public static let failure = Conditions(rawValue: 2)
        /// It is late.
        public static let delay = Conditions(rawValue: 4)
        /// No report, whatever happens.
        public static let never: Conditions = []

        /// Conditions from their bits.
        public init(rawValue: UInt8) { self.rawValue = rawValue }
    }

    /// `NOTIFY=`: when a report is wanted; nil means on failure, and perhaps on delay.
    public var notify: Conditions?
    /// `ORCPT=`: who the sender had named, as in `rfc822;anna@hq.example`, exactly as it came.
    public var originalRecipient: String?

    /// No parameters.
    public init() {}

    /// ``originalRecipient`` as a report writes it: the address type, and the address without xtext (RFC 3464 §2.3.1).
    public var reportedRecipient: String? {
        guard let octets = originalRecipient.map({ Array($0.utf8) }),
            let end = octets.firstIndex(of: UInt8(ascii: ";")),
            let address = XText(parsing: octets[(end + 1)...])
        else { return nil }
        return "\(octets[..<end].text); \(address.printable)"
    }

    /// Reads the parameters.
    /// - Parameter octets: `KEYWORD=value` once or several times with one space between; may be empty.
    /// - Throws: ``CommandError`` when a parameter is unknown, repeated, or its value is none of its values.
    init(parsing octets: ArraySlice<UInt8>) throws(CommandError) {
        guard !octets.isEmpty else { return }
        for parameter in octets.split(separator: .space, omittingEmptySubsequences: false) {
            let (keyword, value) = try MailParameters.parts(of: parameter)
            if keyword.spells("notify") {
                notify = try MailParameters.once(notify, value, RecipientParameters.conditions)
            } else if keyword.spells("orcpt") {
                originalRecipient = try MailParameters.once(originalRecipient, value, RecipientParameters.address)
            } else {
                throw .unknownParameter
            }
        }
    }

    // NEVER stands alone.
    private static func conditions(parsing value: ArraySlice<UInt8>) -> Conditions? {
        if value.spells("never") { return .never }
        var conditions: Conditions = []
        for word in value.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
            switch word {
            case _ where word.spells("success"): conditions.insert(.success)
            case _ where word.spells("failure"): conditions.insert(.failure)
            case _ where word.spells("delay"): conditions.insert(.delay)
            default: return nil
            }
        }
        return conditions
    }

    // An address type and the address in xtext; at most 500 characters (RFC 3461 §4.2).
    private static func address(parsing value: ArraySlice<UInt8>) -> String? {
        let type = value.prefix { $0 != UInt8(ascii: ";") }
        guard !type.isEmpty, type.allSatisfy(\.isAtext), type.endIndex < value.endIndex, value.count <= 500,
            XText(parsing: value[(type.endIndex + 1)...]) != nil
        else { return nil }
        return value.text
    }
}

extension RecipientParameters: CustomStringConvertible {
    /// The parameters as they go on the wire, each with a space before it.
    public var description: String {
        let notify = notify.map { " NOTIFY=\($0)" } ?? ""
        return notify + (originalRecipient.map { " ORCPT=\($0)" } ?? "")
    }
}

extension RecipientParameters.Conditions: CustomStringConvertible {
    /// The value as it goes on the wire.
    public var description: String {
        let words: [(RecipientParameters.Conditions, String)] = [
            (.success, "SUCCESS"), (.failure, "FAILURE"), (.delay, "DELAY"),
        ]
        return self == .never ? "NEVER" : words.filter { contains($0.0) }.map(\.1).joined(separator: ",")
    }
}
