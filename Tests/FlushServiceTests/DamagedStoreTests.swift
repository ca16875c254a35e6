import Events
import FlushService
import Foundation
import MailQueue
import SMTP
import Synchronization
import TestSupport
import Testing
import Timebase

/// A store of which a part cannot be read: what can be is used, and nothing is thrown away.
@Suite(.timeLimit(.minutes(2))) struct DamagedStoreTests {
    /// A folder with the messages 1 to 400, and a page that is damaged.
    private static func folder(damagedAt words: String) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        var store = try SQLiteStore(folder: folder.path) { _ in }
        let now = Instant(nanoseconds: Int64(Date().timeIntervalSince1970 * 1e9))
        let changes = try (1...400).map { QueueChange.hold(try SQLiteStoreTests.message($0, arrival: now)) }
        store.write(changes, at: .beginning)
        try store.close()
        try folder.damageDatabase(at: words)
        return folder
    }

    @Test func `all messages are there but those of the page, which are named`() throws {
        let folder = try DamagedStoreTests.folder(damagedAt: "MAIL FROM")
        let found = try folder.octets(of: "queue.db")
        let store = try SQLiteStore(folder: folder.path) { _ in }
        #expect(try #require(store.damage).contains(" cannot be read, if there were any; what can be is here"))
        var numbers: [Int] = []
        store.forEachEntry { numbers.append($1.id.number) }
        #expect(numbers.count > 300 && numbers.count < 400)
        #expect(numbers.first == 1 && numbers.last == 400 && numbers == numbers.sorted())
        #expect(store.message(MessageID(1)) != nil)
        // Whoever opens a database writes its first page, and GRDB takes one more for a moment.
        #expect(try folder.octets(of: "queue.db.damaged").dropFirst(4_096).starts(with: found.dropFirst(4_096)))
        #expect(store.faults() == [] && store.lastNumber == 400)
        try store.close()
        // It is said until somebody has looked at it.
        let again = try SQLiteStore(folder: folder.path) { _ in }
        #expect(again.damage != nil)
        try again.close()
        try FileManager.default.removeItem(atPath: folder.file("queue.db.damaged"))
        let last = try SQLiteStore(folder: folder.path) { _ in }
        #expect(last.damage == nil)
        try last.close()
    }

    @Test func `a content that cannot be read is told of when somebody wants it`() throws {
        let folder = try DamagedStoreTests.folder(damagedAt: "Subject")
        let news = Mutex<[SQLiteStore.News]>([])
        let store = try SQLiteStore(folder: folder.path) { told in news.withLock { $0.append(told) } }
        #expect(store.damage == nil)
        let missing = (1...400).filter { store.message(MessageID($0)) == nil }
        #expect(!missing.isEmpty && missing.count < 200)
        #expect(news.withLock { $0 }.count == missing.count)
        #expect(!store.faults().isEmpty)
        try store.close()
        // Next time everything is looked at, and what is left is whole.
        let again = try SQLiteStore(folder: folder.path) { _ in }
        #expect(again.damage != nil && again.faults() == [])
        #expect((1...400).filter { again.message(MessageID($0)) == nil } == missing)
        try again.close()
    }

    @Test func `a crash while it is put into a new database loses nothing`() throws {
        let folder = try DamagedStoreTests.folder(damagedAt: "MAIL FROM")
        // The new one was not whole yet.
        try folder.write([1, 2, 3], to: "queue.db.salvaged")
        try SQLiteStore(folder: folder.path) { _ in }.close()
        // The new one was whole, and had not yet taken the place of the other.
        try FileManager.default.moveItem(atPath: folder.file("queue.db"), toPath: folder.file("queue.db.salvaged"))
        let store = try SQLiteStore(folder: folder.path) { _ in }
        var count = 0
        store.forEachEntry { _, _ in count += 1 }
        #expect(count > 300 && store.damage != nil)
        try store.close()
    }

    @Test func `the service takes no mail then, and delivers what can be read`() async throws {
        let folder = try DamagedStoreTests.folder(damagedAt: "MAIL FROM")
        let branch = try await Site("mail.branch.example", holds: ["branch.example"])
        let provider = try await Site(
            "mail.isp.example", holds: ["branch.example"],
            routes: [
                .init(
                    domain: Domain(parsing: "branch.example"), address: "127.0.0.1", port: branch.service.ports[0])
            ], in: folder)
        #expect(await provider.events.next(.storeDamaged) != nil)
        let held = try await provider.service.messages(for: Domain(parsing: "branch.example")).count
        let said = try provider.smtplib(
            """
            s.ehlo()
            print(s.docmd("MAIL FROM:<anna@hq.example>")[0])
            print(s.docmd("ETRN branch.example")[0])
            """)
        #expect(said == ["452", "253"])
        #expect(try await provider.events.nextFlush().delivered == held)
        try await provider.service.shutDown()
        try await branch.service.shutDown()
        // What was delivered is not there any more, in what goes on; in the copy it is.
        let store = try SQLiteStore(folder: folder.path) { _ in }
        var left = 0
        store.forEachEntry { _, _ in left += 1 }
        #expect(left == 0 && store.damage != nil)
        try store.close()
    }

    @Test func `nothing is imported into it`() throws {
        let folder = try DamagedStoreTests.folder(damagedAt: "MAIL FROM")
        let request = QueueRequest.take(
            envelope: ["MAIL FROM:<a@hq.example>", "RCPT TO:<b@branch.example>"], content: .init("x\r\n".utf8))
        let answer = try request.ask(try QueueRequestTests.configuration(folder, store: "."))
        #expect(!answer.isDone && answer.text.hasPrefix("nothing is taken into a damaged store: messages "))
    }
}
