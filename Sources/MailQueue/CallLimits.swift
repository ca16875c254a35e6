public import Timebase

/// How much one call may bring: telephone time costs money.
public struct CallBudget: Hashable, Sendable {
    /// How many octets of content are handed out; the first message of a call goes whatever its size. Nil for any
    /// number.
    public var octets: Int?
    /// How long messages are handed out, from when the link came up; one that has begun is finished. Nil for any time.
    public var time: Interval?

    /// No limit.
    public init() {}
}

/// A rule for messages that are too large for the dear hours: they wait for the cheap ones.
public struct OversizeRule: Hashable, Sendable {
    /// The largest message that goes at any hour, in octets.
    public var limit: Int
    /// When larger ones go.
    public var hours: DailyHours

    /// A rule.
    public init(limit: Int, hours: DailyHours) {
        self.limit = limit
        self.hours = hours
    }
}

/// Some hours of each day, perhaps past midnight.
public struct DailyHours: Hashable, Sendable {
    /// When they begin, from midnight on.
    public let from: Interval
    /// When they end, from midnight on; not after ``from`` when they last past midnight.
    public let to: Interval
    /// What time of day it is when virtual time begins.
    public let atBeginning: Interval

    /// Hours of each day.
    public init(from: Interval, to: Interval, atBeginning: Interval) {
        self.from = from
        self.to = to
        self.atBeginning = atBeginning
    }

    /// When they begin next.
    func next(after instant: Instant) -> Instant {
        let day = Interval.days(1).nanoseconds
        let wait = (from.nanoseconds - timeOfDay(instant) + day) % day
        return instant + .nanoseconds(wait > 0 ? wait : day)
    }

    private func timeOfDay(_ instant: Instant) -> Int64 {
        ((instant - .beginning).nanoseconds + atBeginning.nanoseconds) % Interval.days(1).nanoseconds
    }

    /// Whether an instant lies in them.
    public func contains(_ instant: Instant) -> Bool {
        let time = timeOfDay(instant)
        return from < to
            ? (from.nanoseconds..<to.nanoseconds).contains(time) : time >= from.nanoseconds || time < to.nanoseconds
    }
}
