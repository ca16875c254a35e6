extension String {
    /// The text as it may stand on a terminal: nothing in it can move the cursor, change a colour or hide a word.
    ///
    /// Control characters become `\n`, `\r`, `\t` or `\u{1b}`; so do the invisible ones that reorder or join text.
    /// Whatever a peer has said goes through here before it is shown.
    public var printable: String {
        guard !utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }), unicodeScalars.contains(where: { !$0.isVisible }) else {
            return self
        }
        return unicodeScalars.reduce(into: "") { text, scalar in
            switch scalar {
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case _ where scalar.isVisible: text.unicodeScalars.append(scalar)
            default: text += "\\u{\(String(scalar.value, radix: 16))}"
            }
        }
    }
}

extension Unicode.Scalar {
    /// Whether the scalar shows, or is a space, and does nothing else.
    public var isVisible: Bool {
        if isASCII { return value >= 0x20 && value < 0x7f }
        switch properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: return false
        default: return true
        }
    }
}
