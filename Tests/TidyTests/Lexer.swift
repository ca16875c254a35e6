/// Cuts Swift source into tokens: enough of the grammar that no rule is deceived by a comment or a string.
///
/// Interpolations are code and come out as tokens of their own. Regular expression literals are not known: the
/// sources have none.
struct Lexer {
    private let octets: [UInt8]
    private var index = 0
    private var line = 1
    private var tokens: [Token] = []

    static func tokens(of text: String) -> [Token] {
        var lexer = Lexer(octets: Array(text.utf8))
        lexer.readCode(untilParenthesis: false)
        return lexer.tokens
    }

    private init(octets: [UInt8]) { self.octets = octets }

    /// Reads to the end of the text, or past the parenthesis that ends an interpolation.
    private mutating func readCode(untilParenthesis: Bool) {
        var depth = 0
        while index < octets.count {
            let octet = octets[index]
            switch octet {
            case UInt8(ascii: "\n"):
                line += 1
                index += 1
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"):
                index += 1
            case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "/"): readLineComment()
            case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "*"): readBlockComment()
            case UInt8(ascii: "\""): readString(hashes: 0)
            case UInt8(ascii: "#") where hashesBeforeQuote > 0: readString(hashes: hashesBeforeQuote)
            case UInt8(ascii: "`"): readQuotedWord()
            case _ where isWordOctet(octet): readWord()
            default:
                if octet == UInt8(ascii: "(") { depth += 1 }
                if octet == UInt8(ascii: ")") { depth -= 1 }
                append(.mark, from: index, to: index + 1)
                if untilParenthesis, depth < 0 { return }
            }
        }
    }

    private mutating func readLineComment() {
        let start = index
        while index < octets.count, octets[index] != UInt8(ascii: "\n") { index += 1 }
        append(.comment, from: start, to: index)
    }

    private mutating func readBlockComment() {
        let (start, firstLine) = (index, line)
        var depth = 0
        repeat {
            if peek(0) == UInt8(ascii: "/"), peek(1) == UInt8(ascii: "*") {
                depth += 1
                index += 2
            } else if peek(0) == UInt8(ascii: "*"), peek(1) == UInt8(ascii: "/") {
                depth -= 1
                index += 2
            } else {
                if peek(0) == UInt8(ascii: "\n") { line += 1 }
                index += 1
            }
        } while depth > 0 && index < octets.count
        append(.comment, from: start, to: min(index, octets.count), line: firstLine)
    }

    private mutating func readQuotedWord() {
        let start = index
        index += 1
        while let octet = peek(0), octet != UInt8(ascii: "`"), octet != UInt8(ascii: "\n") { index += 1 }
        append(.quotedWord, from: start, to: min(index + 1, octets.count), without: 1)
    }

    private mutating func readWord() {
        let start = index
        while index < octets.count, isWordOctet(octets[index]) { index += 1 }
        append(isDigit(octets[start]) ? .number : .word, from: start, to: index)
    }

    /// Reads a literal of one or many lines. Its token stands before those of its interpolations.
    private mutating func readString(hashes: Int) {
        let (start, place) = (index, tokens.count)
        tokens.append(Token(kind: .string, text: "", line: line, range: start..<start))
        index += hashes
        let quotes = peek(1) == UInt8(ascii: "\"") && peek(2) == UInt8(ascii: "\"") ? 3 : 1
        index += quotes
        var text: [UInt8] = []
        while let octet = peek(0), !(octet == UInt8(ascii: "\n") && quotes == 1) {
            if isDelimiter(quotes: quotes, hashes: hashes) {
                index += quotes + hashes
                break
            }
            if octet == UInt8(ascii: "\\"), isRun(of: UInt8(ascii: "#"), count: hashes, at: index + 1) {
                index += 1 + hashes
                readEscape()
                continue
            }
            if octet == UInt8(ascii: "\n") { line += 1 }
            text.append(octet)
            index += 1
        }
        tokens[place].text = String(decoding: text, as: UTF8.self)
        tokens[place].range = start..<index
    }

    /// Steps over what follows a backslash; an interpolation is read as code.
    private mutating func readEscape() {
        guard let octet = peek(0) else { return }
        if octet == UInt8(ascii: "\n") { line += 1 }
        index += 1
        if octet == UInt8(ascii: "(") { readCode(untilParenthesis: true) }
    }

    private func isDelimiter(quotes: Int, hashes: Int) -> Bool {
        isRun(of: UInt8(ascii: "\""), count: quotes, at: index)
            && isRun(of: UInt8(ascii: "#"), count: hashes, at: index + quotes)
    }

    private func isRun(of octet: UInt8, count: Int, at start: Int) -> Bool {
        start + count <= octets.count && octets[start..<(start + count)].allSatisfy { $0 == octet }
    }

    /// How many hash signs stand before a quote here; zero when they begin something else.
    private var hashesBeforeQuote: Int {
        var end = index
        while end < octets.count, octets[end] == UInt8(ascii: "#") { end += 1 }
        return end < octets.count && octets[end] == UInt8(ascii: "\"") ? end - index : 0
    }

    private func peek(_ distance: Int) -> UInt8? {
        index + distance < octets.count ? octets[index + distance] : nil
    }

    private func isDigit(_ octet: UInt8) -> Bool { octet >= UInt8(ascii: "0") && octet <= UInt8(ascii: "9") }

    private func isWordOctet(_ octet: UInt8) -> Bool {
        octet >= 0x80 || isDigit(octet) || octet == UInt8(ascii: "_")
            || (octet | 0x20 >= UInt8(ascii: "a") && octet | 0x20 <= UInt8(ascii: "z"))
    }

    private mutating func append(_ kind: Token.Kind, from start: Int, to end: Int, line: Int? = nil, without: Int = 0) {
        let text = String(decoding: octets[(start + without)..<max(start + without, end - without)], as: UTF8.self)
        tokens.append(Token(kind: kind, text: text, line: line ?? self.line, range: start..<end))
        index = end
    }
}
