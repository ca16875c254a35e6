@testable import FlushService
import Foundation
import MailQueue
import SMTP
@testable import Simulation
import TestSupport
import Timebase

/// The service's store behind the disk of the simulation: a batch is in SQLite's log, by the service's own code, when
/// the disk has synced it; and a power cut tears the log itself, sector by sector. What SQLite makes of that is there
/// afterwards.
struct TornSQLiteStore: ServerDisk {
    /// How long a sync takes; with none all is durable at once.
    private let latency: Interval
    private var folder: TemporaryFolder
    private var store: SQLiteStore
    /// The batches not yet durable; so many of the first are in the sync under way, which ends then.
    private var pending: [[QueueChange]] = []
    private var syncing = 0
    private var syncEnds: Instant?
    private(set) var durableBatches = 0

    init(latency: Interval) throws {
        self.latency = latency
        folder = try TemporaryFolder()
        store = try SQLiteStore(folder: folder.path) { _ in }
    }

    var deadline: Instant? { syncEnds }

    var lastNumber: Int {
        let waiting = pending.joined().compactMap { if case .hold(let message) = $0 { message.id.number } else { nil } }
        return max(store.lastNumber, waiting.max() ?? 0)
    }

    mutating func write(_ batch: [QueueChange], at now: Instant) {
        pending.append(batch)
        guard latency > .zero else { return endSync(of: 1) }
        if syncEnds == nil { beginSync(at: now) }
    }

    mutating func deadlineReached(at now: Instant) {
        guard let syncEnds, syncEnds <= now else { return }
        endSync(of: syncing)
        if !pending.isEmpty { beginSync(at: now) }
    }

    func message(_ id: MessageID) -> HeldMessage? {
        for change in pending.joined().reversed() {
            switch change {
            case .hold(let message) where message.id == id, .update(let message) where message.id == id:
                return message
            case .remove(id): return nil
            default: continue
            }
        }
        return store.message(id)
    }

    func forEachEntry(_ body: (Domain, QueueEntry) -> Void) { store.forEachEntry(body) }

    mutating func crash(luck: inout RandomStream, at now: Instant) {
        let before = Image(of: folder)
        for batch in pending[..<syncing] { carryOut(batch) }
        let after = Image(of: folder)
        do {
            let next = try TemporaryFolder()
            try after.torn(against: before, &luck).write(to: next)
            try store.close()
            (folder, store) = (next, try SQLiteStore(folder: next.path) { _ in })
        } catch {
            preconditionFailure("what a power cut leaves can be opened: \(error)")
        }
        pending = []
        (syncing, syncEnds) = (0, nil)
    }

    private mutating func beginSync(at now: Instant) {
        syncing = pending.count
        syncEnds = now + latency
    }

    private mutating func endSync(of count: Int) {
        for batch in pending[..<count] { carryOut(batch) }
        pending.removeFirst(count)
        durableBatches += count
        (syncing, syncEnds) = (0, nil)
    }

    private mutating func carryOut(_ batch: [QueueChange]) {
        store.write(batch, at: .beginning)
        store.settle()
    }
}

extension TornSQLiteStore {
    /// The files of a database.
    private struct Image {
        private static let sector = 512
        private var database: [UInt8]
        private var log: [UInt8]

        init(of folder: TemporaryFolder) {
            database = (try? folder.octets(of: "queue.db")) ?? []
            log = (try? folder.octets(of: "queue.db-wal")) ?? []
        }

        /// What is there when the power has failed between two images: of each sector of the log the former or the
        /// present state. The database itself is only written when the log was synced before; then all of it is there.
        func torn(against former: Image, _ luck: inout RandomStream) -> Image {
            guard database == former.database else { return self }
            var torn = self
            // A cut may come early in the sync, or when nearly all sectors are there.
            let odds = luck.uniform(in: 1...400)
            for start in stride(from: 0, to: log.count, by: Image.sector) where luck.uniform(in: 0...odds) == 0 {
                for index in start..<min(start + Image.sector, log.count) {
                    torn.log[index] = index < former.log.count ? former.log[index] : 0
                }
            }
            return torn
        }

        func write(to folder: TemporaryFolder) throws {
            try folder.write(database, to: "queue.db")
            try folder.write(log, to: "queue.db-wal")
        }
    }
}
