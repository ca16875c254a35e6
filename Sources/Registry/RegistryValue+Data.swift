/// Values as reg.exe spells them: `/t REG_DWORD /d 0x1`.
extension RegistryValue {
    /// Reads what stands behind `/d` as a value of the type that stands behind `/t`.
    /// - Parameters:
    ///   - data: the text; nil when there is no `/d`.
    ///   - kind: the type.
    ///   - separator: what stands between the texts of a REG_MULTI_SZ.
    /// - Throws: ``RegistryDataError`` when the text is no such value.
    public init(data: String?, kind: Kind, separator: String = "\\0") throws(RegistryDataError) {
        let text = data ?? ""
        guard RegistryHive.isPrintable(text) else { throw .unprintable }
        switch kind {
        case .string: self = .string(text)
        case .expandString: self = .expandString(text)
        case .dword: self = .dword(try RegistryValue.number(text))
        case .binary: self = .binary(try RegistryValue.octets(text))
        case .multiString: self = .multiString(try RegistryValue.texts(text, separator: separator))
        }
    }

    /// The content as reg.exe shows it: `0x1`, text, `first\0second`, `0AFF`.
    public var data: String {
        switch self {
        case .dword(let bits): "0x" + String(bits, radix: 16)
        case .string(let text), .expandString(let text): text
        case .multiString(let texts): texts.joined(separator: "\\0")
        case .binary(let octets): octets.map(RegistryValue.digits).joined().uppercased()
        }
    }

    private static func number(_ text: String) throws(RegistryDataError) -> UInt32 {
        let isHexadecimal = text.lowercased().hasPrefix("0x")
        let digits = isHexadecimal ? String(text.dropFirst(2)) : text
        let radix = isHexadecimal ? 16 : 10
        guard !digits.isEmpty, digits.unicodeScalars.allSatisfy({ UInt8(String($0), radix: radix) != nil }) else {
            throw .notANumber(text)
        }
        guard let bits = UInt32(digits, radix: radix) else { throw .outOfRange(text) }
        return bits
    }

    private static func octets(_ text: String) throws(RegistryDataError) -> [UInt8] {
        let digits = Array(text.utf8)
        guard digits.count.isMultiple(of: 2) else { throw .notOctets(text) }
        var octets: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            let pair = digits[index...index + 1].map { UInt8(String(Unicode.Scalar($0)), radix: 16) }
            guard let high = pair[0], let low = pair[1] else { throw .notOctets(text) }
            octets.append(high << 4 | low)
        }
        return octets
    }

    private static func texts(_ text: String, separator: String) throws(RegistryDataError) -> [String] {
        guard !separator.isEmpty else { throw .emptySeparator }
        guard !text.isEmpty else { return [] }
        var texts = text.pieces(between: separator)
        if texts.last?.isEmpty == true { texts.removeLast() }
        guard !texts.contains("") else { throw .emptyText(text) }
        return texts
    }
}

/// Why a text is not the data of a value.
public enum RegistryDataError: Error, Hashable, Sendable {
    /// A type that no value has here.
    case unknownType(String)
    /// Neither decimal nor, after `0x`, hexadecimal.
    case notANumber(String)
    /// A number that 32 bits cannot hold.
    case outOfRange(String)
    /// Not two hexadecimal digits for each octet.
    case notOctets(String)
    /// An empty text inside a list would end it.
    case emptyText(String)
    /// Nothing cannot separate.
    case emptySeparator
    /// A control character.
    case unprintable
}

extension RegistryValue.Kind {
    /// Reads the name of a type, in any case.
    /// - Throws: ``RegistryDataError/unknownType(_:)``.
    public init(named name: String) throws(RegistryDataError) {
        guard let kind = Self(rawValue: name.uppercased()) else { throw .unknownType(name) }
        self = kind
    }
}

extension RegistryDataError: CustomStringConvertible {
    /// What was found and what was expected.
    public var description: String {
        switch self {
        case .unknownType(let name):
            "\(quoted(name)) is none of \(RegistryValue.Kind.allCases.map(\.rawValue).joined(separator: ", "))"
        case .notANumber(let text): "\(quoted(text)) is no number: a REG_DWORD is 1 or 0x1"
        case .outOfRange(let text): "\(quoted(text)) is out of range: a REG_DWORD is 0 to 4294967295"
        case .notOctets(let text): "\(quoted(text)) is not two hexadecimal digits for each octet of a REG_BINARY"
        case .emptyText(let text): "\(quoted(text)) has an empty text in it, which would end the REG_MULTI_SZ"
        case .emptySeparator: "nothing cannot separate the texts of a REG_MULTI_SZ"
        case .unprintable: "the text has a control character in it"
        }
    }
}

extension String {
    /// What stands before, between and after the places of a separator that is not empty.
    fileprivate func pieces(between separator: String) -> [String] {
        var pieces: [String] = []
        var piece: [Unicode.Scalar] = []
        var rest = unicodeScalars[...]
        while let first = rest.first {
            if rest.starts(with: separator.unicodeScalars) {
                rest = rest.dropFirst(separator.unicodeScalars.count)
                pieces.append(String(String.UnicodeScalarView(piece)))
                piece = []
            } else {
                piece.append(first)
                rest = rest.dropFirst()
            }
        }
        return pieces + [String(String.UnicodeScalarView(piece))]
    }
}
