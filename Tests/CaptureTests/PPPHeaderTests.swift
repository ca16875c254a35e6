@testable import Capture
import Testing

struct PPPHeaderTests {
    @Test(arguments: [
        ("FF03 0021 45", "FF03 0021 45"), ("FF03 C021 01", "FF03 C021 01"),
        // Address and control left out, then the first octet of the protocol, then both (RFC 1661 §6.5, §6.6).
        ("0021 45", "FF03 0021 45"), ("FF03 21 45", "FF03 0021 45"), ("21 45", "FF03 0021 45"),
        ("C021 01", "FF03 C021 01"),
        ("", "FF03"), ("FF", "FF03 00FF"), ("FF03", "FF03"), ("FF03 21", "FF03 0021"), ("FF03 00", "FF03 00"),
    ])
    func `what a link left out is written out`(sent: String, shown: String) {
        let frame = octets(sent)
        let completed = PPPHeader.completed(frame.span.bytes)
        #expect(completed == octets(shown))
    }

    @Test(arguments: [("FF03 0021", true), ("FF03 C021 01", true), ("FF03 21 45", false), ("0021 4500", false)])
    func `a whole header is recognised`(text: String, isWhole: Bool) {
        let frame = octets(text)
        let found = PPPHeader.isWhole(in: frame.span.bytes)
        #expect(found == isWhole)
    }
}
