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
            queue.append(octets, departure: now, arrival: now)
            expected.append(octets)
            while expected.count > Int(stream.uniform(in: 0...8)) {
                queue.takeFirst(into: &frame)
                #expect(frame == expected.removeFirst())
            }
        }
        #expect((queue.nextArrival == nil) == expected.isEmpty)
    }

    @Test func `a frame waits, goes out and arrives, each in its turn`() {
        var queue = FrameQueue()
        #expect(queue.nextDeparture == nil && queue.nextArrival == nil)
        queue.append([1], departure: Instant(nanoseconds: 5), arrival: Instant(nanoseconds: 10))
        queue.append([2, 3], departure: Instant(nanoseconds: 8), arrival: Instant(nanoseconds: 20))
        #expect(queue.nextDeparture == Instant(nanoseconds: 5) && queue.nextArrival == Instant(nanoseconds: 10))
        var gone: [UInt8] = []
        #expect(queue.depart(appendingTo: &gone) == 1)
        #expect(queue.nextDeparture == Instant(nanoseconds: 8) && queue.nextArrival == Instant(nanoseconds: 10))
        #expect(queue.depart(appendingTo: &gone) == 2)
        #expect(gone == [1, 2, 3])
        #expect(queue.nextDeparture == nil)
        var frame: [UInt8] = []
        queue.takeFirst(into: &frame)
        #expect(frame == [1] && queue.nextArrival == Instant(nanoseconds: 20))
    }
}
