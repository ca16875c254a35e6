// The character classes of RFC 5321 §4.1.2 and RFC 5234 appendix B.
extension UInt8 {
    static let carriageReturn: UInt8 = 0x0d
    static let lineFeed: UInt8 = 0x0a
    static let space: UInt8 = 0x20
    static let tab: UInt8 = 0x09
    static let dot: UInt8 = 0x2e

    /// ALPHA or DIGIT.
    var isLetterOrDigit: Bool { isDigit || isLetter }
    /// DIGIT.
    var isDigit: Bool { self >= 0x30 && self <= 0x39 }
    /// ALPHA.
    var isLetter: Bool { (self | 0x20) >= 0x61 && (self | 0x20) <= 0x7a }
    /// The same letter in lower case; anything else is itself.
    var lowercased: UInt8 { self >= 0x41 && self <= 0x5a ? self | 0x20 : self }

    /// What an unquoted local-part is made of (RFC 5322 §3.2.3).
    var isAtext: Bool {
        if isLetterOrDigit { return true }
        switch self {
        case UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "%"), UInt8(ascii: "&"),
            UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "/"),
            UInt8(ascii: "="), UInt8(ascii: "?"), UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "`"),
            UInt8(ascii: "{"), UInt8(ascii: "|"), UInt8(ascii: "}"), UInt8(ascii: "~"):
            return true
        default: return false
        }
    }

    /// What may stand between quotation marks, by itself or after a backslash.
    var isPrintable: Bool { self >= 0x20 && self <= 0x7e }
    /// Printable and not a space: keywords' parameters, queue names.
    var isVisible: Bool { self > 0x20 && self <= 0x7e }
}

extension ArraySlice<UInt8> {
    /// The octets as text without control characters; nil when they are no UTF-8 (RFC 3629): nothing in it is longer
    /// than it need be, and there are no surrogates.
    var printableUTF8: String? {
        guard let text = String(validating: self, as: UTF8.self),
            text.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control })
        else { return nil }
        return text
    }

    /// The octets as text. Only called for octets that are known to be ASCII.
    var text: String { String(decoding: self, as: UTF8.self) }

    /// Whether these octets spell the word in any mixture of cases. The word is given in lower case.
    func spells(_ word: StaticString) -> Bool {
        guard count == word.utf8CodeUnitCount else { return false }
        return word.withUTF8Buffer { expected in zip(self, expected).allSatisfy { $0.lowercased == $1 } }
    }
}
