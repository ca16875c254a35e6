import Testing

struct LexerTests {
    @Test func `words, numbers, strings, comments and marks are told apart`() {
        let tokens = Lexer.tokens(of: "let `a b` = 0x1f + \"x\" // y")
        #expect(tokens.map(\.kind) == [.word, .quotedWord, .mark, .number, .mark, .string, .comment])
        #expect(tokens.map(\.text) == ["let", "a b", "=", "0x1f", "+", "x", "// y"])
    }

    @Test(arguments: [
        ##""a \" Task""##, ##"#"a " \n Task"#"##, "\"\"\"\nTask \" Task\n\"\"\"", "// Task\n", "/* /* Task */ Task */",
    ])
    func `what stands in strings and comments is no code`(text: String) {
        #expect(!Lexer.tokens(of: text).contains { $0.isWord("Task") })
    }

    @Test(arguments: [##""a \(Task("b")) c""##, ##"#"a \(b) \#(Task) c"#"##])
    func `an interpolation is code`(text: String) {
        let tokens = Lexer.tokens(of: text)
        #expect(tokens.contains { $0.isWord("Task") })
        #expect(tokens.first?.range == 0..<text.utf8.count)
    }

    @Test func `lines are counted through strings and comments`() {
        let tokens = Lexer.tokens(of: "/*\n*/ a \"\"\"\n\n\"\"\" b\nc")
        #expect(tokens.map(\.line) == [1, 2, 2, 4, 5])
    }

    @Test(arguments: ["\"", "\"\\", "\"\\(", "/*", "`", "#\"", "\"\"\"", "#"])
    func `a text that breaks off ends the tokens`(text: String) {
        #expect(Lexer.tokens(of: text).count <= 1)
    }
}
