import Foundation
import Report
import Testing

struct JSONValueTests {
    @Test(arguments: [
        (JSONValue.null, "null"), (.bool(true), "true"), (.number(-5), "-5"), (.unsigned(.max), "18446744073709551615"),
        (.text(#"a"\b"#), #""a\"\\b""#), (.text("\u{0}\u{8}\t\u{1f}\u{7f}"), #""\u0000\u0008\t\u001f\u007f""#),
        (.text("\u{2028}\u{202e}é✓😀"), #""\u2028\u202eé✓😀""#), (.text("\u{e0001}"), #""\udb40\udc01""#),
        (.array([]), "[]"), (.object([]), "{}"),
        (.object([("b", .array([.number(1), .number(2)])), ("a", .null)]), #"{"b":[1,2],"a":null}"#),
    ])
    func `a value is written exactly so`(value: JSONValue, line: String) {
        #expect(value.line == line)
    }

    @Test func `a document keeps what is flat on one line`() {
        let value = JSONValue.object([
            ("calls", .array([.object([("client", .text("branch")), ("end", .null)]), .object([])])),
            ("rates", .array([.number(1), .number(2)])), ("none", .array([])),
        ])
        #expect(
            value.document == """
                {
                  "calls": [
                    {"client": "branch", "end": null},
                    {}
                  ],
                  "rates": [1, 2],
                  "none": []
                }

                """)
    }

    @Test func `every scalar is read back by another reader of JSON`() throws {
        let all = String(String.UnicodeScalarView((0...0x3000).compactMap(Unicode.Scalar.init) + ["😀", "\u{e0001}"]))
        let line = JSONValue.array([.text(all)]).line
        #expect(try JSONDecoder().decode([String].self, from: Data(line.utf8)) == [all])
    }
}
