import FlushService
import Foundation
import MailQueue
import SMTP
import Synchronization
import TestSupport
import Testing
import Timebase

/// Large contents, which lie in files beside the database.
struct ContentSpoolTests {
    private static let size = 1_048_576

    private static func large(_ number: Int) throws -> HeldMessage {
        let small = try SQLiteStoreTests.message(number)
        let octets = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* number) }
        return HeldMessage(
            id: small.id, envelope: small.envelope, content: .octets(octets), arrival: small.arrival)
    }

    private static func spool(_ folder: TemporaryFolder) throws -> [String] {
        try TemporaryFolder.names(in: folder.file("spool"))
    }

    @Test func `a large content comes back, and the database stays small`() throws {
        let folder = try TemporaryFolder()
        var store = try SQLiteStore(folder: folder.path) { _ in }
        let (small, large) = (try SQLiteStoreTests.message(1), try ContentSpoolTests.large(2))
        store.write([.hold(small), .hold(large)], at: .beginning)
        try store.close()
        #expect(try ContentSpoolTests.spool(folder) == ["2"])
        #expect(try folder.octets(of: "queue.db").count < ContentSpoolTests.size / 2)
        let again = try SQLiteStore(folder: folder.path) { _ in }
        #expect(again.message(small.id) == small && again.message(large.id) == large)
        #expect(again.faults() == [])
        try again.close()
    }

    @Test func `the file goes with its message, and not with a change of it`() throws {
        let folder = try TemporaryFolder()
        var store = try SQLiteStore(folder: folder.path) { _ in }
        for number in 1...3 { store.write([.hold(try ContentSpoolTests.large(number))], at: .beginning) }
        store.write([.update(try ContentSpoolTests.large(1)), .remove(MessageID(2))], at: .beginning)
        store.write([.remove(MessageID(2)), .remove(MessageID(9))], at: .beginning)
        try store.close()
        #expect(try ContentSpoolTests.spool(folder) == ["1", "3"])
    }

    @Test func `what a crash has left is cleared away when the store is opened, and nothing else`() throws {
        let folder = try TemporaryFolder()
        var store = try SQLiteStore(folder: folder.path) { _ in }
        store.write([.hold(try ContentSpoolTests.large(1))], at: .beginning)
        try store.close()
        // Written, and the database had not yet been told; and somebody's own file.
        for name in ["spool/2", "spool/notes"] { try folder.write([1, 2, 3], to: name) }
        try SQLiteStore(folder: folder.path) { _ in }.close()
        #expect(try ContentSpoolTests.spool(folder) == ["1", "notes"])
    }

    @Test func `a number that a crash has left a file for can be given again`() throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(atPath: folder.file("spool"), withIntermediateDirectories: true)
        var store = try SQLiteStore(folder: folder.path) { _ in }
        try folder.write(Array(repeating: 7, count: 2 * ContentSpoolTests.size), to: "spool/1")
        let message = try ContentSpoolTests.large(1)
        store.write([.hold(message)], at: .beginning)
        try store.close()
        let again = try SQLiteStore(folder: folder.path) { _ in }
        #expect(again.message(message.id) == message)
        try again.close()
    }

    @Test func `a file that is cut or gone is damage`() throws {
        let folder = try TemporaryFolder()
        var store = try SQLiteStore(folder: folder.path) { _ in }
        store.write([.hold(try ContentSpoolTests.large(1)), .hold(try ContentSpoolTests.large(2))], at: .beginning)
        try store.close()
        try folder.write([1, 2, 3], to: "spool/1")
        try FileManager.default.removeItem(atPath: folder.file("spool/2"))
        let news = Mutex<[SQLiteStore.News]>([])
        let again = try SQLiteStore(folder: folder.path) { told in news.withLock { $0.append(told) } }
        #expect(again.message(MessageID(1)) == nil && again.message(MessageID(2)) == nil)
        #expect(
            news.withLock { $0 } == [
                .damaged(reason: "message 1: 3 of 1048576 octets are there"),
                .damaged(reason: "message 2: No such file or directory"),
            ])
        #expect(
            again.faults() == [
                "message 1: of its 1048576 octets 3 are there", "message 2: of its 1048576 octets 0 are there",
            ])
        try again.close()
    }
}
