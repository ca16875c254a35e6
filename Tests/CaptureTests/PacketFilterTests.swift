import Capture
import Testing

struct PacketFilterTests {
    static let syn = SampleFrame.tcp(flags: SampleFrame.syn, sequence: 1)
    static let reset = SampleFrame.tcp(fromServer: true, flags: SampleFrame.reset, sequence: 1)
    static let echo = SampleFrame.echoRequest()

    @Test(arguments: [
        ("tcp port 25", syn, true), ("tcp port 25", echo, false), ("tcp port 26", syn, false),
        ("tcp port 25 and tcp[tcpflags] & tcp-rst != 0", reset, true),
        ("tcp port 25 and tcp[tcpflags] & tcp-rst != 0", syn, false),
        ("host 192.0.2.130", syn, true), ("host 192.0.2.130", SampleFrame.lcpRequest, false),
        ("src host 192.0.2.130", reset, false), ("dst host 192.0.2.130", reset, true),
        ("icmp", echo, true), ("icmp", syn, false), ("", SampleFrame.lcpRequest, true), ("len > 47", echo, false),
        ("ppp proto 0xc021", SampleFrame.lcpRequest, true),
    ])
    func `a filter matches what tcpdump would print`(expression: String, frame: [UInt8], matches: Bool) throws {
        #expect(try PacketFilter(expression).matches(frame) == matches)
    }

    @Test func `a frame with a short header matches like one with a whole header`() throws {
        let filter = try PacketFilter("tcp port 25")
        #expect(filter.matches(Array(PacketFilterTests.syn.dropFirst(2))))
        #expect(filter.matches(Array(PacketFilterTests.syn.dropFirst(3))))
    }

    @Test func `a frame cut anywhere does not match and does no harm`() throws {
        let filter = try PacketFilter("tcp[tcpflags] & tcp-syn != 0 and tcp port 25")
        for length in 0..<38 { #expect(!filter.matches(Array(PacketFilterTests.syn.prefix(length)))) }
    }

    @Test(arguments: [
        "tcp port", "this is no filter", "inbound", "tcp and outbound", "ifindex 1", "tcp port 25 and (",
        "host 192.0.2.1.5.6",
    ])
    func `what libpcap does not understand is refused in its words`(expression: String) {
        let error = #expect(throws: PacketFilterError.self) { try PacketFilter(expression) }
        #expect(error?.expression == expression)
        #expect(error?.message.isEmpty == false)
    }

    @Test func `the refusal of a half sentence says where it fails`() {
        let error = #expect(throws: PacketFilterError.self) { try PacketFilter("tcp port") }
        #expect(
            error?.description == "filter \"tcp port\": can't parse filter expression: syntax error")
    }

    @Test func `a NUL does not hide the rest of an expression`() {
        #expect(throws: PacketFilterError.self) { try PacketFilter("tcp\0 port 25") }
    }
}

extension PacketFilter {
    fileprivate func matches(_ frame: [UInt8]) -> Bool { matches(frame.span.bytes) }
}
