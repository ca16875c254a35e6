public import Timebase

/// Why a list of pauses is no retry schedule.
public enum RetryScheduleError: Error, Hashable, Sendable {
    /// No pause at all.
    case empty
    /// The pause at this index is not longer than zero.
    case notPositive(index: Int)
    /// The pause at this index is shorter than the one before it.
    case decreasing(index: Int)
    /// The pause at this index is longer than 30 days.
    case tooLong(index: Int)
}

/// How long to wait after each failed attempt (RFC 5321 §4.5.4.1): the last pause repeats.
public struct RetrySchedule: Hashable, Sendable {
    /// The pauses after the first, the second and later failures.
    public let pauses: [Interval]

    /// After 15 minutes, 30 minutes, 1 hour, then every 4 hours.
    public static let standard = RetrySchedule(unchecked: [.minutes(15), .minutes(30), .hours(1), .hours(4)])

    private init(unchecked pauses: [Interval]) { self.pauses = pauses }

    /// A schedule of pauses that never get shorter.
    /// - Parameter pauses: at least one, each positive, at most 30 days and no shorter than the one before.
    /// - Throws: ``RetryScheduleError`` with the first pause that is out of order.
    public init(_ pauses: [Interval]) throws(RetryScheduleError) {
        guard !pauses.isEmpty else { throw .empty }
        for (index, pause) in pauses.enumerated() {
            guard pause > .zero else { throw .notPositive(index: index) }
            guard pause <= .days(30) else { throw .tooLong(index: index) }
            guard index == 0 || pauses[index - 1] <= pause else { throw .decreasing(index: index) }
        }
        self.init(unchecked: pauses)
    }

    /// The pause after so many failures in a row, 1 for the first.
    public func pause(afterFailure count: Int) -> Interval { pauses[min(max(count, 1), pauses.count) - 1] }
}
