import Testing
import Timebase
import Wire

@testable import TCPIP

struct OctetRingTests {
    @Test func `octets go at the front in the order in which they came`() {
        var ring = OctetRing()
        #expect(ring.isEmpty)
        ring.append(([1, 2, 3] as [UInt8]).span.bytes)
        ring.append(([4, 5] as [UInt8]).span.bytes)
        ring.drop(2)
        #expect(ring.count == 3 && octets(of: ring) == [3, 4, 5])
        ring.drop(3)
        #expect(ring.isEmpty && octets(of: ring) == [])
    }

    @Test func `copies are taken from any place and leave the octets where they are`() {
        var ring = OctetRing()
        ring.append(([0, 1, 2, 3, 4, 5] as [UInt8]).span.bytes)
        ring.drop(1)
        var octets: [UInt8] = [9]
        ring.copy(from: 1, count: 3, to: &octets)
        #expect(octets == [9, 2, 3, 4] && ring.count == 5)
        ring.copy(from: 5, count: 0, to: &octets)
        #expect(octets == [9, 2, 3, 4])
    }

    @Test func `a ring that is never empty stays exact`() {
        var random = RandomStream(seed: 1, thing: "ring", purpose: "order")
        var ring = OctetRing()
        var (first, last) = (0, 0)
        for _ in 0..<2_000 {
            let count = Int(random.uniform(in: 0...1_460))
            ring.append(TCPTranscript.octets(from: last, count: count).span.bytes)
            last += count
            let dropped = Int(random.uniform(in: 0...Int64(min(1_500, ring.count))))
            ring.drop(dropped)
            first += dropped
            #expect(ring.count == last - first)
        }
        #expect(octets(of: ring) == TCPTranscript.octets(from: first, count: last - first))
    }

    @Test func `a reset forgets everything`() {
        var ring = OctetRing()
        ring.append(([1, 2, 3] as [UInt8]).span.bytes)
        ring.reset()
        #expect(ring.isEmpty)
    }

    private func octets(of ring: OctetRing) -> [UInt8] {
        var octets: [UInt8] = []
        ring.copy(from: 0, count: ring.count, to: &octets)
        return octets
    }
}
