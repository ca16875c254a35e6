/// Files, functions and lines stay short, and code stays shallow.
enum LimitRule {
    static let columns = 120
    static let functionLines = 70
    static let nesting = 4

    static func fileLines(of file: SourceFile) -> Int { file.isSource && !isTable(file) ? 500 : 800 }

    /// A file `Type+Table.swift` holds a table of an RFC, one line to a cell, which would not be clearer in pieces.
    private static func isTable(_ file: SourceFile) -> Bool { file.path.hasSuffix("+Table.swift") }

    static func findings(in file: SourceFile) -> [Finding] {
        longFile(file) + longLines(file) + functions(in: file).flatMap { findings(in: $0, of: file) }
    }

    private static func longFile(_ file: SourceFile) -> [Finding] {
        guard file.lines.count > fileLines(of: file) else { return [] }
        return [Finding(path: file.path, line: file.lines.count, complaint: "\(file.lines.count) lines in one file")]
    }

    private static func longLines(_ file: SourceFile) -> [Finding] {
        file.lines.enumerated().compactMap { number, line in
            guard line.utf8.count > columns, line.count > columns else { return nil }
            return Finding(path: file.path, line: number + 1, complaint: "\(line.count) columns")
        }
    }

    private static func findings(in function: Function, of file: SourceFile) -> [Finding] {
        let first = file.code[function.declaration].line
        let count = file.code[function.body.upperBound].line - first + 1
        var findings: [Finding] = []
        if count > functionLines, !isTable(file) {
            findings.append(Finding(path: file.path, line: first, complaint: "\(count) lines in one function"))
        }
        if let deep = tooDeep(in: function, of: file) {
            findings.append(Finding(path: file.path, line: deep, complaint: "nested deeper than \(nesting)"))
        }
        return findings
    }

    /// The first line of a function's body that is nested too deeply.
    private static func tooDeep(in function: Function, of file: SourceFile) -> Int? {
        var depth = -1
        for index in function.body {
            if file.code[index].isMark("{") { depth += 1 }
            if file.code[index].isMark("}") { depth -= 1 }
            if depth > nesting { return file.code[index].line }
        }
        return nil
    }
}

/// A function, initialiser or computed property: the index of its keyword and those of its braces.
private struct Function {
    var declaration: Int
    var body: ClosedRange<Int>
}

extension LimitRule {
    /// The outermost functions of a file; what they contain is measured with them.
    private static func functions(in file: SourceFile) -> [Function] {
        var functions: [Function] = []
        var index = 0
        while index < file.code.count {
            if let body = body(ofDeclarationAt: index, in: file) {
                functions.append(Function(declaration: index, body: body))
                index = body.upperBound
            }
            index += 1
        }
        return functions
    }

    private static let starters: Set = ["func", "init", "deinit", "subscript", "var"]
    private static let enders: Set = [
        "func", "init", "deinit", "subscript", "var", "let", "case", "struct", "enum", "class", "extension",
        "protocol", "typealias",
    ]

    /// The braces of the declaration at an index; nil when none begins there or it has no body.
    private static func body(ofDeclarationAt index: Int, in file: SourceFile) -> ClosedRange<Int>? {
        let keyword = file.code[index]
        guard keyword.kind == .word, starters.contains(keyword.text) else { return nil }
        guard file.token(index - 1)?.isMark(".") != true else { return nil }
        var place = index + 1
        while let token = file.token(place) {
            if token.isMark("{") { return place...file.closing(place) }
            if token.isMark("}") || token.isMark(";") { return nil }
            let isMember = file.code[place - 1].isMark(".")
            if token.kind == .word, enders.contains(token.text), !isMember { return nil }
            place = (token.isMark("(") || token.isMark("[") ? file.closing(place) : place) + 1
        }
        return nil
    }
}
