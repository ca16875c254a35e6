import Testing
import Timebase

@testable import Simulation

struct EventQueueTests {
    @Test func `wakeups come in order of time`() {
        var queue = EventQueue()
        for (source, seconds) in [(1, 3), (2, 1), (3, 2)] {
            let alarm = queue.makeAlarm(.agent, source: source)
            queue.set(alarm, to: .beginning + .seconds(Int64(seconds)))
        }
        #expect(sources(&queue) == [2, 3, 1])
    }

    @Test func `at one instant the kind decides, then the source, whoever was set first`() {
        var queue = EventQueue()
        let instant = Instant.beginning + .seconds(1)
        for (kind, source) in [(EventQueue.Kind.agent, 1), (.line, 9), (.line, 2), (.script, 7)] {
            let alarm = queue.makeAlarm(kind, source: source)
            queue.set(alarm, to: instant)
        }
        #expect(sources(&queue) == [7, 2, 9, 1])
    }

    @Test func `a deadline moved later fires once, at the later instant`() {
        var queue = EventQueue()
        let alarm = queue.makeAlarm(.connection, source: 1)
        queue.set(alarm, to: .beginning + .seconds(1))
        queue.set(alarm, to: .beginning + .seconds(5))
        #expect(queue.next(before: .distantFuture)?.source == 1)
        #expect(queue.now == .beginning + .seconds(5))
        #expect(queue.next(before: .distantFuture) == nil)
    }

    @Test func `a deadline moved earlier fires once, at the earlier instant`() {
        var queue = EventQueue()
        let alarm = queue.makeAlarm(.connection, source: 1)
        queue.set(alarm, to: .beginning + .seconds(5))
        queue.set(alarm, to: .beginning + .seconds(1))
        #expect(queue.next(before: .distantFuture)?.source == 1)
        #expect(queue.now == .beginning + .seconds(1))
        #expect(queue.next(before: .distantFuture) == nil)
    }

    @Test func `what is in the background is woken, but nothing goes on for it`() {
        var queue = EventQueue()
        let (old, new) = (queue.makeAlarm(.connection, source: 1), queue.makeAlarm(.call, source: 2))
        queue.set(old, to: .beginning + .seconds(1), isBackground: true)
        #expect(queue.next(before: .distantFuture) == nil)
        queue.set(new, to: .beginning + .seconds(2))
        #expect(sources(&queue) == [1, 2])
        queue.set(old, to: .beginning + .seconds(3), isBackground: true)
        queue.set(old, to: .beginning + .seconds(3))
        #expect(sources(&queue) == [1])
        queue.set(new, to: .beginning + .seconds(4))
        queue.release(new)
        #expect(queue.next(before: .distantFuture) == nil)
    }

    @Test func `a deadline taken back never fires`() {
        var queue = EventQueue()
        let alarm = queue.makeAlarm(.link, source: 1)
        queue.set(alarm, to: .beginning + .seconds(1))
        queue.set(alarm, to: nil)
        #expect(queue.next(before: .distantFuture) == nil)
    }

    @Test func `an alarm given back does not wake its next owner`() {
        var queue = EventQueue()
        let first = queue.makeAlarm(.link, source: 1)
        queue.set(first, to: .beginning + .seconds(1))
        queue.release(first)
        let second = queue.makeAlarm(.link, source: 2)
        queue.set(second, to: .beginning + .seconds(2))
        #expect(sources(&queue) == [2])
        #expect(queue.now == .beginning + .seconds(2))
    }

    @Test func `the clock ticks in whole microseconds and rounds up`() {
        var queue = EventQueue()
        let alarm = queue.makeAlarm(.line, source: 1)
        queue.set(alarm, to: Instant(nanoseconds: 1_001))
        _ = queue.next(before: .distantFuture)
        #expect(queue.now == Instant(nanoseconds: 2_000))
    }

    @Test func `ten thousand random deadlines come out sorted`() {
        var queue = EventQueue()
        var stream = RandomStream(seed: 1, thing: "test", purpose: "deadlines")
        for source in 0..<10_000 {
            let alarm = queue.makeAlarm(.agent, source: source)
            queue.set(alarm, to: Instant(nanoseconds: stream.uniform(in: 0...1_000_000)))
        }
        var last = Instant.beginning
        var count = 0
        while queue.next(before: .distantFuture) != nil {
            #expect(queue.now >= last)
            last = queue.now
            count += 1
        }
        #expect(count == 10_000)
    }

    private func sources(_ queue: inout EventQueue) -> [Int] {
        var sources: [Int] = []
        while let wakeup = queue.next(before: .distantFuture) { sources.append(wakeup.source) }
        return sources
    }
}
