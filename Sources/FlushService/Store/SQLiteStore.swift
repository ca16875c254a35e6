import Foundation
import GRDB
public import MailQueue
public import SMTP
public import Timebase

/// The messages of a queue in an SQLite database, so that they outlive the process and the host.
///
/// The folder holds `queue.db` with its write-ahead log, `spool` with large contents, and `lock`. A batch is durable
/// when the log with it has been synced (`synchronous=FULL`). Instants are nanoseconds since 1970, so that they mean
/// the same after a restart.
public struct SQLiteStore: QueueStore {
    /// What a store tells its driver, on a thread of its own.
    public enum News: Hashable, Sendable {
        /// So many batches are durable.
        case advanced(to: Int)
        /// The disk does not take what is to be written, and why. It is tried again and again.
        case failed(reason: String)
        /// Something that was written cannot be read any more, and what.
        case damaged(reason: String)
    }

    private let lock: StoreLock
    private let database: DatabasePool
    private let writer: StoreWriter
    private let spool: ContentSpool
    private let tell: @Sendable (News) -> Void
    /// The highest number of any message that was ever written.
    public private(set) var lastNumber: Int
    /// The messages whose rows made no sense when the store was opened, each with what stands for its domain: they are
    /// left where they are, and not tried.
    public let unreadable: [(id: MessageID, domain: String)]
    /// What the database has lost, in words; nil when it has lost nothing.
    ///
    /// Then it lies beside the present one as it was found, as `queue.db.damaged`, and this is said until somebody has
    /// moved it away: new mail should go elsewhere meanwhile.
    public let damage: String?

    /// Opens the store in a folder; it is made if it is not there.
    /// - Parameters:
    ///   - folder: where.
    ///   - tell: hears of what has become of batches, on another thread.
    /// - Throws: ``StoreError``; then nothing that was there has changed.
    public init(folder: String, tell: @escaping @Sendable (News) -> Void) throws(StoreError) {
        let path = folder + "/queue.db"
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw .unusable(path: folder, reason: error.localizedDescription)
        }
        lock = try StoreLock(path: folder + "/lock")
        let spool = ContentSpool(folder: folder + "/spool")
        self.spool = spool
        let salvage = Salvage(path: path)
        do {
            try salvage.recover()
            var (database, survey) = try SQLiteStore.open(path)
            let lost = survey.lost
            if !lost.isEmpty || salvage.isSuspect {
                try salvage.carryOut(from: database)
                (database, survey) = try SQLiteStore.open(path)
            }
            self.database = database
            unreadable = survey.unreadable
            damage = salvage.wasNeeded ? SQLiteStore.damage(lost) : nil
            lastNumber = try database.read { try MessageTable.lastNumber(in: $0) }
            // What belongs to a message that was lost may still be wanted.
            if damage == nil {
                try database.read { database in try spool.clear { try MessageTable.isSpooled($0, in: database) } }
            }
        } catch {
            throw StoreError(error, path: path)
        }
        let hear: @Sendable (News) -> Void = { news in
            if case .damaged = news { salvage.suspect() }
            tell(news)
        }
        self.tell = hear
        writer = StoreWriter(database, spool, tell: hear)
    }

    /// What was found in a database.
    private struct Survey {
        /// The messages whose rows make no sense, each with what stands for its domain.
        var unreadable: [(id: MessageID, domain: String)] = []
        /// The numbers of which nobody can say whether there are messages.
        var lost: [ClosedRange<Int>] = []
    }

    private static func open(_ path: String) throws -> (DatabasePool, Survey) {
        let database = try DatabasePool(path: path)
        try database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        let migrator = MessageTable.migrator
        if let newer = try database.read({ try migrator.appliedIdentifiers($0) })
            .subtracting(migrator.migrations).min()
        {
            throw StoreError.newer(path: path, schema: newer)
        }
        try migrator.migrate(database)
        // A page that cannot be read is found now: later it would cut the queue short without a word.
        return (database, try survey(database) { _, _ in })
    }

    /// Names every message that can be read, in the order of the numbers.
    private static func survey(_ database: DatabasePool, _ body: (Domain, QueueEntry) -> Void) throws -> Survey {
        // Not in a transaction, which would fail as a whole with the first page.
        try database.unsafeRead { database in
            var survey = Survey()
            let last = try MessageTable.lastNumber(in: database)
            survey.lost = try Salvage.read(1...max(1, last)) { range, next in
                survey.unreadable += try MessageTable.forEachEntry(in: database, range) { domain, entry in
                    next = entry.id.number + 1
                    body(domain, entry)
                }
            }
            return survey
        }
    }

    private static func damage(_ lost: [ClosedRange<Int>]) -> String {
        let numbers = lost.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound) to \($0.upperBound)" }
        let loss = lost.isEmpty ? "" : "messages \(numbers.joined(separator: ", ")) cannot be read, if there were any; "
        return loss + "what can be is here, and as it was found it is kept as queue.db.damaged: mail is taken again "
            + "when that is moved away and the service started anew"
    }

    /// Gives a batch to the writer.
    public mutating func write(_ batch: [QueueChange], at now: Instant) {
        for case .hold(let message) in batch { lastNumber = max(lastNumber, message.id.number) }
        writer.write(batch)
    }

    /// How many batches are durable, as far as the driver has said that it knows.
    public var durableBatches: Int { writer.acknowledged }

    /// The driver knows that so many batches are durable. Only then does the queue see it: what it sees changes between
    /// two of the driver's calls and never within one.
    public func acknowledge(_ batches: Int) { writer.acknowledge(batches) }

    /// How many batches were given to be written.
    var givenBatches: Int { writer.given }

    /// It tells its driver by itself.
    public var deadline: Instant? { nil }
    /// Nothing to do.
    public mutating func deadlineReached(at now: Instant) {}

    /// A message as it was last written; nil when it is not there, or cannot be read.
    public func message(_ id: MessageID) -> HeldMessage? {
        do throws(StoreError) {
            return try read(id)
        } catch {
            if case .damaged(_, let reason) = error { tell(.damaged(reason: "message \(id): \(reason)")) }
            return nil
        }
    }

    /// A message as it was last written; nil when it is not there.
    /// - Parameter id: its number.
    /// - Returns: the message.
    /// - Throws: ``StoreError`` when it is there, or may be, and cannot be read now.
    func read(_ id: MessageID) throws(StoreError) -> HeldMessage? {
        if let recent = writer.recent(id) { return recent }
        return try reading { [spool] in try MessageTable.message(id, in: $0, spool) }
    }

    /// Names everything that is durable, in the order of the numbers, but what ``unreadable`` names.
    public func forEachEntry(_ body: (Domain, QueueEntry) -> Void) {
        _ = try? SQLiteStore.survey(database, body)
    }

    /// Waits until what was given is written, or the disk fails.
    func settle() { writer.settle() }

    /// Keeps something besides the messages.
    func keep(_ record: StoreRecord) { writer.keep(record) }

    /// Where accounts were last proved.
    func addresses() throws(StoreError) -> [(account: String, address: String)] {
        try reading { database in
            try GRDB.Row.fetchAll(database, sql: "SELECT account, address FROM address ORDER BY account")
                .map { ($0[0], $0[1]) }
        }
    }

    /// The last flushes, the youngest first.
    /// - Parameters:
    ///   - domain: of this one, in lower case; nil for all.
    ///   - most: so many at the most.
    /// - Returns: each with its number.
    /// - Throws: ``StoreError``.
    func flushes(of domain: String?, most: Int) throws(StoreError) -> [(number: Int, flush: FlushRecord)] {
        settle()
        return try reading { try FlushTable.last(of: domain, most: most, in: $0) }
    }

    /// The flush of a number; nil when there is none, or no more.
    func flush(_ number: Int) throws(StoreError) -> FlushRecord? {
        settle()
        return try reading { try FlushTable.flush(number, in: $0) }
    }

    /// Reads by one statement, which sees the database as of one instant. Of a flush, this is the hot path: a
    /// transaction around the statement would cost two more and give nothing.
    private func reading<Result>(_ body: (Database) throws -> Result) throws(StoreError) -> Result {
        do {
            return try database.unsafeRead(body)
        } catch {
            throw StoreError(error, path: database.path)
        }
    }

    /// Looks at every page and every row.
    /// - Returns: what is wrong, a line each; nothing when all is well.
    public func faults() -> [String] {
        do {
            let pages = try database.unsafeRead { try String.fetchAll($0, sql: "PRAGMA integrity_check") }
            let rows = try SQLiteStore.survey(database) { _, _ in }.unreadable
            let files = try database.unsafeRead { try MessageTable.spooled(in: $0) }
            return pages.filter { $0 != "ok" }
                + rows.map { "message \($0.id) for \($0.domain): its row makes no sense" }
                + files.filter { spool.size(of: $0.id) != $0.size }.map {
                    "message \($0.id): of its \($0.size) octets \(spool.size(of: $0.id) ?? 0) are there"
                }
        } catch {
            return ["\(error)"]
        }
    }

    /// Waits until the writer has done what it can, and lets others have the folder. Nothing can be written afterwards.
    /// - Throws: ``StoreError`` when not everything could be written.
    public func close() throws(StoreError) {
        let isWhole = writer.finish()
        defer { lock.release() }
        // Without room for that the log stays as it is, and whoever opens the store next reads it.
        _ = try? database.writeWithoutTransaction { try $0.checkpoint(.truncate) }
        do {
            try database.close()
        } catch {
            throw StoreError(error, path: database.path)
        }
        guard isWhole else {
            throw .unusable(path: database.path, reason: "not everything could be written before the end")
        }
    }
}

extension StoreError {
    fileprivate init(_ error: any Error, path: String) {
        switch error {
        case let error as StoreError: self = error
        case let error as DatabaseError where [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(error.resultCode):
            self = .damaged(path: path, reason: error.message ?? "\(error.resultCode)")
        case let error as ContentSpool.Fault: self = .damaged(path: error.path, reason: error.reason)
        case let error as DatabaseError: self = .unusable(path: path, reason: error.message ?? "\(error.resultCode)")
        default: self = .unusable(path: path, reason: "\(error)")
        }
    }
}
