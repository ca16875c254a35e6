import MailQueue
import SMTP
import Timebase

/// What the server host keeps its queue on.
protocol ServerDisk: QueueStore {
    /// The power fails: of what is not durable luck decides what is there.
    mutating func crash(luck: inout RandomStream, at now: Instant)
}

/// The disk of the server host, with the queue's log on it: each batch of changes is a record with a checksum, and is
/// there after a crash only if every sector of it is.
///
/// One sync is under way at a time; what is written meanwhile goes with the next one. A crash may leave any sectors of
/// the sync under way, in any order, and nothing of what came later. Of a torn record, and of those after it, recovery
/// wants nothing: the checksum tells, and is taken for perfect.
struct SimulatedDisk: ServerDisk {
    private struct Record: Sendable {
        let batch: [QueueChange]
        let octets: Int
    }

    /// How long a sync takes besides the writing; with none all is durable at once.
    let latency: Interval
    /// The drive says of everything at once that it is durable. There are such drives, and mail is lost with them.
    var lies: Bool
    /// How fast it writes, in octets a second.
    static let rate = 4_000_000
    static let sector = 512

    /// Everything as it was last written.
    private var written = MemoryStore()
    /// What a crash leaves, when ``latency`` makes that another thing.
    private var durable = MemoryStore()
    /// The records not yet durable; so many of the first are in the sync under way, which ends then.
    private var pending: [Record] = []
    private var syncing = 0
    private var syncEnds: Instant?
    private var durableRecords = 0

    init(latency: Interval, lies: Bool = false) {
        self.latency = latency
        self.lies = lies
    }

    var durableBatches: Int { durableRecords + (lies ? pending.count : 0) }

    var deadline: Instant? { syncEnds }
    var lastNumber: Int { written.lastNumber }

    mutating func write(_ batch: [QueueChange], at now: Instant) {
        written.write(batch, at: now)
        guard latency > .zero else {
            durableRecords += 1
            return
        }
        pending.append(Record(batch: batch, octets: batch.reduce(0) { $0 + $1.octetsOnDisk }))
        if syncEnds == nil { beginSync(at: now) }
    }

    mutating func deadlineReached(at now: Instant) {
        guard let syncEnds, syncEnds <= now else { return }
        endSync(of: syncing, at: now)
        if !pending.isEmpty { beginSync(at: now) }
    }

    func message(_ id: MessageID) -> HeldMessage? { written.message(id) }

    func forEachEntry(_ body: (Domain, QueueEntry) -> Void) { written.forEachEntry(body) }

    /// The power fails; luck decides which sectors of the sync under way are there.
    mutating func crash(luck: inout RandomStream, at now: Instant) {
        guard latency > .zero else { return }
        var survivors = 0
        while survivors < syncing {
            let sectors = (pending[survivors].octets + SimulatedDisk.sector - 1) / SimulatedDisk.sector
            guard (0..<sectors).allSatisfy({ _ in luck.uniform(in: 0...3) > 0 }) else { break }
            survivors += 1
        }
        endSync(of: survivors, at: now)
        pending = []
        written = durable
    }

    private mutating func beginSync(at now: Instant) {
        syncing = pending.count
        let octets = pending.reduce(0) { $0 + $1.octets }
        syncEnds = now + latency + .nanoseconds(Int64(octets) * (1_000_000_000 / Int64(SimulatedDisk.rate)))
    }

    private mutating func endSync(of count: Int, at now: Instant) {
        for record in pending[..<count] { durable.write(record.batch, at: now) }
        pending.removeFirst(count)
        durableRecords += count
        syncing = 0
        syncEnds = nil
    }
}

extension QueueChange {
    /// About how many octets a record of it has: the content, and what is said about a message.
    fileprivate var octetsOnDisk: Int {
        switch self {
        case .hold(let message): 256 + message.size
        case .update: 256
        case .remove: 16
        }
    }
}
