import Foundation
import GRDB
import Glibc
import MailQueue
import SMTP

/// What can still be read of a damaged database is put into a new one, which takes its place; the damaged one is kept
/// as it was found. To write to it would meet its damage again and again: SQLite moves rows between neighbouring pages.
///
/// Rows lie in the order of their numbers, some dozens on a page. Where a page is damaged all that is read across it
/// fails; so the numbers around it are halved until only those are left that nobody can read.
struct Salvage {
    /// The database.
    let path: String

    /// As it was found.
    private var damaged: String { path + ".damaged" }
    private var salvaged: String { path + ".salvaged" }
    /// Says that a page was met that could not be read: everything is to be looked at when the store is opened next.
    private var suspicion: String { path + ".suspect" }

    /// So often it is tried to get around what is damaged.
    private static let patience = 20_000

    // MARK: What can be known

    /// Whether there is a database of which a part was lost, and nobody has moved it away.
    var wasNeeded: Bool { FileManager.default.fileExists(atPath: damaged) }
    /// Whether a damaged page was met since the store was opened last.
    var isSuspect: Bool { FileManager.default.fileExists(atPath: suspicion) }

    /// A page could not be read.
    func suspect() { _ = FileManager.default.createFile(atPath: suspicion, contents: nil) }

    /// Reads what can be read of some numbers, in their order.
    /// - Parameters:
    ///   - numbers: which.
    ///   - read: reads those of a range; `next` is behind the last that was read when it fails.
    /// - Returns: the numbers of which nobody can say what is there.
    /// - Throws: what SQLite says, when it is not that the database is damaged.
    static func read(
        _ numbers: ClosedRange<Int>, _ read: (ClosedRange<Int>, _ next: inout Int) throws -> Void
    ) throws -> [ClosedRange<Int>] {
        var lost: [ClosedRange<Int>] = []
        var attempts = 0
        // The next range is the last.
        var ranges = [numbers]
        while let range = ranges.popLast() {
            var next = range.lowerBound
            do {
                try read(range, &next)
            } catch let error as DatabaseError where error.resultCode == .SQLITE_CORRUPT {
                attempts += 1
                guard next <= range.upperBound else { continue }
                let rest = next...range.upperBound
                guard rest.count > 1, attempts < patience else {
                    let isNext = lost.last.map { $0.upperBound + 1 == next } ?? false
                    let first = isNext ? lost.removeLast().lowerBound : next
                    lost.append(first...rest.upperBound)
                    continue
                }
                let middle = rest.lowerBound + rest.count / 2
                ranges += [middle...rest.upperBound, rest.lowerBound...(middle - 1)]
            }
        }
        return lost
    }

    // MARK: What is done

    /// Goes on with what a crash has interrupted. Before the database is opened.
    func recover() throws {
        let files = FileManager.default
        guard files.fileExists(atPath: salvaged) else { return }
        // Where the damaged one has been moved away already, the new one is whole.
        guard files.fileExists(atPath: path) else { return try takePlace() }
        try files.removeItem(atPath: salvaged)
        if files.fileExists(atPath: salvaged + "-journal") { try files.removeItem(atPath: salvaged + "-journal") }
    }

    /// Copies what can be read, and puts the copy in the database's place.
    /// - Parameter database: the damaged one; it is closed.
    /// - Throws: ``StoreError`` when there is one already that nobody has looked at, or what the system says, as when
    ///   there is no room for the copy. Then the database is where it was.
    func carryOut(from database: DatabasePool) throws {
        guard !wasNeeded else {
            throw StoreError.damaged(path: path, reason: "again, and \(damaged) is still there; move it away first")
        }
        let copy = try DatabaseQueue(path: salvaged)
        try MessageTable.migrator.migrate(copy)
        try database.unsafeRead { database in
            let last = try MessageTable.lastNumber(in: database)
            try copy.write { copy in
                for table in ["message", "content"] {
                    try Salvage.copy(table, 1...max(1, last), from: database, to: copy)
                }
                try copy.execute(
                    sql: "INSERT OR REPLACE INTO sqlite_sequence (rowid, name, seq) VALUES "
                        + "((SELECT rowid FROM sqlite_sequence WHERE name = 'message'), 'message', ?)",
                    arguments: [last])
                // What is not mail is kept as far as that is no trouble.
                for table in ["address", "flush"] {
                    try? copy.inSavepoint {
                        try Salvage.copyAll(table, from: database, to: copy)
                        return .commit
                    }
                }
            }
        }
        try copy.close()
        // With nothing left in the log the database is whole without it, as far as it ever will be.
        try database.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
        try database.close()
        for log in [path + "-wal", path + "-shm"] where FileManager.default.fileExists(atPath: log) {
            try FileManager.default.removeItem(atPath: log)
        }
        try FileManager.default.moveItem(atPath: path, toPath: damaged)
        try takePlace()
        try? FileManager.default.removeItem(atPath: suspicion)
    }

    private func takePlace() throws {
        try FileManager.default.moveItem(atPath: salvaged, toPath: path)
        let folder = open(URL(fileURLWithPath: path).deletingLastPathComponent().path, O_RDONLY | O_CLOEXEC)
        guard folder >= 0 else { return }
        fsync(folder)
        close(folder)
    }

    private static func copy(
        _ table: String, _ numbers: ClosedRange<Int>, from database: Database, to copy: Database
    ) throws {
        _ = try read(numbers) { range, next in
            let rows = try GRDB.Row.fetchCursor(
                database, sql: "SELECT * FROM \(table) WHERE id BETWEEN ? AND ? ORDER BY id",
                arguments: [range.lowerBound, range.upperBound])
            while let row = try rows.next() {
                try insert(row, into: table, of: copy)
                next = (row["id"] as Int) + 1
            }
        }
    }

    private static func copyAll(_ table: String, from database: Database, to copy: Database) throws {
        let rows = try GRDB.Row.fetchCursor(database, sql: "SELECT * FROM \(table)")
        while let row = try rows.next() { try insert(row, into: table, of: copy) }
    }

    private static func insert(_ row: GRDB.Row, into table: String, of copy: Database) throws {
        let columns = row.columnNames.joined(separator: ", ")
        let marks = row.columnNames.map { _ in "?" }.joined(separator: ", ")
        try copy.cachedStatement(sql: "INSERT INTO \(table) (\(columns)) VALUES (\(marks))")
            .execute(arguments: StatementArguments(row.databaseValues))
    }
}
