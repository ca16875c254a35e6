import SMTP
import Testing

@Suite struct MailboxTests {
    // S047 to S051: what is read, and how it is written.
    static let valid: [(String, String)] = [
        ("a@x.example", "a@x.example"), ("A.b@X.example", "A.b@X.example"), ("a@[192.0.2.9]", "a@[192.0.2.9]"),
        ("\"a b\"@x.example", "\"a b\"@x.example"), ("\"a.b\"@x.example", "a.b@x.example"),
        ("\"a\\.b\"@x.example", "a.b@x.example"), ("\"a\\\"b\"@x.example", "\"a\\\"b\"@x.example"),
        ("\"a\\\\\"@x.example", "\"a\\\\\"@x.example"), ("\"\"@x.example", "\"\"@x.example"),
        ("!#$%&'*+-/=?^_`{|}~@x.example", "!#$%&'*+-/=?^_`{|}~@x.example"),
        (String(repeating: "l", count: 64) + "@x.example", String(repeating: "l", count: 64) + "@x.example"),
    ]

    static let invalid: [(String, MailboxError)] = [
        ("", .badLocalPart), ("a", .atSignMissing), ("a@", .badDomain(.empty)), ("@x", .badLocalPart),
        ("a..b@x.example", .badLocalPart), (".a@x", .badLocalPart), ("a.@x", .badLocalPart),
        ("a@-x.example", .badDomain(.hyphenAtEdge)), ("a@x..example", .badDomain(.emptyLabel)),
        ("\"a@x", .badLocalPart), ("\"a\"b@x", .atSignMissing), ("a b@x", .atSignMissing),
        ("\"a\u{7}\"@x", .badLocalPart), (String(repeating: "l", count: 65) + "@x", .localPartTooLong),
        (String(repeating: "l", count: 64) + "@" + String(repeating: "abcd.", count: 38), .badDomain(.emptyLabel)),
        (String(repeating: "l", count: 64) + "@" + String(repeating: "abcd.", count: 37) + "abcdef", .tooLong),
    ]

    @Test(arguments: valid) func `a mailbox is written in its least quoted form`(text: String, written: String) throws {
        #expect(try Mailbox(parsing: text).description == written)
    }

    @Test(arguments: invalid) func `what is no mailbox is refused for its reason`(text: String, reason: MailboxError) {
        #expect(throws: reason) { try Mailbox(parsing: text) }
    }

    @Test func `quoting makes no difference, the case of the local part does`() throws {
        #expect(try Mailbox(parsing: "\"a.b\"@x.example") == Mailbox(parsing: "a.b@X.EXAMPLE"))
        #expect(try Mailbox(parsing: "A@x.example") != Mailbox(parsing: "a@x.example"))
        #expect(try Mailbox(parsing: "pOsTmAsTeR@x.example").isPostmaster)
    }

    @Test func `a mailbox made from parts is checked like one that is read`() throws {
        let domain = try Domain(parsing: "x.example")
        #expect(try Mailbox(localPart: "joe smith", domain: domain).description == "\"joe smith\"@x.example")
        #expect(throws: MailboxError.badLocalPart) { try Mailbox(localPart: "a\r\nb", domain: domain) }
    }
}
