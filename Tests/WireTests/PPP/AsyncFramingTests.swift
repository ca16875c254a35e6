import Testing
import Timebase
import Wire

struct AsyncFramingTests {
    // A Configure-Request with ACCM 0, magic number 0BADCAFE, PFC and ACFC, as slirp took it.
    static let frame: [UInt8] = [
        0xFF, 0x03, 0xC0, 0x21, 0x01, 0x01, 0x00, 0x14, 0x02, 0x06, 0x00, 0x00, 0x00, 0x00, 0x05, 0x06, 0x0B, 0xAD,
        0xCA,
        0xFE, 0x07, 0x02, 0x08, 0x02,
    ]
    static let line: [UInt8] = [
        0x7E, 0xFF, 0x7D, 0x23, 0xC0, 0x21, 0x7D, 0x21, 0x7D, 0x21, 0x7D, 0x20, 0x7D, 0x34, 0x7D, 0x22, 0x7D, 0x26,
        0x7D,
        0x20, 0x7D, 0x20, 0x7D, 0x20, 0x7D, 0x20, 0x7D, 0x25, 0x7D, 0x26, 0x7D, 0x2B, 0xAD, 0xCA, 0xFE, 0x7D, 0x27,
        0x7D,
        0x22, 0x7D, 0x28, 0x7D, 0x22, 0xF1, 0xAD, 0x7E,
    ]

    @Test func `a Configure-Request goes out as a real peer has read it`() {
        var octets: [UInt8] = []
        AsyncFraming.encode(Self.frame.span.bytes, accm: AsyncFraming.defaultMap, into: &octets)
        #expect(octets == Self.line)
        let count = AsyncFraming.escapedOctetCount(of: Self.frame.span.bytes, accm: AsyncFraming.defaultMap)
        #expect(count == Self.line.count)
    }

    @Test func `with an empty map only flags and escapes are escaped`() {
        var octets: [UInt8] = []
        let frame: [UInt8] = [0xFF, 0x03, 0x00, 0x21, 0x11, 0x7E, 0x7D, 0x7F]
        AsyncFraming.encode(frame.span.bytes, accm: 0, into: &octets)
        #expect(octets.dropFirst().starts(with: [0xFF, 0x03, 0x00, 0x21, 0x11, 0x7D, 0x5E, 0x7D, 0x5D, 0x7F]))
    }

    @Test(arguments: [0, 0x000A_0000, 0x1234_5678, 0xFFF5_FFFF, 0xFFFF_FFFF] as [UInt32])
    func `the count is the length of what is built, at every length`(accm: UInt32) {
        var random = RandomStream(seed: 1662, thing: "framing", purpose: "sample")
        var frame: [UInt8] = [0xFF, 0x03, 0x00, 0x21]
        var octets: [UInt8] = []
        for length in 0..<700 {
            octets.removeAll(keepingCapacity: true)
            AsyncFraming.encode(frame.span.bytes, accm: accm, into: &octets)
            #expect(AsyncFraming.escapedOctetCount(of: frame.span.bytes, accm: accm) == octets.count)
            // Every other octet is one that might be escaped.
            let choices: [UInt8] = [0x7D, 0x7E, 0x7C, 0x7F, 0xFD, 0xFE, 0x11, 0x13, 0x1F, 0x20, 0x00, 0x80]
            frame.append(
                length % 2 == 0
                    ? choices[Int(random.uniform(in: 0...11))] : UInt8(truncatingIfNeeded: random.next()))
        }
    }

    @Test func `a frame of nothing but flags doubles`() {
        for count in [1, 255 * 8, 5_000, 65_535] {
            let frame = [UInt8](repeating: AsyncFraming.flag, count: count)
            let octets = AsyncFraming.escapedOctetCount(of: frame.span.bytes, accm: 0)
            #expect((2 * count + 4...2 * count + 6).contains(octets))
        }
    }
}
