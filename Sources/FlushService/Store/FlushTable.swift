import Events
import GRDB
import Timebase

/// A flush that is over, as it is kept.
struct FlushRecord: Hashable, Sendable {
    /// When it ended.
    let ended: Instant
    /// What it came to.
    let report: FlushReport
    /// Why it was given up; nil when every message was tried.
    let reason: String?
}

extension FlushRecord {
    /// The end of a flush; nil for everything else that happens.
    init?(_ happening: Happening, at now: Instant) {
        switch happening {
        case .flushCompleted(let report): self.init(ended: now, report: report, reason: nil)
        case .flushGaveUp(let report, let reason): self.init(ended: now, report: report, reason: reason)
        default: return nil
        }
    }
}

/// The table of the last flushes.
enum FlushTable {
    /// So many are kept.
    static let limit = 10_000

    static func create(in database: Database) throws {
        try database.execute(
            sql: """
                CREATE TABLE flush (
                    id INTEGER PRIMARY KEY AUTOINCREMENT,
                    \(counts.map { "\($0.name) INTEGER NOT NULL" }.joined(separator: ", ")),
                    domain TEXT NOT NULL, ended INTEGER NOT NULL, took INTEGER NOT NULL, reason TEXT
                ) STRICT;
                CREATE INDEX flushByDomain ON flush (domain, id);
                """)
    }

    static func insert(_ flush: FlushRecord, in database: Database) throws {
        let columns = counts.map(\.name) + ["domain", "ended", "took", "reason"]
        let marks = columns.map { _ in "?" }.joined(separator: ", ")
        let arguments: [(any DatabaseValueConvertible)?] =
            counts.map { flush.report[keyPath: $0.path] }
            + [flush.report.domain.lowercased(), flush.ended.nanoseconds, flush.report.took.nanoseconds, flush.reason]
        try database.cachedStatement(
            sql: "INSERT INTO flush (\(columns.joined(separator: ", "))) VALUES (\(marks))"
        ).execute(arguments: StatementArguments(arguments))
        try database.cachedStatement(sql: "DELETE FROM flush WHERE id <= ?")
            .execute(arguments: [database.lastInsertedRowID - Int64(limit)])
    }

    /// The last flushes, the youngest first.
    /// - Parameters:
    ///   - domain: of this one, in lower case; nil for all.
    ///   - most: so many at the most.
    ///   - database: where.
    /// - Returns: each with its number.
    /// - Throws: what SQLite says.
    static func last(
        of domain: String?, most: Int, in database: Database
    ) throws -> [(number: Int, flush: FlushRecord)] {
        try GRDB.Row.fetchAll(
            database, sql: "SELECT * FROM flush WHERE ?1 IS NULL OR domain = ?1 ORDER BY id DESC LIMIT ?2",
            arguments: [domain, most]
        ).map { ($0["id"], record($0)) }
    }

    static func flush(_ number: Int, in database: Database) throws -> FlushRecord? {
        try GRDB.Row.fetchOne(database, sql: "SELECT * FROM flush WHERE id = ?", arguments: [number]).map(record)
    }

    // MARK: Rows

    private static var counts: [(name: String, path: WritableKeyPath<FlushReport, Int>)] {
        [
            ("connections", \.connections), ("delivered", \.delivered), ("octets", \.octets), ("deferred", \.deferred),
            ("refused", \.refused), ("unanswered", \.unanswered), ("possibleDuplicates", \.possibleDuplicates),
            ("heldBack", \.heldBack), ("leftOver", \.left),
        ]
    }

    private static func record(_ row: GRDB.Row) -> FlushRecord {
        var report = FlushReport(domain: row["domain"], took: Interval(nanoseconds: row["took"]))
        for (name, path) in counts { report[keyPath: path] = row[name] }
        return FlushRecord(ended: Instant(nanoseconds: row["ended"]), report: report, reason: row["reason"])
    }
}
