import SMTP
import Testing

@Suite struct PathTests {
    // S046: a source route is read and left aside.
    static let paths: [(String, String)] = [
        ("<a@x.example>", "<a@x.example>"), ("<@h1.example,@h2.example:u@x.example>", "<u@x.example>"),
        ("<@h1.example:u@x.example>", "<u@x.example>"), ("<@[IPv6:::1]:u@x.example>", "<u@x.example>"),
        ("<\"a>b\"@x.example>", "<\"a>b\"@x.example>"),
    ]

    static let invalid: [(String, PathError)] = [
        ("a@x.example", .bracketsMissing), ("<a@x.example", .bracketsMissing), ("", .bracketsMissing),
        ("<@h1.example>", .badSourceRoute), ("<@h1.example,u@x>", .badSourceRoute), ("<@:u@x>", .badSourceRoute),
        ("<@h_1:u@x>", .badSourceRoute), ("<@[1.2.3.4:u@x>", .badSourceRoute), ("<a>", .badMailbox(.atSignMissing)),
        ("<" + String(repeating: "@abcdef.example,", count: 16) + ">", .tooLong),
    ]

    @Test(arguments: paths) func `a path is read without its source route`(text: String, written: String) throws {
        #expect(try ReversePath(parsing: text).description == written)
        #expect(try ForwardPath(parsing: text).description == written)
    }

    @Test(arguments: invalid) func `what is no path is refused for its reason`(text: String, reason: PathError) {
        #expect(throws: reason) { try ReversePath(parsing: text) }
        #expect(throws: reason) { try ForwardPath(parsing: text) }
    }

    @Test func `the null path is where reports go, not where mail goes`() throws {
        #expect(try ReversePath(parsing: "<>") == .null)
        #expect(throws: PathError.nullPath) { try ForwardPath(parsing: "<>") }
    }

    @Test func `the postmaster needs no domain, in any case`() throws {
        #expect(try ForwardPath(parsing: "<pOsTmAsTeR>") == .postmaster)
        #expect(throws: PathError.badMailbox(.atSignMissing)) { try ReversePath(parsing: "<Postmaster>") }
    }

    @Test func `a path may have 256 octets`() throws {
        let domain = String(repeating: "abcd.", count: 37) + "abcd"
        let path = "<" + String(repeating: "l", count: 64) + "@" + domain + ">"
        #expect(path.utf8.count == 256)
        #expect(try ReversePath(parsing: path).description == path)
    }
}
