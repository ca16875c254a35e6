import Timebase

/// The run's only source of time: it moves when the next wakeup is taken, and never back.
///
/// Wakeups are ordered by (time, kind, source, the source's own counter), so that neither insertion history nor
/// thread count shows. Each endpoint has one ``Alarm`` with its true deadline beside it: a deadline that moves to a
/// later instant, as a retransmission timer does with every acknowledgment, touches the heap only when it fires.
///
/// Instants are rounded up to whole microseconds: journal entries in a capture carry no finer time, and a capture is
/// in strict time order only when packets and events tick alike.
///
/// Hot path: `set` and `next` run once or twice per packet. No allocation once warm, no closures.
struct EventQueue: Sendable {
    /// Who is woken. The kind is part of the order: at one instant the scenario acts first, then lines deliver, then
    /// timers fire.
    enum Kind: UInt8, Sendable {
        case script, mail, call, line, release, link, connection, session, mailHost, idle, agent
    }

    /// A place where one deadline of one endpoint is kept.
    struct AlarmID: Hashable, Sendable {
        fileprivate var index: Int32
    }

    private struct Alarm: Sendable {
        var kind: Kind
        var source: UInt32
        var detail: UInt32
        var counter: UInt32 = 0
        var deadline = Int64.max
        var scheduled = Int64.max
        var isBackground = false

        /// Whether the run has to go on for it.
        var isAwaited: Bool { deadline != .max && !isBackground }
    }

    /// What has come due.
    struct Wakeup: Sendable {
        var kind: Kind
        var source: Int
        var detail: Int
    }

    private struct Entry: Sendable {
        var time: Int64
        // Kind (8 bits), source (24 bits), counter (32 bits): the tie-break as one number.
        var order: UInt64
        var alarm: Int32

        @inline(__always)
        static func < (left: Entry, right: Entry) -> Bool {
            left.time != right.time ? left.time < right.time : left.order < right.order
        }
    }

    private(set) var now = Instant.beginning
    private var heap: [Entry] = []
    /// The first entry of the heap has been taken and not yet been replaced: whoever is woken sets an alarm most of the
    /// time, whose entry can take its place and need not come in at the end.
    private var firstIsTaken = false
    private var alarms: [Alarm] = []
    private var freeAlarms: [Int32] = []
    /// How many alarms the run has to go on for.
    private var awaited = 0

    /// A new alarm for an endpoint.
    /// - Parameters:
    ///   - kind: what is woken.
    ///   - source: its host, call or line; below 2^24.
    ///   - detail: which of the source's things, not part of the order.
    /// - Returns: the alarm, set to nothing.
    mutating func makeAlarm(_ kind: Kind, source: Int, detail: Int = 0) -> AlarmID {
        precondition(source < 1 << 24, "sources are numbered in 24 bits")
        let alarm = Alarm(kind: kind, source: UInt32(source), detail: UInt32(detail))
        if let index = freeAlarms.popLast() {
            // The counter goes on, so that entries of the former owner never match.
            let counter = alarms[Int(index)].counter
            alarms[Int(index)] = alarm
            alarms[Int(index)].counter = counter
            return AlarmID(index: index)
        }
        alarms.append(alarm)
        return AlarmID(index: Int32(alarms.count - 1))
    }

    /// Changes which of the source's things an alarm wakes.
    mutating func setDetail(of id: AlarmID, to detail: Int) { alarms[Int(id.index)].detail = UInt32(detail) }

    /// Gives an alarm back; what it was set to never fires.
    mutating func release(_ id: AlarmID) {
        if alarms[Int(id.index)].isAwaited { awaited -= 1 }
        alarms[Int(id.index)].deadline = .max
        alarms[Int(id.index)].scheduled = .max
        alarms[Int(id.index)].counter &+= 1
        freeAlarms.append(id.index)
    }

    /// Moves an alarm's deadline; nil means that it need not be woken. In the background it is woken as long as the run
    /// goes on for something else.
    mutating func set(_ id: AlarmID, to deadline: Instant?, isBackground: Bool = false) {
        let index = Int(id.index)
        if alarms[index].isAwaited { awaited -= 1 }
        alarms[index].isBackground = isBackground
        defer { if alarms[index].isAwaited { awaited += 1 } }
        guard let deadline, deadline < .distantFuture else {
            alarms[index].deadline = .max
            return
        }
        let time = max(EventQueue.roundedUp(deadline.nanoseconds), now.nanoseconds)
        alarms[index].deadline = time
        if time < alarms[index].scheduled { schedule(index, at: time) }
    }

    /// Takes the next wakeup and moves the time to it; nil when nothing is left before `end` that the run has to go on
    /// for.
    mutating func next(before end: Instant) -> Wakeup? {
        while awaited > 0 {
            if firstIsTaken { removeFirst() }
            guard let first = heap.first, first.time < end.nanoseconds else { return nil }
            firstIsTaken = true
            let index = Int(first.alarm)
            let alarm = alarms[index]
            guard alarm.counter == UInt32(truncatingIfNeeded: first.order) else { continue }
            alarms[index].scheduled = .max
            if alarm.deadline == .max { continue }
            if alarm.deadline > first.time {
                schedule(index, at: alarm.deadline)
                continue
            }
            precondition(first.time >= now.nanoseconds, "time never moves back")
            now = Instant(nanoseconds: first.time)
            if alarm.isAwaited { awaited -= 1 }
            alarms[index].deadline = .max
            return Wakeup(kind: alarm.kind, source: Int(alarm.source), detail: Int(alarm.detail))
        }
        return nil
    }

    private mutating func schedule(_ index: Int, at time: Int64) {
        alarms[index].counter &+= 1
        alarms[index].scheduled = time
        let alarm = alarms[index]
        let order = UInt64(alarm.kind.rawValue) << 56 | UInt64(alarm.source) << 32 | UInt64(alarm.counter)
        insert(Entry(time: time, order: order, alarm: Int32(index)))
    }

    private static func roundedUp(_ nanoseconds: Int64) -> Int64 { (nanoseconds + 999) / 1_000 * 1_000 }

    private mutating func insert(_ entry: Entry) {
        guard !firstIsTaken else {
            firstIsTaken = false
            return sink(entry)
        }
        heap.append(entry)
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard entry < heap[parent] else { break }
            heap[child] = heap[parent]
            child = parent
        }
        heap[child] = entry
    }

    private mutating func removeFirst() {
        firstIsTaken = false
        let last = heap.removeLast()
        if !heap.isEmpty { sink(last) }
    }

    /// Puts an entry in the place of the first one and lets it sink to where it belongs.
    private mutating func sink(_ entry: Entry) {
        var parent = 0
        while true {
            var child = 2 * parent + 1
            guard child < heap.count else { break }
            if child + 1 < heap.count && heap[child + 1] < heap[child] { child += 1 }
            guard heap[child] < entry else { break }
            heap[parent] = heap[child]
            parent = child
        }
        heap[parent] = entry
    }
}
