/// What ships never unwraps, casts or tries by force.
enum ForceRule {
    private static let keywords: Set = ["return", "in", "where", "else", "case", "is", "await", "throw", "consume"]

    static func findings(in file: SourceFile) -> [Finding] {
        guard file.isSource else { return [] }
        return file.code.indices.dropFirst().compactMap { index in
            guard file.code[index].isMark("!"), file.code[index - 1].touches(file.code[index]) else { return nil }
            let before = file.code[index - 1]
            guard isOperand(before), !isInequality(at: index, in: file) else { return nil }
            return Finding(path: file.path, line: before.line, complaint: "\(before.text)! by force")
        }
    }

    private static func isOperand(_ token: Token) -> Bool {
        switch token.kind {
        case .word: !keywords.contains(token.text)
        case .quotedWord, .string: true
        case .mark: [")", "]", "}", "?", "!"].contains(token.text)
        case .number, .comment: false
        }
    }

    private static func isInequality(at index: Int, in file: SourceFile) -> Bool {
        guard let next = file.token(index + 1), next.isMark("=") else { return false }
        return file.code[index].touches(next)
    }
}
