import Testing
import Wire

struct IPv4AddressTests {
    @Test func `an address is printed as it is written`() {
        for text in ["0.0.0.0", "192.0.2.130", "255.255.255.255"] {
            #expect(IPv4Address(parsing: text)?.description == text)
        }
        #expect(IPv4Address(parsing: "192.0.2.130") == IPv4Address(192, 0, 2, 130))
    }

    @Test(arguments: ["", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1.2.3.04", "1.2.3.+4", " 1.2.3.4", "1..3.4", "a.b.c.d"])
    func `what is no dotted decimal notation is no address`(text: String) {
        #expect(IPv4Address(parsing: text) == nil)
    }

    @Test func `addresses have the order of their numbers`() {
        #expect(IPv4Address(10, 0, 0, 255) < IPv4Address(10, 0, 1, 0))
        #expect(!(IPv4Address(192, 0, 2, 1) < IPv4Address(127, 0, 0, 1)))
    }

    @Test(arguments: [
        ("1.0.0.1", true), ("126.255.255.255", true), ("128.0.0.1", true), ("223.255.255.254", true),
        ("0.0.0.0", false), ("0.1.2.3", false), ("127.0.0.1", false), ("224.0.0.1", false), ("240.0.0.1", false),
        ("255.255.255.255", false),
    ])
    func `one host elsewhere has neither a special first octet nor a broadcast address`(text: String, isUnicast: Bool) {
        #expect(IPv4Address(parsing: text)?.isUnicast == isUnicast)
    }
}
