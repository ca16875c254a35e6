import Testing
import Timebase
import Wire

@testable import TCPIP

struct ReassemblyTests {
    private let data = TCPTranscript.octets(from: 0, count: 200)

    @Test func `what came early is handed over behind what was missing`() {
        var buffer = Buffer(data)
        buffer.insert(10..<20)
        buffer.insert(20..<30)
        #expect(buffer.take(10) == 20)
        #expect(buffer.isExact && buffer.reassembly.isEmpty)
    }

    @Test func `a second hole holds back what lies behind it`() {
        var buffer = Buffer(data)
        buffer.insert(30..<40)
        buffer.insert(10..<20)
        #expect(buffer.take(10) == 10)
        #expect(buffer.isExact && !buffer.reassembly.isEmpty)
        #expect(buffer.take(10) == 10)
        #expect(buffer.isExact && buffer.reassembly.isEmpty)
    }

    @Test func `what overlaps is handed over once`() {
        var buffer = Buffer(data)
        for range in [20..<30, 10..<40, 15..<25, 10..<40, 35..<45] { buffer.insert(range) }
        #expect(buffer.take(10) == 35)
        #expect(buffer.isExact)
    }

    @Test func `what the new octets cover already is skipped`() {
        var buffer = Buffer(data)
        buffer.insert(10..<20)
        buffer.insert(25..<35)
        #expect(buffer.take(30) == 5)
        #expect(buffer.isExact && buffer.reassembly.isEmpty)
    }

    @Test func `the first copy of an octet counts`() {
        var reassembly = Reassembly()
        var ring = OctetRing()
        reassembly.insert(([1, 1] as [UInt8]).span.bytes, at: 2)
        reassembly.insert(([2, 2, 2, 2] as [UInt8]).span.bytes, at: 1)
        ring.append(([0] as [UInt8]).span.bytes)
        #expect(reassembly.advance(by: 1, into: &ring) == 4)
        var octets: [UInt8] = []
        ring.copy(from: 0, count: ring.count, to: &octets)
        #expect(octets == [0, 2, 1, 1, 2])
    }

    @Test func `in whatever order pieces come, the stream is the same`() {
        var random = RandomStream(seed: 815, thing: "reassembly", purpose: "order")
        for _ in 0..<500 {
            var buffer = Buffer(data)
            while buffer.next < data.count {
                let start = Int(random.uniform(in: Int64(buffer.next)...Int64(data.count - 1)))
                let end = min(data.count, start + Int(random.uniform(in: 1...40)))
                if start == buffer.next { _ = buffer.take(end - start) } else { buffer.insert(start..<end) }
            }
            #expect(buffer.isExact && buffer.reassembly.isEmpty)
        }
    }

    @Test func `ten thousand single octets do not take long`() {
        var reassembly = Reassembly()
        var ring = OctetRing()
        for offset in stride(from: 8_760, to: 0, by: -1) { reassembly.insert(([1] as [UInt8]).span.bytes, at: offset) }
        for offset in 1...1_240 { reassembly.insert(([1] as [UInt8]).span.bytes, at: offset) }
        ring.append(([1] as [UInt8]).span.bytes)
        #expect(reassembly.advance(by: 1, into: &ring) == 8_760)
    }
}

/// A stream that is put together from its pieces.
private struct Buffer {
    let data: [UInt8]
    var reassembly = Reassembly()
    var ring = OctetRing()
    var next = 0

    init(_ data: [UInt8]) { self.data = data }

    mutating func insert(_ range: Range<Int>) {
        reassembly.insert(Array(data[range]).span.bytes, at: range.lowerBound - next)
    }

    /// So many octets come in turn. Returns how many followed them.
    mutating func take(_ count: Int) -> Int {
        ring.append(Array(data[next..<(next + count)]).span.bytes)
        let delivered = reassembly.advance(by: count, into: &ring)
        next += count + delivered
        return delivered
    }

    var isExact: Bool {
        var octets: [UInt8] = []
        ring.copy(from: 0, count: ring.count, to: &octets)
        return octets == Array(data.prefix(next))
    }
}
