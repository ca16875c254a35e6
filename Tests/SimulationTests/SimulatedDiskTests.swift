import MailQueue
import SMTP
import Testing
import Timebase

@testable import Simulation

/// What the server host's disk keeps, and when.
struct SimulatedDiskTests {
    private func batch(_ numbers: ClosedRange<Int>, size: Int = 1_000) throws -> [QueueChange] {
        try numbers.map { number in
            let envelope = Envelope(reversePath: .null, forwardPaths: [try ForwardPath(parsing: "<bob@a.example>")])
            let content = MessageContent.octets([UInt8](repeating: UInt8(ascii: "x"), count: size))
            return .hold(.init(id: MessageID(number), envelope: envelope, content: content, arrival: .beginning))
        }
    }

    private func numbers(_ disk: SimulatedDisk) -> [Int] {
        var numbers: [Int] = []
        disk.forEachEntry { numbers.append($1.id.number) }
        return numbers
    }

    @Test func `without latency everything is durable at once`() throws {
        var disk = SimulatedDisk(latency: .zero)
        disk.write(try batch(1...2), at: .beginning)
        #expect(disk.durableBatches == 1 && disk.deadline == nil)
        var luck = RandomStream(seed: 1, thing: "disk", purpose: "test")
        disk.crash(luck: &luck, at: .beginning)
        #expect(numbers(disk) == [1, 2])
    }

    @Test func `what is written during a sync goes with the next one, all of it together`() throws {
        var disk = SimulatedDisk(latency: .milliseconds(10))
        disk.write(try batch(1...1), at: .beginning)
        // 10 ms, and 1,256 octets at 4 MB a second.
        #expect(disk.deadline == .beginning + .microseconds(10_314))
        for number in 2...9 { disk.write(try batch(number...number), at: .beginning + .milliseconds(1)) }
        #expect(disk.durableBatches == 0 && numbers(disk) == Array(1...9))
        disk.deadlineReached(at: .beginning + .microseconds(10_314))
        #expect(disk.durableBatches == 1)
        let end = try #require(disk.deadline)
        #expect(end == .beginning + .microseconds(22_826))
        disk.deadlineReached(at: end)
        #expect(disk.durableBatches == 9 && disk.deadline == nil)
    }

    @Test func `a crash keeps what was durable, of the sync under way the first records, and nothing later`() throws {
        var outcomes: Set<[Int]> = []
        for seed in 1...200 {
            var disk = SimulatedDisk(latency: .milliseconds(10))
            disk.write(try batch(1...1, size: 100), at: .beginning)
            let end = try #require(disk.deadline)
            disk.write(try batch(2...2, size: 100), at: .beginning)
            disk.write(try batch(3...4, size: 100), at: .beginning)
            disk.deadlineReached(at: end)
            disk.write(try batch(5...5, size: 100), at: end)
            var luck = RandomStream(seed: UInt64(seed), thing: "disk", purpose: "test")
            disk.crash(luck: &luck, at: end)
            let messagesOfBatches = [0, 1, 2, 4]
            #expect(numbers(disk).count == messagesOfBatches[disk.durableBatches])
            #expect(disk.deadline == nil && disk.message(MessageID(5)) == nil)
            outcomes.insert(numbers(disk))
        }
        #expect(outcomes == [[1], [1, 2], [1, 2, 3, 4]])
    }

    @Test func `a large record is torn more often than a small one`() throws {
        func survivals(size: Int) throws -> Int {
            try (1...400).count { seed in
                var disk = SimulatedDisk(latency: .milliseconds(10))
                disk.write(try batch(1...1, size: size), at: .beginning)
                var luck = RandomStream(seed: UInt64(seed), thing: "disk", purpose: "test")
                disk.crash(luck: &luck, at: .beginning)
                return numbers(disk) == [1]
            }
        }
        #expect(try survivals(size: 100) > 250)
        #expect(try survivals(size: 20_000) < 10)
    }
}
