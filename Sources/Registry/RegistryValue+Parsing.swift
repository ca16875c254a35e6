/// The forms in which a `.reg` file writes values.
extension RegistryValue {
    /// A REG_DWORD of a whole number.
    /// - Parameter number: 0 to 4,294,967,295.
    /// - Throws: ``RegistryValueError/outOfRange``.
    public init(number: Int64) throws(RegistryValueError) {
        guard let bits = UInt32(exactly: number) else { throw .outOfRange }
        self = .dword(bits)
    }

    /// Reads what a `.reg` file of version 5.00 writes, or a whole number: `dword:00000001` (hexadecimal), `1`
    /// (decimal), `"text"`, `hex(7):41,00,00,00,00,00`.
    /// - Parameter text: the value in one line and nothing around it.
    /// - Throws: ``RegistryValueError`` when the text is anything else.
    public init(parsing text: String) throws(RegistryValueError) {
        try self.init(parsing: text, format: .version5)
    }

    init(parsing text: String, format: RegistryFileFormat) throws(RegistryValueError) {
        if text.unicodeScalars.first == "\"" {
            let (content, rest) = try RegistryValue.takeText(from: Substring(text).unicodeScalars)
            guard rest.isEmpty else { throw .unclosedText }
            self = .string(content)
        } else if let colon = text.unicodeScalars.firstIndex(of: ":") {
            let type = text[..<colon].lowercased()
            self = try RegistryValue.typed(type, text[text.unicodeScalars.index(after: colon)...], format)
        } else {
            guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { throw .notAValue(text) }
            guard let number = Int64(text) else { throw .outOfRange }
            self = try RegistryValue(number: number)
        }
    }

    private static func typed(
        _ type: String, _ rest: Substring, _ format: RegistryFileFormat
    ) throws(RegistryValueError) -> RegistryValue {
        switch type {
        case "dword": return .dword(try bits(rest))
        case "hex", "hex(3)": return .binary(try octets(rest))
        case "hex(1)": return .string(try format.text(in: octets(rest)))
        case "hex(2)": return .expandString(try format.text(in: octets(rest)))
        case "hex(4)":
            let four = try octets(rest)
            guard four.count == 4 else { throw .notFourOctets(four.count) }
            return .dword(four.reversed().reduce(0) { $0 << 8 | UInt32($1) })
        case "hex(7)": return .multiString(try format.texts(in: octets(rest)))
        default:
            guard type.hasPrefix("hex(") else { throw .notAValue("\(type):\(rest)") }
            throw .unsupportedType(type)
        }
    }

    private static func bits(_ digits: Substring) throws(RegistryValueError) -> UInt32 {
        let areDigits = digits.utf8.allSatisfy { UInt8(ascii: "+") != $0 && UInt8(ascii: "-") != $0 }
        guard (1...8).contains(digits.utf8.count), areDigits, let bits = UInt32(digits, radix: 16) else {
            throw .notADWORD(String(digits))
        }
        return bits
    }

    private static func octets(_ list: Substring) throws(RegistryValueError) -> [UInt8] {
        guard !String(list).trimmed.isEmpty else { return [] }
        var octets: [UInt8] = []
        for piece in list.unicodeScalars.split(separator: ",", omittingEmptySubsequences: false) {
            let digits = String(piece).trimmed
            guard digits.utf8.count <= 2, !digits.hasPrefix("+"), !digits.hasPrefix("-"),
                let octet = UInt8(digits, radix: 16)
            else { throw .notAnOctet(digits) }
            octets.append(octet)
        }
        return octets
    }

    /// Takes text in quotes off the front. In it `\\` is a backslash and `\"` a quote.
    static func takeText(
        from source: Substring.UnicodeScalarView
    ) throws(RegistryValueError) -> (content: String, rest: Substring.UnicodeScalarView) {
        var rest = source.dropFirst()
        var content = String.UnicodeScalarView()
        while let scalar = rest.popFirst() {
            switch scalar {
            case "\"": return (String(content), rest)
            case "\\":
                guard let escaped = rest.popFirst() else { throw .unclosedText }
                guard escaped == "\\" || escaped == "\"" else { throw .unknownEscape }
                content.append(escaped)
            default:
                guard !scalar.isControl else { throw .unprintable }
                content.append(scalar)
            }
        }
        throw .unclosedText
    }
}

extension RegistryValue: CustomStringConvertible {
    /// The value as a `.reg` file of version 5.00 writes it, in one line: `dword:00000001`, `"text"`, `hex:0a,ff`. It
    /// parses to the same value.
    public var description: String { written(.version5) }

    /// The value as a `.reg` file of a generation writes it, in one line.
    func written(_ format: RegistryFileFormat) -> String {
        switch self {
        case .dword(let bits):
            let digits = String(bits, radix: 16)
            return "dword:" + String(repeating: "0", count: 8 - digits.count) + digits
        case .string(let text): return RegistryValue.inQuotes(text)
        case .expandString(let text): return "hex(2):" + RegistryValue.list(format.octets(of: text + "\0"))
        case .multiString(let texts):
            let ended = texts.map { $0 + "\0" }.joined() + "\0"
            return "hex(7):" + RegistryValue.list(format.octets(of: ended))
        case .binary(let octets): return "hex:" + RegistryValue.list(octets)
        }
    }

    private static func list(_ octets: [UInt8]) -> String { octets.map(digits).joined(separator: ",") }

    /// An octet as two hexadecimal digits.
    static func digits(_ octet: UInt8) -> String { (octet < 16 ? "0" : "") + String(octet, radix: 16) }

    static func inQuotes(_ text: String) -> String {
        var escaped = String.UnicodeScalarView("\"".unicodeScalars)
        for scalar in text.unicodeScalars {
            if scalar == "\\" || scalar == "\"" { escaped.append("\\") }
            escaped.append(scalar)
        }
        escaped.append("\"")
        return String(escaped)
    }
}

extension String {
    /// Without the white space and the carriage return around a line.
    var trimmed: String {
        let isBlank = { (scalar: Unicode.Scalar) in scalar == " " || scalar == "\t" || scalar == "\r" }
        var rest = Substring(self).unicodeScalars.drop(while: isBlank)
        while let last = rest.last, isBlank(last) { rest.removeLast() }
        return String(rest)
    }
}
