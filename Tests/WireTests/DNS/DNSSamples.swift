import Wire

/// Messages that several suites read or spoil.
enum DNSSamples {
    /// A recursive server's response to `MX d.example`, as a capture shows it; tshark has read it, too.
    static let response: [UInt8] = octets(
        """
        5ad3 8580 0001 0003 0001 0004
        01 64 07 6578616d706c65 00 000f 0001
        c00c 000f 0001 00000e10 0007 000a 02 6d78 c00c
        c00c 000f 0001 00000e10 000f 0014 06 6261636b7570 03 697370 c00e
        c00c 000f 0001 00000e10 0007 0014 02 6d78 c043
        c00c 0002 0001 00015180 0005 02 6e73 c043
        c029 0001 0001 00000258 0004 c0000219
        c03c 0001 0001 00000258 0004 c0000282
        c057 001c 0001 00000258 0010 20010db8000000000000000000000007
        c068 0001 0001 00015180 0004 c0000235
        """)

    static let query = DNSMessage(asking: DNSQuestion(name("d.example"), .mx), id: 0x5AD3)

    /// One record of each type.
    static var everyType: DNSMessage {
        var message = DNSMessage(answering: DNSMessage(asking: DNSQuestion(name("Every.Example"), .any), id: 7))
        let owner = name("every.example")
        let authority = DNSAuthority(
            primaryServer: name("ns.every.example"), mailbox: name("post\\.master.example"), serial: 1998_08_01,
            minimumSeconds: 300)
        let data: [DNSRecord.Data?] = [
            .a(IPv4Address(192, 0, 2, 1)), .ns(name("ns.every.example")), .cname(name("other.example")),
            .soa(authority), .ptr(name("host.example")), .mx(preference: 65_535, exchange: .root),
            DNSText([Array("v=spf1 -all".utf8), [], [UInt8](repeating: 0xFF, count: 255)]).map { .txt($0) },
            .aaaa(IPv6Address(high: 0x2001_0db8_0000_0000, low: 1)),
            DNSOtherData(type: DNSType(rawValue: 99), octets: [1, 2, 3]).map { .other($0) },
            DNSOtherData(type: .a, recordClass: DNSClass(rawValue: 3), octets: []).map { .other($0) },
        ]
        message.answers = data.compactMap { $0 }.map { DNSRecord(owner, timeToLiveSeconds: 60, $0) }
        message.isAuthoritative = true
        message.isRecursionAvailable = true
        if let options = DNSOtherData(type: .opt, recordClass: DNSClass(rawValue: 1_232), octets: []) {
            message.additionals = [DNSRecord(.root, timeToLiveSeconds: 0x8000_8000, .other(options))]
        }
        return message
    }

    static func name(_ text: String) -> DNSName { (try? DNSName(parsing: text)) ?? .root }

    static func octets(_ hexadecimal: String) -> [UInt8] {
        let digits = hexadecimal.compactMap(\.hexDigitValue)
        return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }

    static func read(_ octets: [UInt8]) throws -> DNSMessage { try DNSMessage(parsing: octets.span.bytes) }
}
