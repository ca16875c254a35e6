/// One Swift file of the package, cut into tokens.
struct SourceFile {
    /// Where it is, from the package's root: `Sources/Wire/Checksum.swift`.
    let path: String
    /// Its lines, without their ends.
    let lines: [Substring]
    /// What the compiler sees.
    let code: [Token]
    /// What only people see.
    let comments: [Token]
    /// The modules it imports, with the line of each.
    let imports: [(module: String, line: Int)]

    init(path: String, text: String) {
        self.path = path
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        self.lines = lines
        let tokens = Lexer.tokens(of: text)
        code = tokens.filter { $0.kind != .comment }
        comments = tokens.filter { $0.kind == .comment }
        imports = SourceFile.imports(in: code)
    }

    /// The folder below `Sources` or `Tests` that the file is in.
    var target: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }
    /// Whether it is part of what ships.
    var isSource: Bool { path.hasPrefix("Sources/") }
    /// The type it is about: the file's name up to `+` or the dot.
    var type: String {
        let name = path.split(separator: "/").last ?? ""
        return String(name.prefix { $0 != "+" && $0 != "." })
    }

    private static func imports(in code: [Token]) -> [(module: String, line: Int)] {
        code.indices.compactMap { index in
            guard code[index].isWord("import"), index + 1 < code.count else { return nil }
            let kinds = ["struct", "enum", "class", "protocol", "func", "var", "let", "typealias"]
            let named = kinds.contains(code[index + 1].text) && index + 2 < code.count ? index + 2 : index + 1
            return (code[named].text, code[index].line)
        }
    }

    /// The token at an index, if there is one.
    func token(_ index: Int) -> Token? { code.indices.contains(index) ? code[index] : nil }

    /// The index of the bracket that closes the one at `index`; the last token when none does.
    func closing(_ index: Int) -> Int {
        let pairs = ["(": ")", "[": "]", "{": "}"]
        guard let close = pairs[code[index].text] else { return index }
        var depth = 0
        for place in index..<code.count where code[place].kind == .mark {
            if code[place].text == code[index].text { depth += 1 }
            if code[place].text == close { depth -= 1 }
            if depth == 0 { return place }
        }
        return code.count - 1
    }
}

/// What a rule has against a line.
struct Finding: Equatable, CustomStringConvertible {
    var path: String
    var line: Int
    var complaint: String

    var description: String { "\(path):\(line): \(complaint)" }
}
