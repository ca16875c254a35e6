/// A JSON text in the making (RFC 8259).
///
/// Objects keep the order in which their members were written, numbers are whole, and the escaping is fixed, so the
/// same values give the same octets on every machine.
public enum JSONValue: Sendable {
    /// Nothing known.
    case null
    /// True or false.
    case bool(Bool)
    /// A whole number.
    case number(Int64)
    /// A whole number that may be greater than any signed one, such as a seed.
    case unsigned(UInt64)
    /// Text, unescaped.
    case text(String)
    /// Values in order.
    case array([JSONValue])
    /// Members in order; no key twice.
    case object([(key: String, value: JSONValue)])

    /// A whole number.
    public static func number(_ number: Int) -> JSONValue { .number(Int64(number)) }

    /// All of it on one line, without blanks.
    public var line: String {
        var text = ""
        write(to: &text)
        return text
    }

    /// Indented for people and for `diff`; arrays and objects that contain no others stay on one line.
    public var document: String {
        var text = ""
        write(to: &text, indented: 0)
        return text + "\n"
    }
}

extension JSONValue {
    private var isFlat: Bool {
        switch self {
        case .array(let values): values.allSatisfy(\.isScalar)
        case .object(let members): members.allSatisfy(\.value.isScalar)
        default: true
        }
    }

    private var isScalar: Bool {
        switch self {
        case .array, .object: false
        default: true
        }
    }

    /// Writes compactly, with blanks after commas and colons when `spaced`.
    private func write(to text: inout String, spaced: Bool = false) {
        switch self {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .number(let number): text += "\(number)"
        case .unsigned(let number): text += "\(number)"
        case .text(let value): JSONValue.quote(value, to: &text)
        case .array(let values):
            text += "["
            for (index, value) in values.enumerated() {
                if index > 0 { text += spaced ? ", " : "," }
                value.write(to: &text, spaced: spaced)
            }
            text += "]"
        case .object(let members):
            text += "{"
            for (index, member) in members.enumerated() {
                if index > 0 { text += spaced ? ", " : "," }
                JSONValue.quote(member.key, to: &text)
                text += spaced ? ": " : ":"
                member.value.write(to: &text, spaced: spaced)
            }
            text += "}"
        }
    }

    private func write(to text: inout String, indented depth: Int) {
        guard !isFlat else { return write(to: &text, spaced: true) }
        let indent = "\n" + String(repeating: "  ", count: depth + 1)
        let end = "\n" + String(repeating: "  ", count: depth)
        switch self {
        case .array(let values):
            for (index, value) in values.enumerated() {
                text += (index == 0 ? "[" : ",") + indent
                value.write(to: &text, indented: depth + 1)
            }
            text += end + "]"
        case .object(let members):
            for (index, member) in members.enumerated() {
                text += (index == 0 ? "{" : ",") + indent
                JSONValue.quote(member.key, to: &text)
                text += ": "
                member.value.write(to: &text, indented: depth + 1)
            }
            text += end + "}"
        default: preconditionFailure("a scalar is flat")
        }
    }

    /// RFC 8259 §7. What would not show on a terminal is escaped as well, so that a file can be looked at safely.
    private static func quote(_ value: String, to text: inout String) {
        text += "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case _ where scalar.isVisible: text.unicodeScalars.append(scalar)
            default:
                for unit in String(scalar).utf16 {
                    let digits = String(unit, radix: 16)
                    text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
            }
        }
        text += "\""
    }
}
