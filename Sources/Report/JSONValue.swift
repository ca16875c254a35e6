import Events
import Capture

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
        var octets: [UInt8] = []
        write(to: &octets)
        return String(decoding: octets, as: UTF8.self)
    }

    /// Indented for people and for `diff`; arrays and objects that contain no others stay on one line.
    public var document: String {
        var octets: [UInt8] = []
        write(to: &octets, indented: 0)
        octets.append(UInt8(ascii: "\n"))
        return String(decoding: octets, as: UTF8.self)
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
    func write(to octets: inout [UInt8], spaced: Bool = false) {
        switch self {
        case .null: octets.append("null")
        case .bool(let value): octets.append(value ? "true" : "false")
        case .number(let number): octets.append(decimal: number)
        case .unsigned(let number): octets.append("\(number)")
        case .text(let value): JSONValue.quote(value, to: &octets)
        case .array(let values):
            octets.append(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                if index > 0 { octets.append(spaced ? ", " : ",") }
                value.write(to: &octets, spaced: spaced)
            }
            octets.append(UInt8(ascii: "]"))
        case .object(let members):
            octets.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { octets.append(spaced ? ", " : ",") }
                JSONValue.quote(member.key, to: &octets)
                octets.append(spaced ? ": " : ":")
                member.value.write(to: &octets, spaced: spaced)
            }
            octets.append(UInt8(ascii: "}"))
        }
    }

    private func write(to octets: inout [UInt8], indented depth: Int) {
        guard !isFlat else { return write(to: &octets, spaced: true) }
        let indent = "\n" + String(repeating: "  ", count: depth + 1)
        let end = "\n" + String(repeating: "  ", count: depth)
        switch self {
        case .array(let values):
            for (index, value) in values.enumerated() {
                octets.append(index == 0 ? "[" : ",")
                octets.append(indent)
                value.write(to: &octets, indented: depth + 1)
            }
            octets.append(end + "]")
        case .object(let members):
            for (index, member) in members.enumerated() {
                octets.append(index == 0 ? "{" : ",")
                octets.append(indent)
                JSONValue.quote(member.key, to: &octets)
                octets.append(": ")
                member.value.write(to: &octets, indented: depth + 1)
            }
            octets.append(end + "}")
        default: preconditionFailure("a scalar is flat")
        }
    }

    private static func isPlain(_ octet: UInt8) -> Bool {
        octet >= 0x20 && octet < 0x7F && octet != UInt8(ascii: "\"") && octet != UInt8(ascii: "\\")
    }

    /// RFC 8259 §7. What would not show on a terminal is escaped as well, so that a file can be looked at safely.
    static func quote(_ value: String, to octets: inout [UInt8]) {
        octets.append(UInt8(ascii: "\""))
        let start = octets.count
        octets.append(value)
        // Hardly anything that is written needs an escape.
        if !octets[start...].allSatisfy(JSONValue.isPlain) {
            octets.removeSubrange(start...)
            for scalar in value.unicodeScalars { octets.append(escaped(scalar)) }
        }
        octets.append(UInt8(ascii: "\""))
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\"": "\\\""
        case "\\": "\\\\"
        case "\n": "\\n"
        case "\r": "\\r"
        case "\t": "\\t"
        case _ where scalar.isVisible: String(scalar)
        default:
            String(scalar).utf16.reduce(into: "") { text, unit in
                let digits = String(unit, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
        }
    }
}
