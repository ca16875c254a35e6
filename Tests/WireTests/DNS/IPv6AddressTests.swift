import Testing
import Wire

struct IPv6AddressTests {
    @Test(arguments: [
        ("2001:db8::7", "2001:db8::7"), ("::", "::"), ("::1", "::1"), ("1::", "1::"),
        ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"),
        ("2001:0DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("::ffff:192.0.2.1", "::ffff:c000:201"),
        ("1:2:3:4:5:6:192.0.2.1", "1:2:3:4:5:6:c000:201"), ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
        ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"), ("0:0:1::", "0:0:1::"),
    ])
    func `an address is written in the one notation that is recommended`(text: String, recommended: String) {
        #expect(IPv6Address(parsing: text)?.description == recommended)
    }

    @Test(arguments: [
        "", ":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "g::", "+1::", "1:2:3:4:5:6:7:8::",
        ":1:2:3:4:5:6:7", "1:2:3:4:5:6:7:", "192.0.2.1", "::192.0.2.1:1", "192.0.2.1::", "fe80::1%eth0", "::1 ", "::-1",
    ])
    func `what is no address is refused`(text: String) { #expect(IPv6Address(parsing: text) == nil) }

    @Test func `an address is of either version`() {
        #expect(IPAddress(parsing: "192.0.2.1") == .v4(IPv4Address(192, 0, 2, 1)))
        #expect(IPAddress(parsing: "::1") == .v6(IPv6Address(high: 0, low: 1)))
        #expect(IPAddress(parsing: "mx.example") == nil)
        #expect(IPAddress(parsing: "::1")?.description == "::1")
    }
}
