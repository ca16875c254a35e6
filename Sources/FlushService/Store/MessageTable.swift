import Foundation
import GRDB
import MailQueue
import SMTP
import Timebase

/// The tables of a store and their rows.
///
/// The envelope is kept as the SMTP commands that would carry it, a line each: readable in any SQLite shell, and parsed
/// by the same grammar as what comes from the network. Content stands in a table of its own, so that a change of the
/// rest does not write it again, or in a file of ``ContentSpool``, when it is large.
enum MessageTable {
    /// The steps from an empty database to the present schema.
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1: messages and contents") { database in
            // AUTOINCREMENT: the number of a message that is gone is never given again.
            try database.execute(
                sql: """
                    CREATE TABLE message (
                        id INTEGER PRIMARY KEY AUTOINCREMENT,
                        domain TEXT NOT NULL,
                        size INTEGER NOT NULL,
                        arrival INTEGER NOT NULL,
                        notBefore INTEGER NOT NULL,
                        priority INTEGER NOT NULL,
                        wasDelayed INTEGER NOT NULL,
                        attempts INTEGER NOT NULL,
                        possiblyDelivered INTEGER NOT NULL,
                        division INTEGER NOT NULL,
                        envelope TEXT NOT NULL,
                        lastAttempt INTEGER,
                        replyCode INTEGER, replyStatus TEXT, replyText TEXT, replyHost TEXT
                    ) STRICT;
                    CREATE TABLE content (id INTEGER PRIMARY KEY, octets BLOB NOT NULL) STRICT;
                    """)
        }
        migrator.registerMigration("2: messages on hold") { database in
            try database.execute(sql: "ALTER TABLE message ADD COLUMN isOnHold INTEGER NOT NULL DEFAULT 0")
        }
        migrator.registerMigration("3: flushes") { try FlushTable.create(in: $0) }
        migrator.registerMigration("4: last addresses") { database in
            try database.execute(
                sql: "CREATE TABLE address (account TEXT PRIMARY KEY, address TEXT NOT NULL) STRICT, WITHOUT ROWID")
        }
        migrator.registerMigration("5: large contents in files") { database in
            try database.execute(sql: "ALTER TABLE message ADD COLUMN isSpooled INTEGER NOT NULL DEFAULT 0")
        }
        return migrator
    }

    /// Carries out a change. The files of large contents are somebody else's.
    /// - Returns: whether it has made a file superfluous.
    static func apply(_ change: QueueChange, to database: Database, _ spool: ContentSpool) throws -> Bool {
        switch change {
        case .hold(let message):
            try database.cachedStatement(sql: insertion)
                .execute(arguments: arguments(of: message) + [spool.holds(message.content)])
            guard !spool.holds(message.content) else { break }
            try database.cachedStatement(sql: "INSERT INTO content (id, octets) VALUES (?, ?)")
                .execute(arguments: [message.id.number, Data(message.content.render())])
        case .update(let message):
            try database.cachedStatement(sql: update).execute(arguments: arguments(of: message))
        case .remove(let id):
            let isSpooled = try Bool.fetchOne(
                database.cachedStatement(sql: "DELETE FROM message WHERE id = ? RETURNING isSpooled"),
                arguments: [id.number])
            if isSpooled == true { return true }
            try database.cachedStatement(sql: "DELETE FROM content WHERE id = ?").execute(arguments: [id.number])
        }
        return false
    }

    /// Whether the content of a message is in a file.
    static func isSpooled(_ id: MessageID, in database: Database) throws -> Bool {
        try Bool.fetchOne(database, sql: "SELECT isSpooled FROM message WHERE id = ?", arguments: [id.number]) ?? false
    }

    /// The messages whose contents are in files, and how large they are.
    static func spooled(in database: Database) throws -> [(id: MessageID, size: Int)] {
        try GRDB.Row.fetchAll(
            database,
            sql: "SELECT id, size FROM message WHERE isSpooled ORDER BY id"
        ).map { (MessageID($0[0]), $0[1]) }
    }

    /// A row that nobody can make sense of.
    struct UnreadableRow: Error, CustomStringConvertible {
        let id: MessageID
        var description: String { "message \(id): its row makes no sense" }
    }

    /// A message; nil when it is not there.
    static func message(_ id: MessageID, in database: Database, _ spool: ContentSpool) throws -> HeldMessage? {
        let rows = try GRDB.Row.fetchCursor(
            database.cachedStatement(
                sql: "SELECT message.*, octets FROM message LEFT JOIN content USING (id) WHERE id = ?"),
            arguments: [id.number])
        guard let row = try rows.next() else { return nil }
        let isSpooled: Bool = row["isSpooled"]
        let octets =
            isSpooled
            ? try spool.content(of: id, size: row["size"])
            : try row.withUnsafeData(named: "octets") { $0.map([UInt8].init) }
        guard let message = message(row, octets) else { throw UnreadableRow(id: id) }
        return message
    }

    /// Names every message of some numbers in their order.
    /// - Parameters:
    ///   - database: where.
    ///   - numbers: which; nil for all.
    ///   - body: hears of each.
    /// - Returns: those whose row nobody can make sense of, each with what stands for its domain.
    /// - Throws: what SQLite says; after those numbers that were named.
    static func forEachEntry(
        in database: Database, _ numbers: ClosedRange<Int>? = nil, _ body: (Domain, QueueEntry) -> Void
    ) throws -> [(id: MessageID, domain: String)] {
        var unreadable: [(id: MessageID, domain: String)] = []
        let numbers = numbers ?? Int.min...Int.max
        let rows = try GRDB.Row.fetchCursor(
            database,
            sql: """
                SELECT id, domain, size, arrival, notBefore, priority, wasDelayed, isOnHold FROM message
                WHERE id BETWEEN ? AND ? ORDER BY id
                """, arguments: [numbers.lowerBound, numbers.upperBound])
        while let row = try rows.next() {
            let id = MessageID(row[0])
            guard let domain = try? Domain(parsing: row[1] as String), let priority = MessagePriority(row[5]) else {
                unreadable.append((id, row[1]))
                continue
            }
            body(
                domain,
                QueueEntry(
                    id: id, size: row[2], arrival: Instant(nanoseconds: row[3]),
                    notBefore: Instant(nanoseconds: row[4]),
                    priority: priority, wasDelayed: row[6], isOnHold: row[7]))
        }
        return unreadable
    }

    /// The highest number that was ever given.
    static func lastNumber(in database: Database) throws -> Int {
        try Int.fetchOne(database, sql: "SELECT seq FROM sqlite_sequence WHERE name = 'message'") ?? 0
    }

    // MARK: Rows

    private static let columns = [
        "domain", "size", "arrival", "notBefore", "priority", "wasDelayed", "attempts", "possiblyDelivered", "division",
        "envelope", "lastAttempt", "replyCode", "replyStatus", "replyText", "replyHost",
        "isOnHold",
    ]
    private static let insertion =
        "INSERT INTO message (\(columns.joined(separator: ", ")), id, isSpooled) "
        + "VALUES (\(columns.map { _ in "?, " }.joined())?, ?)"
    private static let update =
        "UPDATE message SET \(columns.map { "\($0) = ?" }.joined(separator: ", ")) WHERE id = ?"

    private static func arguments(of message: HeldMessage) -> StatementArguments {
        let reply = message.lastAttempt?.reply
        return [
            message.domain.spelling, message.size, message.arrival.nanoseconds, message.notBefore.nanoseconds,
            Int(message.envelope.options.priority.level), message.wasDelayed, Int(message.attempts),
            message.possiblyDelivered, Int(message.division),
            message.envelope.commands.map(\.description).joined(separator: "\n"),
            message.lastAttempt?.at.nanoseconds, reply?.code, reply?.status?.description, reply?.text,
            reply?.host?.spelling, message.isOnHold, message.id.number,
        ]
    }

    private static func message(_ row: GRDB.Row, _ octets: [UInt8]?) -> HeldMessage? {
        let lines = (row["envelope"] as String).split(separator: "\n")
        let commands = lines.compactMap { try? SMTPCommand(parsing: String($0)) }
        guard commands.count == lines.count, let envelope = Envelope(commands: commands),
            envelope.forwardPaths.first?.domain != nil, let attempts = UInt32(exactly: row["attempts"] as Int64),
            let division = UInt16(exactly: row["division"] as Int64), let octets
        else { return nil }
        var message = HeldMessage(
            id: MessageID(row["id"]), envelope: envelope, content: .octets(octets),
            arrival: Instant(nanoseconds: row["arrival"]))
        message.notBefore = Instant(nanoseconds: row["notBefore"])
        message.wasDelayed = row["wasDelayed"]
        message.attempts = attempts
        message.possiblyDelivered = row["possiblyDelivered"]
        message.division = division
        message.isOnHold = row["isOnHold"]
        if let at = row["lastAttempt"] as Int64? {
            message.lastAttempt = DeliveryAttempt(at: Instant(nanoseconds: at), reply: reply(row))
        }
        return message
    }

    private static func reply(_ row: GRDB.Row) -> DeliveryReply? {
        guard let code = row["replyCode"] as Int? else { return nil }
        let status = (row["replyStatus"] as String?).flatMap { EnhancedStatusCode(parsing: Array($0.utf8)[...]) }
        let host = (row["replyHost"] as String?).flatMap { try? Domain(parsing: $0) }
        return DeliveryReply(code: code, text: row["replyText"] ?? "", status: status, host: host)
    }
}
