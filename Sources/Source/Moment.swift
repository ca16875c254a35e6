package import Timebase

/// A time as a scenario writes it.
package enum Moment: Hashable, Sendable {
    /// `+5m`, or `+0s..30m`: an interval since the beginning, drawn from the range for each host.
    case sinceBeginning(ClosedRange<Int64>)
    /// `"08:20"`: the next such time of day on the virtual clock, in nanoseconds since midnight.
    case timeOfDay(Int64)
    /// `1999-03-01T08:20:00Z`.
    case date(CalendarDate)

    package static let expected = "+5m, +0s..30m, \"08:20\" or 1999-03-01T08:20:00Z"

    /// Reads a time.
    /// - Throws: what is wrong with the text.
    package init(parsing text: String) throws(Problem) {
        if text.hasPrefix("+") {
            // The second bound may have its own plus sign.
            let bounds = String(text.dropFirst())
            if let dots = bounds.separated(by: "..+") {
                self = .sinceBeginning(try Quantity.interval.range(of: "\(dots.before)..\(dots.after)"))
            } else {
                self = .sinceBeginning(try Quantity.interval.range(of: bounds))
            }
        } else if let date = Moment.date(text) {
            self = .date(date)
        } else if let time = Moment.timeOfDay(text) {
            self = .timeOfDay(time)
        } else if (try? Quantity.interval.range(of: text)) != nil {
            throw Problem("the plus sign is missing", expected: Moment.expected, suggestion: "+\(text.abridged)")
        } else {
            throw Problem("not a time", expected: Moment.expected)
        }
    }

    /// An instant of the calendar between 1970 and 2099, so that differences fit into an ``Interval``.
    package static func date(_ text: String) -> CalendarDate? {
        CalendarDate(parsing: text).flatMap { (1_970...2_099).contains($0.parts.year) ? $0 : nil }
    }

    private static func timeOfDay(_ text: String) -> Int64? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2 || parts.count == 3,
            parts.allSatisfy({ $0.utf8.count == 2 && $0.allSatisfy { $0.isASCII && $0.isNumber } })
        else { return nil }
        let numbers = parts.compactMap { Int64($0) }
        guard numbers.count == parts.count, numbers[0] < 24, numbers[1] < 60 else { return nil }
        let seconds = numbers.count == 3 ? numbers[2] : 0
        guard seconds < 60 else { return nil }
        return ((numbers[0] * 60 + numbers[1]) * 60 + seconds) * 1_000_000_000
    }

    /// The instants it means in a run that began so, in nanoseconds since the beginning; they may be negative or far
    /// beyond the run's end.
    package func instants(begins: CalendarDate) -> ClosedRange<Int64> {
        switch self {
        case .sinceBeginning(let range): return range
        case .date(let date):
            let instant = date.nanosecondsSince1970 - begins.nanosecondsSince1970
            return instant...instant
        case .timeOfDay(let time):
            let today = begins.midnight.nanosecondsSince1970 + time - begins.nanosecondsSince1970
            let instant = today >= 0 ? today : today + Interval.days(1).nanoseconds
            return instant...instant
        }
    }
}
