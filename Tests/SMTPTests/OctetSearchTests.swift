import TestSupport
import Testing

@testable import SMTP

@Suite struct OctetSearchTests {
    @Test func `each search finds what a plain loop finds`() {
        var mutations = Mutations(of: "search")
        let alphabet: [UInt8] = [0x0a, 0x0d, 0x2e, 0x09, 0x00, 0x0e, 0x0b, 0x41, 0x41, 0x41, 0x8a, 0xff, 0x80, 0x20]
        for turn in 0..<20_000 {
            let octets = (0..<mutations.number(below: 60)).map { _ in
                turn % 2 == 0 ? alphabet[mutations.number(below: alphabet.count)] : UInt8(mutations.number(below: 256))
            }
            let start = mutations.number(below: octets.count + 1)
            let end = start + mutations.number(below: octets.count - start + 1)
            let span = octets.span.bytes
            let lineFeed = octets[start...].firstIndex(of: 0x0a) ?? octets.count
            #expect(OctetSearch.firstLineFeed(in: span, from: start) == lineFeed)
            let dot = (start..<end).dropFirst().first { octets[$0] == 0x2e && octets[$0 - 1] == 0x0a } ?? end
            #expect(OctetSearch.firstDotAfterLineFeed(in: span, from: start, to: end) == dot)
            var highest: UInt8 = 0
            let control = octets[start...].firstIndex { $0 < 14 && $0 != 9 } ?? octets.count
            #expect(OctetSearch.firstControl(in: span, from: start, highest: &highest) == control)
            #expect((highest & 0x80 != 0) == octets[start..<control].contains { $0 > 127 })
        }
    }
}
