import TestSupport
import Testing
import Wire

struct IPv4HeaderTests {
    private let header = IPv4Header(
        source: IPv4Address(192, 168, 0, 1), destination: IPv4Address(192, 168, 0, 199), carriedProtocol: .udp,
        timeToLive: 64, identification: 0, dontFragment: true, payloadLength: 95)
    private let octets: [UInt8] = [
        0x45, 0x00, 0x00, 0x73, 0x00, 0x00, 0x40, 0x00, 0x40, 0x11, 0xB8, 0x61, 0xC0, 0xA8, 0x00, 0x01, 0xC0, 0xA8,
        0x00, 0xC7,
    ]

    @Test func `a header is written as it is known to be`() {
        var written: [UInt8] = []
        header.append(to: &written)
        #expect(written == octets)
    }

    @Test func `what is written reads the same`() throws {
        var fragment = header
        (fragment.moreFragments, fragment.fragmentOffset, fragment.dontFragment) = (true, 0x1FFF, false)
        fragment.identification = 0xBEEF
        for header in [header, fragment] {
            let datagram = self.datagram(header)
            #expect(try IPv4Header(parsing: datagram.span.bytes) == header)
        }
        #expect(!header.isFragment && fragment.isFragment)
    }

    @Test func `every shorter datagram is truncated`() {
        let datagram = self.datagram(header)
        for length in 0..<datagram.count {
            #expect(throws: IPv4Error.truncated) {
                try IPv4Header(parsing: datagram.span.bytes.extracting(first: length))
            }
        }
    }

    @Test func `what follows the total length is padding`() throws {
        let datagram = self.datagram(header) + [1, 2, 3]
        #expect(try IPv4Header(parsing: datagram.span.bytes).totalLength == 115)
    }

    @Test func `another version, a wrong header length and a wrong checksum are refused for their reason`() {
        #expect(throws: IPv4Error.notVersion4) { try parse { $0[0] = 0x65 } }
        #expect(throws: IPv4Error.badHeaderLength) { try parse { $0[0] = 0x44 } }
        #expect(throws: IPv4Error.badHeaderLength) { try parse { $0.set(bigEndian: 19, at: 2) } }
        #expect(throws: IPv4Error.badChecksum) { try parse { $0[8] -= 1 } }
    }

    @Test func `options are skipped`() throws {
        var datagram: [UInt8] = [0x46] + octets[1..<20] + [0x99, 4, 1, 2] + [UInt8](repeating: 7, count: 91)
        mend(&datagram)
        let header = try IPv4Header(parsing: datagram.span.bytes)
        #expect(header.headerLength == 24 && header.totalLength == 115)
    }

    @Test func `what is accepted lies within its octets`() {
        var mutations = Mutations(of: "ipv4")
        let samples = [octets + [UInt8](repeating: 7, count: 95)]
        for _ in 0..<Mutations.count(100_000) {
            var datagram = mutations.next(of: samples)
            mend(&datagram)
            guard let header = try? IPv4Header(parsing: datagram.span.bytes) else { continue }
            let isInside =
                header.headerLength >= 20 && header.headerLength <= Int(header.totalLength)
                && Int(header.totalLength) <= datagram.count
            if !isInside { Issue.record("\(header) of \(datagram.count) octets") }
        }
    }

    // A damaged header is looked at only when its checksum is right.
    private func mend(_ datagram: inout [UInt8]) {
        let length = datagram.first.map { Int($0 & 0x0F) * 4 } ?? 0
        guard length >= 20, length <= datagram.count else { return }
        datagram.set(bigEndian: 0, at: 10)
        var checksum = InternetChecksum()
        checksum.add(datagram.span.bytes.extracting(first: length))
        datagram.set(bigEndian: checksum.value, at: 10)
    }

    private func parse(_ damage: (inout [UInt8]) -> Void) throws -> IPv4Header {
        var datagram = self.datagram(header)
        damage(&datagram)
        return try IPv4Header(parsing: datagram.span.bytes)
    }

    private func datagram(_ header: IPv4Header) -> [UInt8] {
        var datagram: [UInt8] = []
        header.append(to: &datagram)
        return datagram + [UInt8](repeating: 7, count: Int(header.totalLength) - 20)
    }
}
