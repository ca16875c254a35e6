/// What a value of the registry holds.
public enum RegistryValue: Hashable, Sendable {
    /// REG_DWORD: 32 bits.
    case dword(UInt32)
    /// REG_SZ: text without control characters.
    case string(String)

    /// The name of the type, as the registry editor shows it.
    public var typeName: String {
        switch self {
        case .dword: "REG_DWORD"
        case .string: "REG_SZ"
        }
    }
}

/// Why a text is not a value.
public enum RegistryValueError: Error, Hashable, Sendable {
    /// Neither `dword:…`, nor a number, nor text in quotes.
    case notAValue(String)
    /// `hex:`, `hex(7):` and their like: a type that no value read here has.
    case unsupportedType(String)
    /// `dword:` without one to eight hexadecimal digits after it.
    case notADWORD(String)
    /// A number that 32 bits cannot hold.
    case outOfRange
    /// Text whose quotes do not close, or with something after them.
    case unclosedText
    /// A backslash before something else than a backslash or a quote.
    case unknownEscape
    /// Text with a control character in it.
    case unprintable
}

extension RegistryValue {
    /// A REG_DWORD of a whole number.
    /// - Parameter number: 0 to 4,294,967,295.
    /// - Throws: ``RegistryValueError/outOfRange``.
    public init(number: Int64) throws(RegistryValueError) {
        guard let bits = UInt32(exactly: number) else { throw .outOfRange }
        self = .dword(bits)
    }

    /// Reads `dword:00000001` (hexadecimal, as in a `.reg` file), `1` (decimal) or `"text"`.
    /// - Parameter text: the value and nothing around it.
    /// - Throws: ``RegistryValueError`` when the text is anything else.
    public init(parsing text: String) throws(RegistryValueError) {
        if text.unicodeScalars.first == "\"" {
            let (content, rest) = try RegistryValue.takeText(from: Substring(text).unicodeScalars)
            guard rest.isEmpty else { throw .unclosedText }
            self = .string(content)
        } else if let colon = text.firstIndex(of: ":") {
            self = try RegistryValue.typed(text[..<colon].lowercased(), text[text.index(after: colon)...])
        } else {
            guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { throw .notAValue(text) }
            guard let number = Int64(text) else { throw .outOfRange }
            self = try RegistryValue(number: number)
        }
    }

    private static func typed(_ type: String, _ digits: Substring) throws(RegistryValueError) -> RegistryValue {
        guard type == "dword" else {
            guard type == "hex" || type.hasPrefix("hex(") else { throw .notAValue("\(type):\(digits)") }
            throw .unsupportedType(type)
        }
        let areDigits = digits.utf8.allSatisfy { UInt8(ascii: "+") != $0 && UInt8(ascii: "-") != $0 }
        guard (1...8).contains(digits.utf8.count), areDigits, let bits = UInt32(digits, radix: 16) else {
            throw .notADWORD(String(digits))
        }
        return .dword(bits)
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
    /// The value as a `.reg` file writes it: `dword:00000001` or `"text"`. It parses to the same value.
    public var description: String {
        switch self {
        case .dword(let bits):
            let digits = String(bits, radix: 16)
            return "dword:" + String(repeating: "0", count: 8 - digits.count) + digits
        case .string(let text): return RegistryValue.inQuotes(text)
        }
    }

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

extension RegistryValueError: CustomStringConvertible {
    /// What was found and what was expected.
    public var description: String {
        switch self {
        case .notAValue(let text):
            "\(quoted(text)) is no value: write dword:00000001, a whole number, or text in quotes"
        case .unsupportedType(let type):
            "values of type \(quoted(type)) are not supported: only dword (REG_DWORD) and text in quotes (REG_SZ) are"
        case .notADWORD(let digits): "\(quoted(digits)) is not one to eight hexadecimal digits"
        case .outOfRange: "a REG_DWORD is 0 to 4294967295"
        case .unclosedText: "text is not one pair of quotes with everything inside"
        case .unknownEscape: "in text a backslash is written \\\\ and a quote \\\""
        case .unprintable: "text has a control character in it"
        }
    }
}
