import Timebase

// How the reports write numbers for people: no floating point, no locale, the same text on every machine.

extension Int {
    /// `2,318`.
    var grouped: String {
        let digits = Array("\(magnitude)")
        let groups = stride(from: digits.count, to: 0, by: -3).map { String(digits[Swift.max(0, $0 - 3)..<$0]) }
        return (self < 0 ? "-" : "") + groups.reversed().joined(separator: ",")
    }

    /// `1 call`, `2,318 packets`, `2 flushes`.
    func counted(_ thing: String) -> String {
        guard self != 1 else { return "1 \(thing)" }
        return "\(grouped) \(thing)" + (thing.hasSuffix("sh") ? "es" : "s")
    }

    /// Octets in the greatest unit that leaves a whole part: `512 octets`, `412 KiB`, `1.4 MiB`. Rounded down.
    var octetCount: String {
        guard self >= 1_024 else { return counted("octet") }
        if self < 1 << 20 { return "\(self >> 10) KiB" }
        let (unit, size) = self < 1 << 30 ? ("MiB", 1 << 20) : ("GiB", 1 << 30)
        return "\((self / size).grouped).\(self % size * 10 / size) \(unit)"
    }

    /// With leading zeros to so many digits.
    func zeroPadded(to width: Int) -> String {
        let digits = "\(self)"
        return String(repeating: "0", count: Swift.max(0, width - digits.count)) + digits
    }
}

extension String {
    /// With blanks after it, to so many characters.
    func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}

extension Interval {
    /// Seconds with two decimals, as a stopwatch shows them: `0.03 s`.
    var stopwatch: String {
        let hundredths = Int(nanoseconds / 10_000_000)
        return "\((hundredths / 100).grouped).\((hundredths % 100).zeroPadded(to: 2)) s"
    }

    /// To the millisecond below a minute, to the second above: `1.25s`, `4m10s`. Rounded down.
    var inBrief: Interval {
        let grain: Int64 = nanoseconds.magnitude < 60_000_000_000 ? 1_000_000 : 1_000_000_000
        return Interval(nanoseconds: nanoseconds / grain * grain)
    }
}
