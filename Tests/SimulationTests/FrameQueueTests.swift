import Testing
import Timebase

@testable import Simulation

struct FrameQueueTests {
    @Test func `frames come out as they went in, in order`() {
        var queue = FrameQueue()
        var stream = RandomStream(seed: 7, thing: "test", purpose: "frames")
        var expected: [[UInt8]] = []
        var frame: [UInt8] = []
        var now = Instant.beginning
        for round in 0..<2_000 {
            now += .milliseconds(1)
            let octets = [UInt8](repeating: UInt8(truncatingIfNeeded: round), count: Int(stream.uniform(in: 0...600)))
            queue.append(octets, arrival: now)
            expected.append(octets)
            while expected.count > Int(stream.uniform(in: 0...8)) {
                queue.takeFirst(into: &frame)
                #expect(frame == expected.removeFirst())
            }
        }
        #expect((queue.nextArrival == nil) == expected.isEmpty)
    }

    @Test func `the next arrival is that of the first frame`() {
        var queue = FrameQueue()
        #expect(queue.nextArrival == nil)
        queue.append([1], arrival: Instant(nanoseconds: 10))
        queue.append([2], arrival: Instant(nanoseconds: 20))
        #expect(queue.nextArrival == Instant(nanoseconds: 10))
    }
}
