import MailQueue
import SMTP
import Testing
import Timebase

/// A queue and the store in which its messages are.
@Suite struct QueueStoreTests {
    /// A store that is as slow as a test wants it, and cannot read some messages.
    private struct SlowStore: QueueStore {
        var memory = MemoryStore()
        var batches: [[QueueChange]] = []
        var durableBatches = 0
        var unreadable: Set<Int> = []
        var deadline: Instant? { nil }
        var lastNumber: Int { memory.lastNumber }
        mutating func write(_ batch: [QueueChange], at now: Instant) {
            memory.write(batch, at: now)
            batches.append(batch)
        }
        mutating func deadlineReached(at now: Instant) {}
        func message(_ id: MessageID) -> HeldMessage? { unreadable.contains(id.number) ? nil : memory.message(id) }
        func forEachEntry(_ body: (Domain, QueueEntry) -> Void) { memory.forEachEntry(body) }
    }

    private static let configuration = QueueTranscript.configuration {
        $0.onDemandDomains = [domain("branch.example")]
        $0.warning = .hours(4)
    }

    @Test func `mail is held, and its batch announced, when the store has it for good`() throws {
        var host = QueueTranscript(Self.configuration, store: SlowStore())
        try host.mail(for: "branch.example")
        try host.mail(for: "branch.example")
        #expect(host.actions().isEmpty)
        #expect(try host.etrn("branch.example").hasPrefix("251"))
        host.storeHas(1, of: SlowStore.self) { $0.durableBatches = $1 }
        #expect(host.actions() == [.written(1), .held(MessageID(1), domain("branch.example"))])
        #expect(try host.etrn("branch.example").hasPrefix("253 2.5.0 OK, 1 pending"))
    }

    @Test func `the report takes the place of the message in one batch`() throws {
        var host = QueueTranscript(Self.configuration, store: SlowStore())
        try host.mail(for: "branch.example")
        host.storeHas(1, of: SlowStore.self) { $0.durableBatches = $1 }
        _ = try host.etrn("branch.example")
        host.connected("branch.example")
        host.refused(host.next("branch.example"), "branch.example")
        // As a driver does with a report.
        host.holdWithoutCommit(
            Envelope(reversePath: .null, forwardPaths: [try ForwardPath(parsing: "<x@far.example>")]))
        _ = host.wants()
        let store = try #require(host.queue.store as? SlowStore)
        #expect(store.batches.count == 2)
        guard case .remove(MessageID(1)) = store.batches[1].first, case .hold(let report) = store.batches[1].last else {
            Issue.record("\(store.batches[1])")
            return
        }
        #expect(report.id == MessageID(2))
    }

    @Test func `a queue begins with what its store has, with its attempts and its age`() throws {
        var host = QueueTranscript(Self.configuration)
        try host.mail(for: "branch.example")
        try host.mail(for: "far.example")
        host.connectFails("far.example")
        host.sleep(until: .hours(4))
        host.sleep(until: .hours(4))
        #expect(host.wants().contains("delayed 1"))
        var again = QueueTranscript(Self.configuration, store: host.queue.store, at: .hours(5))
        #expect(again.queue.count == 2)
        #expect(try again.etrn("branch.example").hasPrefix("253 2.5.0 OK, 1 pending"))
        // What was told as late is not told again, and what expires does so two days after it came.
        again.sleep(until: .days(9))
        #expect(again.now == .beginning + .hours(5) && again.wants().contains("connect far.example"))
        again.linkDown("branch.example")
        again.connectFails("far.example")
        var told: [String] = []
        while again.now < .beginning + .days(2) {
            again.sleep(until: .days(2))
            again.connectFails("far.example")
            told += again.wants()
        }
        #expect(told.filter { $0.hasPrefix("delayed") }.isEmpty)
        #expect(told.filter { $0.hasPrefix("expired") } == ["expired 1", "expired 2"])
    }

    @Test func `numbers are not given again, even when the last message is gone`() throws {
        var host = QueueTranscript(Self.configuration)
        for _ in 1...3 { try host.mail(for: "branch.example") }
        _ = try host.etrn("branch.example")
        host.connected("branch.example")
        #expect(host.deliverAll("branch.example") == [1, 2, 3])
        _ = host.wants()
        var again = QueueTranscript(Self.configuration, store: host.queue.store)
        try again.mail(for: "branch.example")
        #expect(again.actions().contains(.held(MessageID(4), domain("branch.example"))))
    }

    @Test func `what the store cannot read stays there, and the rest goes`() throws {
        var store = SlowStore()
        store.unreadable = [2]
        var host = QueueTranscript(Self.configuration, store: store)
        for _ in 1...3 { try host.mail(for: "branch.example") }
        host.storeHas(3, of: SlowStore.self) { $0.durableBatches = $1 }
        _ = try host.etrn("branch.example")
        host.connected("branch.example")
        _ = host.actions()
        #expect(host.deliverAll("branch.example") == [1, 3])
        #expect(host.wants() == ["unreadable 2 for branch.example"])
        let left = try #require(host.queue.store as? SlowStore)
        #expect(!left.batches.joined().contains(.remove(MessageID(2))))
    }

    @Test func `the recipients that have it are written before the others get it`() throws {
        var host = QueueTranscript(Self.configuration)
        let paths = try ["<a@branch.example>", "<b@branch.example>"].map { try ForwardPath(parsing: $0) }
        try host.mail(for: "<a@branch.example>", "<b@branch.example>")
        _ = try host.etrn("branch.example")
        host.connected("branch.example")
        let next = host.next("branch.example")
        let id = try #require(next)
        host.partlyDelivered(id, "branch.example", to: [paths[0]], next: [paths[1]])
        _ = host.wants()
        let again = QueueTranscript(Self.configuration, store: host.queue.store)
        #expect(again.queue.messages(for: domain("branch.example")).map(\.envelope.forwardPaths) == [[paths[1]]])
    }

    @Test func `the queue itself keeps little of a message, whatever it says`() {
        #expect(MemoryLayout<QueueEntry>.stride <= 48)
        // Ten messages in each domain: what a domain costs besides its name is shared by them.
        #expect(MemoryLayout<QueueEntry>.stride + MemoryLayout<DomainQueue>.stride / 10 <= 100)
    }
}
