import TestSupport
import Testing
import Wire

struct UDPHeaderTests {
    private let client = IPv4Address(192, 0, 2, 25)
    private let server = IPv4Address(192, 0, 2, 130)
    private let abc: [UInt8] = [0x04, 0x00, 0x00, 0x35, 0x00, 0x0B, 0xB2, 0xA4, 0x61, 0x62, 0x63]

    @Test func `a datagram is written as it is known to be`() { #expect(datagram(Array("abc".utf8)) == abc) }

    @Test func `what is written reads the same`() throws {
        for count in [0, 1, 2, 512, 65_507] {
            let header = try parse(datagram([UInt8](repeating: 0xFF, count: count)))
            #expect(header == UDPHeader(sourcePort: 1_024, destinationPort: 53, payloadLength: count))
        }
    }

    @Test func `a checksum of zero is sent as its other form`() throws {
        let octets = datagram([0x77, 0x09])
        #expect(octets[6...7] == [0xFF, 0xFF])
        #expect(try parse(octets).length == 10)
    }

    @Test func `a checksum left out is not missed`() throws {
        var octets = abc
        octets.set(bigEndian: 0, at: 6)
        #expect(try parse(octets).length == 11)
    }

    @Test func `every shorter datagram is truncated`() {
        for length in 0..<abc.count {
            #expect(throws: UDPError.truncated) { try parse(Array(abc.prefix(length))) }
        }
    }

    @Test func `what follows the length is padding, and a length without header is refused`() throws {
        #expect(try parse(abc + [9, 9]).length == 11)
        for length: UInt16 in 0..<8 {
            var octets = abc
            octets.set(bigEndian: length, at: 4)
            #expect(throws: UDPError.badLength) { try parse(octets) }
        }
    }

    @Test func `a wrong checksum is refused`() {
        var octets = abc
        octets[9] ^= 1
        #expect(throws: UDPError.badChecksum) { try parse(octets) }
    }

    @Test func `what is accepted lies within its octets`() {
        var mutations = Mutations(of: "udp")
        var unsummed = abc
        unsummed.set(bigEndian: 0, at: 6)
        for _ in 0..<Mutations.count(100_000) {
            let octets = mutations.next(of: [abc, unsummed, datagram([])])
            guard let header = try? parse(octets) else { continue }
            let isInside = header.length >= 8 && Int(header.length) <= octets.count
            if !isInside { Issue.record("\(header) of \(octets)") }
        }
    }

    private func datagram(_ payload: [UInt8]) -> [UInt8] {
        var octets: [UInt8] = []
        UDPHeader(sourcePort: 1_024, destinationPort: 53, payloadLength: payload.count)
            .append(payload.span.bytes, from: client, to: server, to: &octets)
        return octets
    }

    private func parse(_ octets: [UInt8]) throws -> UDPHeader {
        try UDPHeader(parsing: octets.span.bytes, from: client, to: server)
    }
}
