/// The parameters of MAIL: SIZE (RFC 1870), BODY (RFC 6152, RFC 3030), RET and ENVID (RFC 3461), MT-PRIORITY
/// (RFC 6710), TRANSID (RFC 1845), BY (RFC 2852), SMTPUTF8 (RFC 6531) and AUTH (RFC 4954).
public struct MailParameters: Hashable, Sendable {
    /// How much of a message its report returns (RFC 3461 §4.3).
    public enum ReturnedContent: Hashable, Sendable {
        /// All of it.
        case full
        /// Its header.
        case headers
    }

    /// `SIZE=`: the octets of the content to come. A number beyond 63 bits is held as the largest integer, which is
    /// beyond any limit too.
    public var size: Int?
    /// `BODY=`: what the content is made of; nil means 7BIT.
    public var body: BodyType?
    /// `RET=`: what a report of failure returns; nil leaves it to the server.
    public var returnedContent: ReturnedContent?
    /// `ENVID=`: what the sender calls this sending of the message, for its reports.
    public var envelopeID: XText?
    /// `MT-PRIORITY=`: how urgent it is; nil means normal.
    public var priority: MessagePriority?
    /// `TRANSID=`: what this transfer is called, for the case that it breaks off.
    public var transactionID: TransactionID?
    /// `BY=`: by when it is to be delivered; nil for no such time.
    public var deliverBy: DeliverBy?

    /// `SMTPUTF8`: addresses and header fields may be written in UTF-8.
    public var isSMTPUTF8 = false
    /// `AUTH=`: who has submitted the message, as the client says; `<>` for nobody that it would answer for (RFC 4954
    /// §5). Nobody is trusted with it here: the server takes it for `<>`.
    public var submitter: ReversePath?

    /// Parameters from their values; nil for those that are not given.
    /// - Parameters:
    ///   - size: the octets of the content to come.
    ///   - body: what the content is made of.
    public init(size: Int? = nil, body: BodyType? = nil) {
        precondition(size.map { $0 >= 0 } ?? true, "a size is not negative")
        self.size = size
        self.body = body
    }

    /// Reads the parameters.
    /// - Parameter octets: `KEYWORD=value` once or several times with one space between; may be empty.
    /// - Throws: ``CommandError`` when a parameter is unknown, repeated, or its value is none of its values.
    public init(parsing octets: ArraySlice<UInt8>) throws(CommandError) {
        self.init()
        guard !octets.isEmpty else { return }
        for parameter in octets.split(separator: .space, omittingEmptySubsequences: false) {
            let (keyword, value) = try MailParameters.parts(of: parameter)
            try set(keyword, value)
        }
    }

    private mutating func set(_ keyword: ArraySlice<UInt8>, _ value: ArraySlice<UInt8>?) throws(CommandError) {
        switch keyword {
        case _ where keyword.spells("size"): size = try MailParameters.once(size, value, MailParameters.size)
        case _ where keyword.spells("body"): body = try MailParameters.once(body, value, MailParameters.body)
        case _ where keyword.spells("ret"):
            returnedContent = try MailParameters.once(returnedContent, value, MailParameters.returnedContent)
        case _ where keyword.spells("envid"):
            envelopeID = try MailParameters.once(envelopeID, value) { $0.count <= 100 ? XText(parsing: $0) : nil }
        case _ where keyword.spells("mt-priority"):
            priority = try MailParameters.once(priority, value, MessagePriority.init(parsing:))
        case _ where keyword.spells("by"):
            deliverBy = try MailParameters.once(deliverBy, value, DeliverBy.init(parsing:))
        case _ where keyword.spells("smtputf8"):
            guard !isSMTPUTF8 else { throw .repeatedParameter }
            guard value == nil else { throw .badParameter }
            isSMTPUTF8 = true
        case _ where keyword.spells("auth"):
            submitter = try MailParameters.once(submitter, value, MailParameters.submitter)
        case _ where keyword.spells("transid"):
            transactionID = try MailParameters.once(transactionID, value) { TransactionID(parsing: $0) }
        default: throw .unknownParameter
        }
    }

    /// The value of a parameter that may be given once.
    static func once<Value>(
        _ former: Value?, _ octets: ArraySlice<UInt8>?, _ parse: (ArraySlice<UInt8>) -> Value?
    ) throws(CommandError) -> Value {
        guard former == nil else { throw .repeatedParameter }
        guard let octets, let value = parse(octets) else { throw .badParameter }
        return value
    }

    /// Keyword and value of one parameter, in any command (RFC 5321 §4.1.2, esmtp-param).
    static func parts(
        of parameter: ArraySlice<UInt8>
    ) throws(CommandError) -> (keyword: ArraySlice<UInt8>, value: ArraySlice<UInt8>?) {
        let keyword = parameter.prefix { $0 != UInt8(ascii: "=") }
        guard let first = keyword.first, first.isLetterOrDigit,
            keyword.allSatisfy({ $0.isLetterOrDigit || $0 == UInt8(ascii: "-") })
        else { throw .badParameter }
        guard keyword.endIndex < parameter.endIndex else { return (keyword, nil) }
        let value = parameter[(keyword.endIndex + 1)...]
        guard !value.isEmpty, value.allSatisfy({ $0.isVisible && $0 != UInt8(ascii: "=") }) else {
            throw .badParameter
        }
        return (keyword, value)
    }

    /// One to twenty digits (RFC 1870 §4), held at the largest integer if there is no room for more.
    static func size(parsing digits: ArraySlice<UInt8>) -> Int? {
        guard (1...20).contains(digits.count), digits.allSatisfy(\.isDigit) else { return nil }
        return digits.reduce(0) { (sum: Int, digit: UInt8) in
            let (product, overflow) = sum.multipliedReportingOverflow(by: 10)
            let (total, carry) = product.addingReportingOverflow(Int(digit - 0x30))
            return overflow || carry ? .max : total
        }
    }

    // RFC 4954 §5: a mailbox in xtext, or `<>`.
    private static func submitter(parsing value: ArraySlice<UInt8>) -> ReversePath? {
        guard !value.spells("<>") else { return .null }
        return XText(parsing: value).flatMap { try? Mailbox(parsing: $0.decoded[...]) }.map { .mailbox($0) }
    }

    private static func body(parsing value: ArraySlice<UInt8>) -> BodyType? {
        if value.spells("7bit") { return .sevenBit }
        if value.spells("8bitmime") { return .eightBitMIME }
        return value.spells("binarymime") ? .binaryMIME : nil
    }

    private static func returnedContent(parsing value: ArraySlice<UInt8>) -> ReturnedContent? {
        if value.spells("full") { return .full }
        return value.spells("hdrs") ? .headers : nil
    }
}

extension MailParameters: CustomStringConvertible {
    /// The parameters as they go on the wire, each with a space before it.
    public var description: String {
        var text = size.map { " SIZE=\($0)" } ?? ""
        switch body {
        case nil: break
        case .sevenBit: text += " BODY=7BIT"
        case .eightBitMIME: text += " BODY=8BITMIME"
        case .binaryMIME: text += " BODY=BINARYMIME"
        }
        if isSMTPUTF8 { text += " SMTPUTF8" }
        switch submitter {
        case nil: break
        case .null: text += " AUTH=<>"
        case .mailbox(let mailbox): text += XText(encoding: mailbox.description).map { " AUTH=\($0.encoded)" } ?? ""
        }
        if let returnedContent { text += returnedContent == .full ? " RET=FULL" : " RET=HDRS" }
        if let envelopeID { text += " ENVID=\(envelopeID.encoded)" }
        if let priority { text += " MT-PRIORITY=\(priority)" }
        if let transactionID { text += " TRANSID=\(transactionID)" }
        if let deliverBy { text += " BY=\(deliverBy)" }
        return text
    }
}
