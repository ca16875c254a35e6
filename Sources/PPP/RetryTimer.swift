import Timebase

/// The rhythm of an authentication protocol.
struct RetryTimer: Sendable {
    private(set) var deadline: Instant?
    private var triesLeft: Int
    private let interval: Interval

    init(interval: Interval, tries: Int) {
        self.interval = interval
        triesLeft = tries
    }

    /// Counts a try and starts to run. False when there have been enough.
    mutating func start(at now: Instant) -> Bool {
        guard triesLeft > 0 else {
            deadline = nil
            return false
        }
        triesLeft -= 1
        deadline = now + interval
        return true
    }

    mutating func stop() { deadline = nil }

    func isDue(at now: Instant) -> Bool { deadline.map { $0 <= now } ?? false }
}
