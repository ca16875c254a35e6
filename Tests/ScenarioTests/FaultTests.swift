import Events
import Foundation
@testable import MailHost
import MailQueue
import Testing
import Timebase

@testable import Scenario
@testable import Simulation

/// Whatever fails, no accepted message is lost, none goes to a wrong host, none comes twice without being counted as a
/// risk, and when nothing fails any more all of them arrive.
///
/// `RINGBACK_SEEDS=2000` tries so many seeds instead of a few, `RINGBACK_SEED=17` that one alone.
struct FaultTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static func seeds(_ count: Int) -> ClosedRange<Int> {
        environment["RINGBACK_SEED"].flatMap(Int.init).map { $0...$0 }
            ?? 1...(environment["RINGBACK_SEEDS"].flatMap(Int.init).map { max(1, $0) } ?? count)
    }

    private static func judge(_ seed: Int, preparing prepare: (inout World) throws -> Void = { _ in }) throws {
        let story = FaultStory(seed: UInt64(seed))
        guard try story.complaint(preparing: prepare) != nil else { return }
        let shrunk = try story.shrunk(preparing: prepare)
        Issue.record(
            """
            \(try shrunk.complaint(preparing: prepare) ?? "")
            again: RINGBACK_SEED=\(seed) swift test --filter FaultTests
            or as a scenario, with the faults that it takes:
            \(shrunk.text)
            """)
    }

    @Test(arguments: seeds(40)) func `whatever fails, every message comes to whom it is for`(seed: Int) throws {
        try FaultTests.judge(seed)
    }

    /// The queue is kept by the service's own code, in SQLite, on a disk that tears its log.
    @Test(arguments: seeds(8)) func `the store of the service loses no message, either`(seed: Int) throws {
        try FaultTests.judge(seed) { world in
            guard let disk = world.server.mail.queue.store as? SimulatedDisk else { return }
            world.server.mail.queue.store = try TornSQLiteStore(latency: disk.latency)
        }
    }

    @Test func `a queue that forgets its mail when a connect fails is found out, by one fault`() throws {
        let forgets = WorldRun.Intervention(name: .flushFailed) {
            $0.server.mail.queue = MailQueue($0.server.mail.queue.configuration, store: SimulatedDisk(latency: .zero))
        }
        let story = try #require(
            try (1...40).lazy.map { FaultStory(seed: $0) }.first { try $0.complaint([forgets]) != nil })
        let shrunk = try story.shrunk([forgets])
        #expect(shrunk.faults.count <= 3, "\(shrunk.faults)")
        #expect(try shrunk.complaint() == nil)
    }

    @Test func `a server that answers before its disk has the mail is found out`() throws {
        let lies = WorldRun.Intervention(name: .modemOffHook) {
            guard var disk = $0.server.mail.queue.store as? SimulatedDisk else { return }
            disk.lies = true
            $0.server.mail.queue.store = disk
        }
        let found = try (1...40).contains { seed in
            try FaultStory(seed: UInt64(seed)).complaint([lies]) != nil
        }
        #expect(found)
    }
}
