import Testing

@testable import Scenario

struct MessageFileFaultTests {
    private static let header = "From: a@b.example\r\nDate: Mon, 1 Mar 1999 08:00:00 +0000\r\n"

    @Test(arguments: [
        "", "\r\n", "Hello\r\n", "Subject: several\r\n lines\r\n\r\nHello\r\n.\r\n..dots\r\n",
    ])
    func `a message is taken`(rest: String) {
        let text = MessageFileFaultTests.header + (rest.isEmpty || rest == "Hello\r\n" ? "\r\n" : "") + rest
        #expect(MessageFileFault.first(in: Array(text.utf8)) == nil)
    }

    @Test(arguments: [
        ("", 1, "empty"), ("From: a\n\n", 1, "ends with LF alone"), ("From: a\r\rDate: b\r\n", 1, "a CR without LF"),
        ("From: a\r\n\r\n", 2, "the header ends without Date"), ("Date: a\r\n\r\n", 2, "the header ends without From"),
        ("From a\r\n", 1, "no header field"), (": a\r\n", 1, "no header field"),
        (" From: a\r\n", 1, "begins with a space"),
        (header, 2, "the file ends"), (header + "\r\nend", 4, "the last line has no end"),
        (header + "\r\n\0\r\n", 4, "a NUL"), (header + "\r\nend\r", 4, "a CR without LF"),
        (header + "\r\n" + String(repeating: "x", count: 999) + "\r\n", 4, "999 octets"),
    ])
    func `anything else is refused with its line`(text: String, line: Int, problem: String) {
        let fault = MessageFileFault.first(in: Array(text.utf8))
        #expect(fault?.line == line)
        #expect(fault?.problem == problem)
    }
}
