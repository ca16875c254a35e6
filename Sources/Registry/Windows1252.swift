/// The code page of western Windows, in which the older `.reg` files are written.
///
/// Every octet is a character; the five that the code page leaves free are C1 controls, as Windows has them.
enum Windows1252 {
    /// What 0x80 to 0x9F mean; everything else is as in ISO 8859-1.
    private static let special: [Unicode.Scalar] = [
        "\u{20AC}", "\u{81}", "\u{201A}", "\u{192}", "\u{201E}", "\u{2026}", "\u{2020}", "\u{2021}", "\u{2C6}",
        "\u{2030}", "\u{160}", "\u{2039}", "\u{152}", "\u{8D}", "\u{17D}", "\u{8F}", "\u{90}", "\u{2018}", "\u{2019}",
        "\u{201C}", "\u{201D}", "\u{2022}", "\u{2013}", "\u{2014}", "\u{2DC}", "\u{2122}", "\u{161}", "\u{203A}",
        "\u{153}", "\u{9D}", "\u{17E}", "\u{178}",
    ]

    /// The text that octets mean.
    static func text(_ octets: [UInt8]) -> String {
        var text = String.UnicodeScalarView()
        for octet in octets {
            text.append((0x80...0x9F).contains(octet) ? special[Int(octet) - 0x80] : Unicode.Scalar(octet))
        }
        return String(text)
    }

    /// The octet of a character; nil when the code page lacks it.
    static func octet(of scalar: Unicode.Scalar) -> UInt8? {
        if scalar.value < 0x80 || (0xA0...0xFF).contains(scalar.value) { return UInt8(scalar.value) }
        return special.firstIndex(of: scalar).map { UInt8($0 + 0x80) }
    }
}
