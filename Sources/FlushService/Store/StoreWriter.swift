import Dispatch
import GRDB
import MailQueue
import Synchronization

/// Writes the batches of a store, in order, on a thread of its own.
///
/// All that waits when the disk becomes free goes in one transaction, and so in one sync: the more sessions send at
/// once, the fewer syncs a message costs. What is not yet durable can be read here all the same.
final class StoreWriter: Sendable {
    private struct State {
        var waiting: [[QueueChange]] = []
        /// What goes with the next batches.
        var records: [StoreRecord] = []
        /// How many batches were given, how many are durable, and of how many the driver knows that.
        var given = 0
        var durable = 0
        var acknowledged = 0
        /// What the batches that are not durable have made of a message, and the last batch that did; nil is gone.
        var recent: [MessageID: (message: HeldMessage?, batch: Int)] = [:]
        var isWriting = false
        /// Nothing is written any more, even if something is left that the disk has not taken.
        var isOver = false
    }

    private let state = Mutex(State())
    private let database: DatabasePool
    private let spool: ContentSpool
    private let queue = DispatchQueue(label: "ringback.store")
    private let tell: @Sendable (SQLiteStore.News) -> Void

    /// How long it waits, in seconds, before it tries again what could not be written.
    private static let pause = 1.0

    init(_ database: DatabasePool, _ spool: ContentSpool, tell: @escaping @Sendable (SQLiteStore.News) -> Void) {
        self.database = database
        self.spool = spool
        self.tell = tell
    }

    var given: Int { state.withLock { $0.given } }
    var acknowledged: Int { state.withLock { $0.acknowledged } }

    func acknowledge(_ batches: Int) { state.withLock { $0.acknowledged = batches } }

    func keep(_ record: StoreRecord) { begin { $0.records.append(record) } }

    func write(_ batch: [QueueChange]) {
        begin { state in
            state.waiting.append(batch)
            state.given += 1
            for change in batch {
                switch change {
                case .hold(let message), .update(let message): state.recent[message.id] = (message, state.given)
                case .remove(let id): state.recent[id] = (nil, state.given)
                }
            }
        }
    }

    /// Notes what is to be written, and begins when nothing is under way.
    private func begin(_ note: (inout State) -> Void) {
        let begins = state.withLock { state in
            note(&state)
            defer { state.isWriting = true }
            return !state.isWriting
        }
        if begins { queue.async { self.writeAll() } }
    }

    /// What the batches that are not durable have made of a message; nil when they do not speak of it.
    func recent(_ id: MessageID) -> HeldMessage?? { state.withLock { $0.recent[id].map(\.message) } }

    /// Waits until what was given is written, or the disk fails.
    func settle() { queue.sync {} }

    /// Waits until everything that was given is durable, or the disk fails; then it is over.
    /// - Returns: whether everything is durable.
    func finish() -> Bool {
        queue.sync {
            state.withLock { state in
                state.isOver = true
                return state.durable == state.given
            }
        }
    }

    private func writeAll() {
        while true {
            let (batches, records) = takeWork()
            guard !batches.isEmpty || !records.isEmpty else { return }
            do {
                try spoolContents(of: batches)
                let superfluous = try database.write { [spool] database in
                    let superfluous = try batches.joined().filter { try MessageTable.apply($0, to: database, spool) }
                    for record in records { try record.write(to: database) }
                    return superfluous
                }
                for change in superfluous { spool.remove(change.id) }
            } catch {
                if (error as? DatabaseError)?.resultCode == .SQLITE_CORRUPT {
                    tell(.damaged(reason: "a page cannot be read; start the service anew, to go on with what can be"))
                }
                return tryLater(batches, records, error)
            }
            tell(.advanced(to: note(durable: batches)))
        }
    }

    /// Large contents are on the disk before the database speaks of them.
    private func spoolContents(of batches: [[QueueChange]]) throws(ContentSpool.Fault) {
        var isAny = false
        for case .hold(let message) in batches.joined() where spool.holds(message.content) {
            try spool.write(message.content, of: message.id)
            isAny = true
        }
        if isAny { try spool.sync() }
    }

    private func takeWork() -> ([[QueueChange]], [StoreRecord]) {
        state.withLock { state in
            let work = state.isOver ? ([], []) : (state.waiting, state.records)
            (state.waiting, state.records) = ([], [])
            if work.0.isEmpty, work.1.isEmpty { state.isWriting = false }
            return work
        }
    }

    private func note(durable batches: [[QueueChange]]) -> Int {
        state.withLock { state in
            state.durable += batches.count
            for change in batches.joined() {
                guard let recent = state.recent[change.id], recent.batch <= state.durable else { continue }
                state.recent[change.id] = nil
            }
            return state.durable
        }
    }

    /// Nothing of them was written, and nothing that came later may be before they are.
    private func tryLater(_ batches: [[QueueChange]], _ records: [StoreRecord], _ error: any Error) {
        state.withLock { state in
            state.waiting = batches + state.waiting
            state.records = records + state.records
        }
        tell(.failed(reason: "\(error)"))
        queue.asyncAfter(deadline: .now() + StoreWriter.pause) { self.writeAll() }
    }
}

extension QueueChange {
    fileprivate var id: MessageID {
        switch self {
        case .hold(let message), .update(let message): message.id
        case .remove(let id): id
        }
    }
}
