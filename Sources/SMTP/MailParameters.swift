/// The parameters of MAIL: SIZE (RFC 1870) and BODY (RFC 6152, RFC 3030).
public struct MailParameters: Hashable, Sendable {
    /// `SIZE=`: the octets of the content to come. A number beyond 63 bits is held as the largest integer, which is
    /// beyond any limit too.
    public var size: Int?
    /// `BODY=`: what the content is made of; nil means 7BIT.
    public var body: BodyType?

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
            if keyword.spells("size") {
                guard size == nil else { throw .repeatedParameter }
                guard let value, let number = MailParameters.size(parsing: value) else { throw .badParameter }
                size = number
            } else if keyword.spells("body") {
                guard body == nil else { throw .repeatedParameter }
                guard let value, let type = MailParameters.body(parsing: value) else { throw .badParameter }
                body = type
            } else {
                throw .unknownParameter
            }
        }
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

    private static func body(parsing value: ArraySlice<UInt8>) -> BodyType? {
        if value.spells("7bit") { return .sevenBit }
        if value.spells("8bitmime") { return .eightBitMIME }
        return value.spells("binarymime") ? .binaryMIME : nil
    }
}

extension MailParameters: CustomStringConvertible {
    /// The parameters as they go on the wire, each with a space before it.
    public var description: String {
        let size = size.map { " SIZE=\($0)" } ?? ""
        return switch body {
        case nil: size
        case .sevenBit: size + " BODY=7BIT"
        case .eightBitMIME: size + " BODY=8BITMIME"
        case .binaryMIME: size + " BODY=BINARYMIME"
        }
    }
}
