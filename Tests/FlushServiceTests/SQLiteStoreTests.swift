import FlushService
import Foundation
import MailQueue
import SMTP
import TestSupport
import Testing
import Timebase

/// The store on disk: what is written is there, whoever opens it.
struct SQLiteStoreTests {
    static func message(
        _ number: Int, to path: String = "<office@branch.example>", arrival: Instant = Instant(nanoseconds: 5)
    ) throws -> HeldMessage {
        HeldMessage(
            id: MessageID(number),
            envelope: Envelope(
                reversePath: try ReversePath(parsing: "<anna@hq.example>"),
                forwardPaths: [try ForwardPath(parsing: path)]),
            content: .octets(Array("Subject: \(number)\r\n\r\n".utf8)), arrival: arrival)
    }

    private static func open(_ folder: TemporaryFolder) throws -> SQLiteStore {
        try SQLiteStore(folder: folder.path) { _ in }
    }

    @Test func `a message comes back with everything that is known of it`() throws {
        let folder = try TemporaryFolder()
        let commands = [
            "MAIL FROM:<anna@hq.example> SIZE=9 BODY=8BITMIME SMTPUTF8 RET=HDRS ENVID=a+2Bb MT-PRIORITY=3 BY=120;N",
            "RCPT TO:<office@branch.example> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;office@branch.example",
            "RCPT TO:<\"a b\"@branch.example>",
        ]
        let envelope = try #require(Envelope(commands: try commands.map { try SMTPCommand(parsing: $0) }))
        #expect(envelope.commands.map(\.description) == commands)
        var message = HeldMessage(
            id: MessageID(7), envelope: envelope, content: .octets([0, 255, 13, 10]), arrival: .beginning + .seconds(9))
        message.attempts = 3
        message.possiblyDelivered = true
        message.division = 2
        message.notBefore = .beginning + .minutes(1)
        message.wasDelayed = true
        message.lastAttempt = DeliveryAttempt(
            at: .beginning + .seconds(30),
            reply: DeliveryReply(
                code: 451, text: "later", status: EnhancedStatusCode(4, 3, 0), host: try Domain(parsing: "b.example")))
        var store = try SQLiteStoreTests.open(folder)
        store.write([.hold(message)], at: .beginning)
        #expect(store.message(MessageID(7)) == message)
        try store.close()

        let again = try SQLiteStoreTests.open(folder)
        #expect(again.message(MessageID(7)) == message)
        #expect(again.lastNumber == 7)
        var entries: [QueueEntry] = []
        again.forEachEntry { entries.append($1) }
        #expect(entries == [QueueEntry(message)])
        try again.close()
    }

    @Test func `a closed store can be opened while somebody else still has a copy of its lock's descriptor`() throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteStoreTests.open(folder)
        let lock = try TemporaryFolder.names(in: "/proc/self/fd").first {
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")) == folder.file("lock")
        }
        let copy = dup(try #require(lock.flatMap { Int32($0) }))
        defer { close(copy) }
        try store.close()
        try SQLiteStoreTests.open(folder).close()
    }

    @Test func `a number is not given again when its message is gone`() throws {
        let folder = try TemporaryFolder()
        var store = try SQLiteStoreTests.open(folder)
        store.write([.hold(try SQLiteStoreTests.message(1)), .hold(try SQLiteStoreTests.message(2))], at: .beginning)
        store.write([.remove(MessageID(1)), .remove(MessageID(2))], at: .beginning)
        #expect(store.message(MessageID(2)) == nil)
        try store.close()
        let again = try SQLiteStoreTests.open(folder)
        #expect(again.lastNumber == 2)
        #expect(again.message(MessageID(1)) == nil)
        try again.close()
    }

    @Test func `a change of a message that is gone changes nothing`() throws {
        let folder = try TemporaryFolder()
        var store = try SQLiteStoreTests.open(folder)
        let message = try SQLiteStoreTests.message(1)
        store.write([.hold(message), .remove(message.id)], at: .beginning)
        store.write([.update(message)], at: .beginning)
        try store.close()
        let again = try SQLiteStoreTests.open(folder)
        #expect(again.message(message.id) == nil)
        try again.close()
    }

    @Test func `two processes cannot have one store`() throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteStoreTests.open(folder)
        #expect(throws: StoreError.inUse(path: folder.file("lock"))) { try SQLiteStoreTests.open(folder) }
        try store.close()
        try SQLiteStoreTests.open(folder).close()
    }

    @Test func `a store of a later version is left alone`() throws {
        let folder = try TemporaryFolder()
        try SQLiteStoreTests.open(folder).close()
        let sqlite = try ExternalTool("python3", package: "python3")
        _ = try sqlite.run([
            "-c",
            """
            import sqlite3
            d = sqlite3.connect("\(folder.file("queue.db"))")
            d.execute("INSERT INTO grdb_migrations VALUES ('9: what is still to come')")
            d.commit()
            """,
        ])
        #expect(throws: StoreError.newer(path: folder.file("queue.db"), schema: "9: what is still to come")) {
            try SQLiteStoreTests.open(folder)
        }
    }

    @Test func `a store of the first version is brought up to date, and nothing in it is lost`() throws {
        let folder = try TemporaryFolder()
        var store = try SQLiteStoreTests.open(folder)
        let message = try SQLiteStoreTests.message(1)
        store.write([.hold(message)], at: .beginning)
        try store.close()
        try SQLiteStoreTests.sql("ALTER TABLE message DROP COLUMN isOnHold", in: folder)
        try SQLiteStoreTests.sql("DELETE FROM grdb_migrations WHERE identifier LIKE '2:%'", in: folder)
        let again = try SQLiteStoreTests.open(folder)
        #expect(again.message(message.id) == message)
        try again.close()
    }

    @Test func `what is no database is refused and left as it is`() throws {
        let folder = try TemporaryFolder()
        let octets = Array("this was somebody's letter and no database at all, however long it is".utf8)
        try folder.write(octets, to: "queue.db")
        #expect { try SQLiteStoreTests.open(folder) } throws: { error in
            if case .damaged(folder.file("queue.db"), _) = error as? StoreError { true } else { false }
        }
        #expect(try folder.octets(of: "queue.db") == octets)
    }

    private static func sql(_ statement: String, in folder: TemporaryFolder) throws {
        let script = """
            import sqlite3
            d = sqlite3.connect("\(folder.file("queue.db"))")
            d.execute("\(statement)")
            d.commit()
            """
        _ = try ExternalTool("python3", package: "python3").run(["-c", script])
    }

    @Test(arguments: ["domain = '..'", "priority = 99"])
    func `a row that makes no sense is named when the store is opened, and left there`(change: String) throws {
        let folder = try TemporaryFolder()
        var store = try SQLiteStoreTests.open(folder)
        for number in 1...3 { store.write([.hold(try SQLiteStoreTests.message(number))], at: .beginning) }
        try store.close()
        try SQLiteStoreTests.sql("UPDATE message SET \(change) WHERE id = 2", in: folder)
        let again = try SQLiteStoreTests.open(folder)
        #expect(again.unreadable.map(\.id) == [MessageID(2)])
        var entries: [MessageID] = []
        again.forEachEntry { entries.append($1.id) }
        #expect(entries == [MessageID(1), MessageID(3)])
        #expect(again.faults().count == 1)
        try again.close()
    }

    @Test(arguments: ["attempts = -1", "division = 70000", "envelope = 'hello'"])
    func `a message that makes no sense is not there, and traps nobody`(change: String) throws {
        let folder = try TemporaryFolder()
        var store = try SQLiteStoreTests.open(folder)
        store.write([.hold(try SQLiteStoreTests.message(1))], at: .beginning)
        try store.close()
        try SQLiteStoreTests.sql("UPDATE message SET \(change)", in: folder)
        let again = try SQLiteStoreTests.open(folder)
        #expect(again.message(MessageID(1)) == nil)
        try again.close()
        let shown = try QueueRequest.show(1).ask(try QueueRequestTests.configuration(folder, store: "."))
        #expect(!shown.isDone && shown.text.hasSuffix("message 1: its row makes no sense\n"))
    }

    @Test func `a folder in which nothing can be made is refused`() throws {
        #expect { try SQLiteStore(folder: "/proc/nothing") { _ in } } throws: { error in
            if case .unusable("/proc/nothing", _) = error as? StoreError { true } else { false }
        }
    }
}
