import SMTP
import Testing

@Suite struct ETRNArgumentTests {
    // S181: a dot at the end is left aside. RFC 1985 §5.3: at sign and hash.
    static let valid: [(String, String)] = [
        ("cust.example", "cust.example"), ("CUST.Example.", "CUST.Example"), ("@cust.example", "@cust.example"),
        ("@com", "@com"), ("#uucp", "#uucp"), ("#a/b@c", "#a/b@c"), ("xn--bcher-kva.example", "xn--bcher-kva.example"),
    ]

    // S189, S190.
    static let invalid: [(String, ETRNArgumentError)] = [
        ("", .empty), ("@", .badDomain(.empty)), ("#", .badQueueName), ("localname", .notQualified),
        ("a b", .badDomain(.badCharacter)),
        ("-x.example", .badDomain(.hyphenAtEdge)), ("cust..example", .badDomain(.emptyLabel)),
        (".", .badDomain(.emptyLabel)), ("a.example..", .badDomain(.emptyLabel)), ("[192.0.2.1]", .addressLiteral),
        ("@[192.0.2.1]", .addressLiteral), ("#a b", .badQueueName),
        ("#" + String(repeating: "q", count: 256), .badQueueName),
    ]

    @Test(arguments: valid) func `an argument is read as RFC 1985 writes it`(text: String, written: String) throws {
        #expect(try ETRNArgument(parsing: text).description == written)
    }

    @Test(arguments: invalid) func `what names no queue is refused for its reason`(
        text: String, reason: ETRNArgumentError
    ) {
        #expect(throws: reason) { try ETRNArgument(parsing: text) }
    }

    @Test func `an at sign covers what is below the domain too`() throws {
        let (own, below) = (try Domain(parsing: "cust.example"), try Domain(parsing: "sub.cust.example"))
        let other = try Domain(parsing: "notcust.example")
        let wide = try ETRNArgument(parsing: "@Cust.example")
        #expect(wide.covers(own) && wide.covers(below) && !wide.covers(other))
        let narrow = try ETRNArgument(parsing: "cust.example")
        #expect(narrow.covers(own) && !narrow.covers(below))
        #expect(try !ETRNArgument(parsing: "#cust.example").covers(own))
    }
}
