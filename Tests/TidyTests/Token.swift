/// One piece of Swift source, as small as the rules need it.
struct Token: Equatable {
    enum Kind: Equatable {
        /// An identifier or keyword.
        case word
        /// An identifier in backticks; the text is what stands between them.
        case quotedWord
        /// A number.
        case number
        /// A string literal; the text is what stands between the quotes, interpolations left out.
        case string
        /// A comment with its marks.
        case comment
        /// Any other single character.
        case mark
    }

    var kind: Kind
    var text: String
    /// Counted from 1.
    var line: Int
    /// Where it stands in the file, in octets.
    var range: Range<Int>

    func isMark(_ mark: String) -> Bool { kind == .mark && text == mark }
    func isWord(_ word: String) -> Bool { kind == .word && text == word }

    /// Whether nothing stands between this token and the next one.
    func touches(_ next: Token) -> Bool { range.upperBound == next.range.lowerBound }
}
