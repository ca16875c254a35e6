/// Why octets are not a domain or an address literal.
public enum DomainError: Error, Hashable, Sendable {
    /// Nothing was written.
    case empty
    /// Two dots in a row, or a dot at either end.
    case emptyLabel
    /// Something else than letters, digits and hyphens: also an underscore.
    case badCharacter
    /// A label begins or ends with a hyphen.
    case hyphenAtEdge
    /// A label of more than 63 octets (RFC 1035 §2.3.4).
    case labelTooLong
    /// More than 255 octets (RFC 5321 §4.5.3.1.2).
    case tooLong
    /// Brackets around something that is neither an IPv4 address nor `IPv6:` and an IPv6 address.
    case badAddressLiteral
}

/// A host or mail domain as SMTP writes it: a name of LDH labels, or an address literal (RFC 5321 §4.1.2, §4.1.3).
///
/// Two domains are equal when they differ in the case of US-ASCII letters only; the spelling is kept for what is
/// written on the wire. International names appear as A-labels, or as U-labels where SMTPUTF8 allows them. Of the
/// general address literals only `IPv6:` exists, since no other tag was ever registered.
public struct Domain: Hashable, Sendable {
    /// The domain as it was written.
    public let spelling: String
    /// The domain in lower case: the same for equal domains, and fit as a key in a store.
    public let folded: String

    /// Reads a domain or an address literal.
    /// - Parameters:
    ///   - octets: the domain alone, without spaces around it.
    ///   - alphabet: what its labels may be written in.
    /// - Throws: ``DomainError`` when the octets are anything else.
    public init(parsing octets: ArraySlice<UInt8>, in alphabet: AddressAlphabet = .ascii) throws(DomainError) {
        guard let first = octets.first else { throw .empty }
        guard octets.count <= 255 else { throw .tooLong }
        if first == UInt8(ascii: "[") {
            guard AddressLiteral.isValid(octets) else { throw .badAddressLiteral }
        } else {
            try Domain.checkLabels(octets, alphabet)
        }
        spelling = octets.text
        let isFolded = octets.allSatisfy { $0 == $0.lowercased }
        folded = isFolded ? spelling : String(decoding: octets.lazy.map(\.lowercased), as: UTF8.self)
    }

    /// Reads a domain or an address literal from text.
    /// - Parameter text: the domain alone.
    /// - Throws: ``DomainError`` when the text is anything else.
    public init(parsing text: String) throws(DomainError) {
        try self.init(parsing: Array(text.utf8)[...])
    }

    /// Whether this is an address in brackets instead of a name.
    public var isAddressLiteral: Bool { spelling.utf8.first == UInt8(ascii: "[") }

    /// Whether it is written in US-ASCII.
    public var isASCII: Bool { spelling.utf8.allSatisfy { $0 < 0x80 } }

    /// How many labels the name has; 0 for an address literal.
    public var labelCount: Int {
        isAddressLiteral ? 0 : spelling.utf8.reduce(1) { $1 == .dot ? $0 + 1 : $0 }
    }

    /// Whether this name lies strictly below another, on a label boundary: `a.example` below `example`.
    public func isSubdomain(of parent: Domain) -> Bool {
        guard !isAddressLiteral, !parent.isAddressLiteral else { return false }
        let name = folded.utf8
        let suffix = parent.folded.utf8
        guard name.count > suffix.count, name.suffix(suffix.count).elementsEqual(suffix) else { return false }
        return name.dropLast(suffix.count).last == .dot
    }

    /// The name without its first label: `example` for `a.example`; nil when nothing is left.
    public var parent: Domain? {
        guard !isAddressLiteral, let dot = folded.utf8.firstIndex(of: .dot) else { return nil }
        return try? Domain(parsing: Array(folded.utf8[dot...].dropFirst())[...], in: .utf8)
    }

    private static func checkLabels(
        _ octets: ArraySlice<UInt8>, _ alphabet: AddressAlphabet
    ) throws(DomainError) {
        if alphabet == .utf8, octets.contains(where: { $0 >= 0x80 }), !haveLettersAlone(octets) { throw .badCharacter }
        var labelLength = 0
        var previous = UInt8.dot
        for octet in octets {
            if octet == .dot {
                guard labelLength > 0 else { throw .emptyLabel }
                guard previous != UInt8(ascii: "-") else { throw .hyphenAtEdge }
                labelLength = 0
            } else {
                guard octet.isLetterOrDigit || octet == UInt8(ascii: "-") || alphabet.allows(octet) else {
                    throw .badCharacter
                }
                guard labelLength > 0 || octet != UInt8(ascii: "-") else { throw .hyphenAtEdge }
                labelLength += 1
                guard labelLength <= 63 else { throw .labelTooLong }
            }
            previous = octet
        }
        guard labelLength > 0 else { throw .emptyLabel }
        guard previous != UInt8(ascii: "-") else { throw .hyphenAtEdge }
    }

    // What a U-label has beyond US-ASCII: letters, marks and digits (RFC 5892 §2.1), and so no other spaces and dots.
    private static func haveLettersAlone(_ octets: ArraySlice<UInt8>) -> Bool {
        guard let text = String(validating: octets, as: UTF8.self) else { return false }
        return text.unicodeScalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .lowercaseLetter, .uppercaseLetter, .otherLetter, .modifierLetter, .nonspacingMark, .spacingMark,
                .decimalNumber:
                true
            default: scalar.isASCII
            }
        }
    }

    /// Whether both are the same domain in any spelling.
    public static func == (left: Domain, right: Domain) -> Bool { left.folded == right.folded }
    /// Hashes what equality compares.
    public func hash(into hasher: inout Hasher) { hasher.combine(folded) }
}

extension Domain: Comparable {
    /// Alphabetical order of the names in lower case: the same on every machine.
    public static func < (left: Domain, right: Domain) -> Bool { left.folded < right.folded }
}

extension Domain: CustomStringConvertible {
    /// The domain as it was written.
    public var description: String { spelling }
}
