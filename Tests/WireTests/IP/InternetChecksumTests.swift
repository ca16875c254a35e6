import Testing
import Timebase
import Wire

struct InternetChecksumTests {
    @Test func `the example of RFC 1071 comes out`() {
        #expect(checksum([0x00, 0x01, 0xF2, 0x03, 0xF4, 0xF5, 0xF6, 0xF7]) == ~0xDDF2)
    }

    @Test func `nothing sums to nothing`() {
        #expect(InternetChecksum().value == 0xFFFF)
        #expect(checksum([]) == 0xFFFF)
    }

    @Test func `quick and slow computation agree at every length`() {
        let octets = sample(1_600)
        for length in 0...octets.count {
            #expect(checksum(Array(octets.prefix(length))) == slow(octets.prefix(length)))
        }
    }

    @Test func `parts that begin at even offsets have the sum of the whole`() {
        let octets = sample(301)
        for cut in stride(from: 0, through: 300, by: 2) {
            var sum = InternetChecksum()
            sum.add(octets.span.bytes.extracting(droppingFirst: cut))
            sum.add(octets.span.bytes.extracting(first: cut))
            #expect(sum.value == slow(octets[...]))
        }
    }

    @Test func `carries are kept however many there are`() {
        #expect(checksum([UInt8](repeating: 0xFF, count: 65_534)) == 0)
        #expect(checksum([UInt8](repeating: 0xFF, count: 65_535)) == 0x00FF)
    }

    @Test func `words count as their octets do`() {
        var words = InternetChecksum()
        words.add(0x0102 as UInt16)
        words.add(0xC000_0219 as UInt32)
        #expect(words.value == checksum([0x01, 0x02, 0xC0, 0x00, 0x02, 0x19]))
    }

    @Test func `a pseudo-header counts as its twelve octets do`() {
        let sum = InternetChecksum(
            pseudoHeaderFrom: IPv4Address(192, 0, 2, 25), to: IPv4Address(192, 0, 2, 130), .tcp, length: 0x1234)
        #expect(sum.value == checksum([192, 0, 2, 25, 192, 0, 2, 130, 0, 6, 0x12, 0x34]))
    }

    @Test func `summed octets that contain their checksum leave zero`() {
        var octets = sample(40)
        octets.set(bigEndian: 0, at: 10)
        octets.set(bigEndian: checksum(octets), at: 10)
        #expect(checksum(octets) == 0)
        octets[17] ^= 0x10
        #expect(checksum(octets) != 0)
    }

    private func checksum(_ octets: [UInt8]) -> UInt16 {
        var sum = InternetChecksum()
        sum.add(octets.span.bytes)
        return sum.value
    }

    private func slow(_ octets: ArraySlice<UInt8>) -> UInt16 {
        var sum: UInt32 = 0
        for (index, octet) in octets.enumerated() { sum += UInt32(octet) << (index % 2 == 0 ? 8 : 0) }
        while sum > 0xFFFF { sum = (sum & 0xFFFF) + (sum >> 16) }
        return ~UInt16(sum)
    }

    private func sample(_ count: Int) -> [UInt8] {
        var random = RandomStream(seed: 1071, thing: "checksum", purpose: "sample")
        return (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    }
}
