/// A length of time in whole nanoseconds.
///
/// Sixty-four bits reach 292 years, which is longer than any queue's lifetime; floating point never enters.
public struct Interval: Hashable, Comparable, Sendable {
    /// The length in nanoseconds; negative when the later instant was subtracted from.
    public var nanoseconds: Int64

    /// An interval of so many nanoseconds.
    @inlinable public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// No time at all.
    public static let zero = Interval(nanoseconds: 0)

    /// So many nanoseconds.
    @inlinable public static func nanoseconds(_ count: Int64) -> Interval { Interval(nanoseconds: count) }
    /// So many microseconds.
    @inlinable public static func microseconds(_ count: Int64) -> Interval { Interval(nanoseconds: count * 1_000) }
    /// So many milliseconds.
    @inlinable public static func milliseconds(_ count: Int64) -> Interval { Interval(nanoseconds: count * 1_000_000) }
    /// So many seconds.
    @inlinable public static func seconds(_ count: Int64) -> Interval { Interval(nanoseconds: count * 1_000_000_000) }
    /// So many minutes.
    @inlinable public static func minutes(_ count: Int64) -> Interval { .seconds(count * 60) }
    /// So many hours.
    @inlinable public static func hours(_ count: Int64) -> Interval { .seconds(count * 3_600) }
    /// So many days of 24 hours.
    @inlinable public static func days(_ count: Int64) -> Interval { .seconds(count * 86_400) }

    /// Whether the left comes before the right.
    @inlinable public static func < (left: Interval, right: Interval) -> Bool { left.nanoseconds < right.nanoseconds }
    /// The sum.
    @inlinable public static func + (left: Interval, right: Interval) -> Interval {
        Interval(nanoseconds: left.nanoseconds + right.nanoseconds)
    }
    /// The difference.
    @inlinable public static func - (left: Interval, right: Interval) -> Interval {
        Interval(nanoseconds: left.nanoseconds - right.nanoseconds)
    }
    /// So many times as long.
    @inlinable public static func * (left: Interval, factor: Int64) -> Interval {
        Interval(nanoseconds: left.nanoseconds * factor)
    }
    /// That fraction of it, rounded towards zero.
    @inlinable public static func / (left: Interval, divisor: Int64) -> Interval {
        Interval(nanoseconds: left.nanoseconds / divisor)
    }
}

extension Interval: CustomStringConvertible {
    /// The interval as it is written in a scenario: `1h30m`, `90s` as `1m30s`, `2.25s`, `250ms`.
    ///
    /// Printing loses nothing: what is printed parses to the same interval.
    public var description: String {
        if nanoseconds == 0 { return "0s" }
        var rest = nanoseconds.magnitude
        var text = nanoseconds < 0 ? "-" : ""
        for (unit, size) in [("d", 86_400_000_000_000), ("h", 3_600_000_000_000), ("m", 60_000_000_000)]
            as [(String, UInt64)]
        where rest >= size {
            text += "\(rest / size)\(unit)"
            rest %= size
        }
        guard rest > 0 else { return text }
        let (unit, size): (String, UInt64) =
            rest >= 1_000_000_000 || nanoseconds.magnitude >= 60_000_000_000
            ? ("s", 1_000_000_000)
            : rest >= 1_000_000 ? ("ms", 1_000_000) : rest >= 1_000 ? ("us", 1_000) : ("ns", 1)
        return text + decimal(rest, over: size) + unit
    }

    private func decimal(_ value: UInt64, over size: UInt64) -> String {
        var fraction = value % size
        guard fraction > 0 else { return "\(value / size)" }
        var digits = ""
        var place = size / 10
        while fraction > 0 {
            digits += "\(fraction / place)"
            fraction %= place
            place /= 10
        }
        return "\(value / size).\(digits)"
    }
}
