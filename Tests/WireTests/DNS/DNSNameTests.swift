import Testing
import Wire

struct DNSNameTests {
    private let label63 = String(repeating: "a", count: 63)

    @Test(arguments: ["d.example", "a", ".", "_25._tcp.mx.example", "a\\.b.example", "\\000\\255.x", "a\\\\b", "\\032"])
    func `a name is written as it was read`(text: String) throws {
        #expect(try DNSName(parsing: text).description == text)
    }

    @Test func `the root's dot at the end changes nothing`() throws {
        #expect(try DNSName(parsing: "d.example.") == DNSName(parsing: "d.example"))
        #expect(try DNSName(parsing: "d.example").octets == Array("\u{1}d\u{7}example\0".utf8))
        #expect(DNSName.root.isRoot && DNSName.root.labels.isEmpty && DNSName.root.parent == nil)
    }

    @Test(arguments: [
        ("", DNSNameError.emptyLabel), ("..", .emptyLabel), (".a", .emptyLabel), ("a..b", .emptyLabel),
        ("a..", .emptyLabel), ("a\\", .badEscape), ("\\25", .badEscape), ("\\256", .badEscape), ("\\2x5", .badEscape),
        (String(repeating: "a", count: 64), .labelTooLong),
    ])
    func `DNS-2: what is no name is refused for its reason`(text: String, reason: DNSNameError) {
        #expect(throws: reason) { try DNSName(parsing: text) }
    }

    @Test func `DNS-2: a name has 255 octets at most`() throws {
        let long = [label63, label63, label63, String(repeating: "b", count: 61)].joined(separator: ".")
        #expect(try DNSName(parsing: long).octets.count == 255)
        #expect(throws: DNSNameError.nameTooLong) { try DNSName(parsing: long + "b") }
    }

    @Test func `DNS-2: names are equal in any case of ASCII letters, and keep their spelling`() throws {
        let names = try (DNSName(parsing: "MX.Example"), DNSName(parsing: "mx.eXample"))
        #expect(names.0 == names.1 && Set([names.0, names.1]).count == 1)
        #expect(names.0.description == "MX.Example")
        // Other octets have no case: 0xC4 and 0xE4 are one letter in some alphabets.
        #expect(try DNSName(parsing: "\\196") != DNSName(parsing: "\\228"))
        #expect(try DNSName(parsing: "@") != DNSName(parsing: "`"))
    }

    @Test func `a name lies within its ancestors, on the border of a label`() throws {
        let name = try DNSName(parsing: "a.b.Example")
        for ancestor in ["a.b.example", "B.example", "example", "."] {
            #expect(try name.isWithin(DNSName(parsing: ancestor)), "\(ancestor)")
        }
        for stranger in ["x.a.b.example", "c.example", "ample", "b"] {
            #expect(try !name.isWithin(DNSName(parsing: stranger)), "\(stranger)")
        }
        // What looks like a border inside a label is none.
        #expect(try !DNSName(parsing: "x\\001b").isWithin(DNSName(parsing: "b")))
        #expect(try name.parent == DNSName(parsing: "b.example"))
    }

    @Test func `DNS-5: T251: an address has a name for the way back`() throws {
        let address = try #require(IPAddress(parsing: "192.0.2.25"))
        #expect(DNSName.reverse(of: address).description == "25.2.0.192.in-addr.arpa")
        let longer = try #require(IPAddress(parsing: "2001:db8::567:89ab"))
        #expect(
            DNSName.reverse(of: longer).description
                == "b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa")
    }
}
