import MailQueue
import SMTP
import Testing
import Timebase

/// The judge is judged: what a power cut leaves of the service's log.
struct TornSQLiteStoreTests {
    /// The numbers of the messages that are there after a power cut while ten batches with one each were synced.
    private static func survivors(_ seed: UInt64) throws -> [Int] {
        var store = try TornSQLiteStore(latency: .seconds(1))
        for number in 1...10 {
            let envelope = Envelope(
                reversePath: .null, forwardPaths: [try ForwardPath(parsing: "<office@branch.example>")])
            let content = [UInt8](repeating: UInt8(ascii: "x"), count: 3_000)
            let message = HeldMessage(
                id: MessageID(number), envelope: envelope, content: .octets(content), arrival: .beginning)
            store.write([.hold(message)], at: .beginning)
        }
        // The first is on the disk, the others are on their way.
        store.deadlineReached(at: .beginning + .seconds(1))
        var luck = RandomStream(seed: seed, thing: "disk", purpose: "test")
        store.crash(luck: &luck, at: .beginning + .milliseconds(1_500))
        var numbers: [Int] = []
        store.forEachEntry { numbers.append($1.id.number) }
        #expect(numbers.allSatisfy { store.message(MessageID($0))?.size == 3_000 })
        return numbers
    }

    @Test func `what was durable is there, and of the rest a beginning, whole`() throws {
        let outcomes = try (1...20).map { try TornSQLiteStoreTests.survivors($0) }
        #expect(outcomes.allSatisfy { $0 == Array(1...$0.count) })
        #expect(Set(outcomes.map(\.count)).count > 1, "luck decides where it ends")
    }
}
