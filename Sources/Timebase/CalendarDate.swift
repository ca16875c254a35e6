/// A date and time of day in UTC: what the wall clock shows at an instant of the run.
///
/// Proleptic Gregorian calendar, no leap seconds, as in ISO 8601 and RFC 3339.
public struct CalendarDate: Hashable, Comparable, Sendable {
    /// Nanoseconds since 1970-01-01T00:00:00Z.
    public var nanosecondsSince1970: Int64

    /// The date so many nanoseconds after the beginning of 1970.
    public init(nanosecondsSince1970: Int64) { self.nanosecondsSince1970 = nanosecondsSince1970 }

    /// The date in its parts.
    public struct Parts: Hashable, Sendable {
        /// Year of our era.
        public var year: Int64
        /// Month, 1 to 12.
        public var month: Int64
        /// Day of the month, 1 to 31.
        public var day: Int64
        /// Hour, 0 to 23.
        public var hour: Int64
        /// Minute, 0 to 59.
        public var minute: Int64
        /// Second, 0 to 59.
        public var second: Int64
        /// Nanosecond within the second.
        public var nanosecond: Int64
        /// Day of the week, 0 for Sunday.
        public var weekday: Int64
    }

    /// Year, month, day and time of day.
    public var parts: Parts {
        let (days, withinDay) = nanosecondsSince1970.flooredDivision(by: 86_400_000_000_000)
        let (year, month, day) = CalendarDate.civil(fromDays: days)
        let seconds = withinDay / 1_000_000_000
        return Parts(
            year: year, month: month, day: day, hour: seconds / 3_600, minute: seconds / 60 % 60,
            second: seconds % 60, nanosecond: withinDay % 1_000_000_000,
            weekday: (days + 4).flooredDivision(by: 7).remainder)
    }

    /// Midnight at the beginning of this date's day.
    public var midnight: CalendarDate {
        let withinDay = nanosecondsSince1970.flooredDivision(by: 86_400_000_000_000).remainder
        return CalendarDate(nanosecondsSince1970: nanosecondsSince1970 - withinDay)
    }

    /// The date at an instant of a run that began at `self`.
    public func date(at instant: Instant) -> CalendarDate {
        CalendarDate(nanosecondsSince1970: nanosecondsSince1970 + instant.nanoseconds)
    }

    /// Whether the left comes before the right.
    public static func < (left: CalendarDate, right: CalendarDate) -> Bool {
        left.nanosecondsSince1970 < right.nanosecondsSince1970
    }

    // Days to year, month and day by eras of 400 years that begin on 1 March, so that the leap day comes last.
    private static func civil(fromDays days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = (days + 719_468).flooredDivision(by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    fileprivate static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shiftedYear = month <= 2 ? year - 1 : year
        let (era, yearOfEra) = shiftedYear.flooredDivision(by: 400)
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}

extension CalendarDate {
    /// Reads `1999-03-01T08:00:00Z`; nil when the text is not such an instant or the day does not exist.
    ///
    /// RFC 3339 with the offset `Z` only: a virtual calendar has no time zones.
    public init?(parsing text: String) {
        let octets = Array(text.utf8)
        guard octets.count == 20 else { return nil }
        let marks: [(Int, Character)] = [(4, "-"), (7, "-"), (10, "T"), (13, ":"), (16, ":"), (19, "Z")]
        guard marks.allSatisfy({ octets[$0.0] == $0.1.asciiValue }) else { return nil }
        func number(_ range: Range<Int>) -> Int64? {
            octets[range].reduce(0) { (sum: Int64?, octet: UInt8) in
                guard let sum, octet >= 0x30, octet <= 0x39 else { return nil }
                return sum * 10 + Int64(octet - 0x30)
            }
        }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
            let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19),
            (1700...2200).contains(year), (1...12).contains(month), day >= 1, hour < 24, minute < 60, second < 60
        else { return nil }
        let days = CalendarDate.days(year: year, month: month, day: day)
        self.init(nanosecondsSince1970: (days * 86_400 + hour * 3_600 + minute * 60 + second) * 1_000_000_000)
        guard parts.day == day, parts.month == month else { return nil }
    }
}

extension CalendarDate: CustomStringConvertible {
    /// `1999-03-01T08:00:00Z`, to the second.
    public var description: String {
        let now = parts
        return "\(now.year)-\(two(now.month))-\(two(now.day))T\(two(now.hour)):\(two(now.minute)):\(two(now.second))Z"
    }

    /// The date as a mail header says it: `Mon, 1 Mar 1999 08:00:00 +0000` (RFC 5322 §3.3).
    public var mailHeaderDate: String {
        let now = parts
        let weekday = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"][Int(now.weekday)]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        return "\(weekday), \(now.day) \(months[Int(now.month) - 1]) \(now.year) "
            + "\(two(now.hour)):\(two(now.minute)):\(two(now.second)) +0000"
    }

    /// `08:05:26.214`, to the millisecond, rounded down.
    public var timeOfDay: String {
        let now = parts
        let milliseconds = now.nanosecond / 1_000_000
        return "\(two(now.hour)):\(two(now.minute)):\(two(now.second))."
            + (milliseconds < 100 ? "0" : "") + two(milliseconds)
    }

    private func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
}

extension Int64 {
    /// Division that rounds towards minus infinity, so that dates before 1970 come out right.
    fileprivate func flooredDivision(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
