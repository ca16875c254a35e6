import Testing
import Timebase
import Wire

struct FCS16Tests {
    @Test func `the customary check value comes out`() {
        #expect(FCS16.checksum(of: Array("123456789".utf8).span.bytes) == 0x906E)
    }

    @Test func `quick and slow computation agree at every length`() {
        let octets = sample(1_600)
        for length in 0...octets.count {
            #expect(FCS16.checksum(of: octets.span.bytes.extracting(first: length)) == slow(octets.prefix(length)))
        }
    }

    @Test func `a frame in two pieces has the FCS of the whole`() {
        let octets = sample(700)
        for cut in stride(from: 0, through: 700, by: 7) {
            let first = FCS16.update(FCS16.initial, over: octets.span.bytes.extracting(first: cut))
            let both = FCS16.update(first, over: octets.span.bytes.extracting(droppingFirst: cut))
            #expect(~both == slow(octets[...]))
        }
    }

    @Test func `a good frame leaves the good value, a damaged one does not`() {
        var octets = sample(300)
        let fcs = FCS16.checksum(of: octets.span.bytes)
        octets += [UInt8(truncatingIfNeeded: fcs), UInt8(truncatingIfNeeded: fcs >> 8)]
        #expect(FCS16.update(FCS16.initial, over: octets.span.bytes) == FCS16.good)
        octets[17] ^= 0x10
        #expect(FCS16.update(FCS16.initial, over: octets.span.bytes) != FCS16.good)
    }

    private func sample(_ count: Int) -> [UInt8] {
        var random = RandomStream(seed: 1662, thing: "fcs", purpose: "sample")
        return (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    }

    private func slow(_ octets: ArraySlice<UInt8>) -> UInt16 {
        ~octets.reduce(0xFFFF) { fcs, octet in
            (0..<8).reduce(fcs ^ UInt16(octet)) { fcs, _ in fcs & 1 == 1 ? fcs >> 1 ^ 0x8408 : fcs >> 1 }
        }
    }
}
