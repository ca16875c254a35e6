/// A moment of a run: nanoseconds since the run began.
///
/// Machines see instants only. What the calendar says at an instant is for logs and mail headers (``CalendarDate``).
public struct Instant: Hashable, Comparable, Sendable {
    /// Nanoseconds since the beginning of the run.
    public var nanoseconds: Int64

    /// The instant so many nanoseconds after the beginning.
    @inlinable public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// The beginning of the run.
    public static let beginning = Instant(nanoseconds: 0)
    /// Later than anything that can happen.
    public static let distantFuture = Instant(nanoseconds: .max)

    /// Whether the left comes before the right.
    @inlinable public static func < (left: Instant, right: Instant) -> Bool { left.nanoseconds < right.nanoseconds }
    /// The instant so much later.
    @inlinable public static func + (left: Instant, right: Interval) -> Instant {
        Instant(nanoseconds: left.nanoseconds + right.nanoseconds)
    }
    /// The instant so much earlier.
    @inlinable public static func - (left: Instant, right: Interval) -> Instant {
        Instant(nanoseconds: left.nanoseconds - right.nanoseconds)
    }
    /// How long it is from the right instant to the left.
    @inlinable public static func - (left: Instant, right: Instant) -> Interval {
        Interval(nanoseconds: left.nanoseconds - right.nanoseconds)
    }
    /// Moves on by an interval.
    @inlinable public static func += (left: inout Instant, right: Interval) { left = left + right }
}

extension Instant: CustomStringConvertible {
    /// The time since the beginning, as an interval with a plus sign: `+1m30s`.
    public var description: String { "+\(self - .beginning)" }
}
