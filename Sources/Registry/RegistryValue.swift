/// What a value of the registry holds.
public enum RegistryValue: Hashable, Sendable {
    /// The types that are known here, by the names that the registry editor shows.
    public enum Kind: String, CaseIterable, Hashable, Sendable {
        /// 32 bits.
        case dword = "REG_DWORD"
        /// Text.
        case string = "REG_SZ"
        /// Text in which names of the environment stand between percent signs.
        case expandString = "REG_EXPAND_SZ"
        /// A list of texts.
        case multiString = "REG_MULTI_SZ"
        /// Octets.
        case binary = "REG_BINARY"
    }

    /// REG_DWORD: 32 bits.
    case dword(UInt32)
    /// REG_SZ: text without control characters.
    case string(String)
    /// REG_EXPAND_SZ: text without control characters, with `%SystemRoot%` and its like as they stand.
    case expandString(String)
    /// REG_MULTI_SZ: texts without control characters, none of them empty, for an empty one ends the list.
    case multiString([String])
    /// REG_BINARY: octets.
    case binary([UInt8])

    /// The type.
    public var kind: Kind {
        switch self {
        case .dword: .dword
        case .string: .string
        case .expandString: .expandString
        case .multiString: .multiString
        case .binary: .binary
        }
    }

    /// The name of the type, as the registry editor shows it.
    public var typeName: String { kind.rawValue }

    /// All text in it.
    var texts: [String] {
        switch self {
        case .dword, .binary: []
        case .string(let text), .expandString(let text): [text]
        case .multiString(let texts): texts
        }
    }
}

/// Why a text is not a value.
public enum RegistryValueError: Error, Hashable, Sendable {
    /// Neither `dword:…`, nor `hex…:…`, nor a number, nor text in quotes.
    case notAValue(String)
    /// `hex(b):` and its like: a type that no value read here has.
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
    /// Between the commas of `hex:` stands something else than an octet in hexadecimal.
    case notAnOctet(String)
    /// `hex(4):` with another number of octets than four.
    case notFourOctets(Int)
    /// Octets that are no text in UTF-16, little end first.
    case notText
    /// Octets after the zero that ends a text, or after the empty text that ends a list.
    case textAfterEnd
    /// A backslash says that the value goes on, and the file ends.
    case unfinished
}

extension RegistryValueError: CustomStringConvertible {
    /// What was found and what was expected.
    public var description: String {
        switch self {
        case .notAValue(let text):
            "\(quoted(text)) is no value: write dword:00000001, a whole number, text in quotes, or hex:"
        case .unsupportedType(let type):
            "values of type \(quoted(type)) are not supported: only dword (REG_DWORD), text in quotes (REG_SZ), "
                + "hex(2) (REG_EXPAND_SZ), hex(7) (REG_MULTI_SZ) and hex (REG_BINARY) are"
        case .notADWORD(let digits): "\(quoted(digits)) is not one to eight hexadecimal digits"
        case .outOfRange: "a REG_DWORD is 0 to 4294967295"
        case .unclosedText: "text is not one pair of quotes with everything inside"
        case .unknownEscape: "in text a backslash is written \\\\ and a quote \\\""
        case .unprintable: "text has a control character in it"
        case .notAnOctet(let piece): "\(quoted(piece)) is not an octet: one or two hexadecimal digits"
        case .notFourOctets(let count): "a REG_DWORD has 4 octets, not \(count)"
        case .notText: "the octets are no text in UTF-16, little end first"
        case .textAfterEnd: "octets follow after the end of the text"
        case .unfinished: "the value goes on after a backslash, but the file ends"
        }
    }
}
