import Events
import Testing

struct StringPrintableTests {
    @Test(arguments: [
        ("250 OK, node branch.example", "250 OK, node branch.example"), ("Grüße aus Köln ✓", "Grüße aus Köln ✓"),
        ("\u{1b}[2Jgone", "\\u{1b}[2Jgone"), ("one\r\ntwo\tthree", "one\\r\\ntwo\\tthree"),
        ("\u{7}\u{7f}\u{9b}31m", "\\u{7}\\u{7f}\\u{9b}31m"), ("abc\u{202e}cba", "abc\\u{202e}cba"),
        ("a\u{200b}b\u{2028}c", "a\\u{200b}b\\u{2028}c"), ("", ""),
    ])
    func `what a peer has said cannot drive a terminal`(text: String, printable: String) {
        #expect(text.printable == printable)
        #expect(printable.printable == printable)
    }
}
