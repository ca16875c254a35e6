import SMTP
import Testing

@Suite struct DomainTests {
    static let valid = [
        "example", "isp.example", "a", "1.example", "a-b.example", "xn--bcher-kva.example", "ISP.Example",
        "[192.0.2.1]", "[0.0.0.0]", "[255.255.255.255]", "[IPv6:2001:db8::7]", "[ipv6:::]", "[IPv6:::1]",
        "[IPv6:1::]", "[IPv6:1:2:3:4:5:6:7:8]", "[IPv6:::ffff:192.0.2.1]", "[IPv6:1:2:3:4:5:6:192.0.2.1]",
        "[IPv6:1::192.0.2.1]", String(repeating: "a", count: 63) + ".example",
        String(repeating: "abcd.", count: 50) + "abcde",
    ]

    static let invalid: [(String, DomainError)] = [
        ("", .empty), (".", .emptyLabel), ("a..b", .emptyLabel), (".a", .emptyLabel), ("a.", .emptyLabel),
        ("bad_name", .badCharacter), ("a b", .badCharacter), ("a@b", .badCharacter),
        ("b\u{fc}cher.example", .badCharacter),
        ("-a.example", .hyphenAtEdge), ("a-.example", .hyphenAtEdge), ("a.example-", .hyphenAtEdge),
        (String(repeating: "a", count: 64), .labelTooLong),
        (String(repeating: "abcd.", count: 51) + "a", .tooLong),
        ("[192.0.2]", .badAddressLiteral), ("[300.1.1.1]", .badAddressLiteral), ("[1.2.3.4.5]", .badAddressLiteral),
        ("[]", .badAddressLiteral), ("[192.0.2.1", .badAddressLiteral), ("[0001.0.0.0]", .badAddressLiteral),
        ("[2001:db8::7]", .badAddressLiteral), ("[IPv6:1:2:3:4:5:6:7:8:9]", .badAddressLiteral),
        ("[IPv6:1:2:3:4:5:6:7]", .badAddressLiteral), ("[IPv6:1::2::3]", .badAddressLiteral),
        ("[IPv6:1:2:3:4:5:6:7::]", .badAddressLiteral), ("[IPv6:12345::]", .badAddressLiteral),
        ("[IPv6::1]", .badAddressLiteral), ("[IPv6:1:::2]", .badAddressLiteral), ("[IPv6:g::]", .badAddressLiteral),
        ("[IPv6:]", .badAddressLiteral), ("[X400:abc]", .badAddressLiteral),
    ]

    @Test(arguments: valid) func `a domain is read and keeps its spelling`(text: String) throws {
        #expect(try Domain(parsing: text).description == text)
    }

    @Test(arguments: invalid) func `what is no domain is refused for its reason`(text: String, reason: DomainError) {
        #expect(throws: reason) { try Domain(parsing: text) }
    }

    @Test func `domains are equal in any case`() throws {
        #expect(try Domain(parsing: "ISP.Example") == Domain(parsing: "isp.example"))
        #expect(try Set([Domain(parsing: "A.b"), Domain(parsing: "a.B")]).count == 1)
        #expect(try Domain(parsing: "a.example") < Domain(parsing: "B.example"))
    }

    @Test func `a subdomain ends at a label boundary`() throws {
        let parent = try Domain(parsing: "cust.example")
        #expect(try Domain(parsing: "sub.CUST.example").isSubdomain(of: parent))
        #expect(try !Domain(parsing: "notcust.example").isSubdomain(of: parent))
        #expect(!parent.isSubdomain(of: parent))
        #expect(try !Domain(parsing: "[192.0.2.1]").isSubdomain(of: parent))
    }
}
