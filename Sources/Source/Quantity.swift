import Timebase

/// A number with a unit: what it is measured in, how it is written and read.
package enum Quantity: Sendable {
    /// A length of time; the value is in nanoseconds.
    case interval
    /// The size of a message; the value is in octets.
    case size
    /// Space for many messages; the value is in octets.
    case space
    /// A line's rate; the value is in bit/s. Rates are named by their number, so the unit may be left out.
    case rate

    /// What a reader should have written.
    package var expected: String {
        switch self {
        case .interval: "an interval with its unit, such as 90s, 1h30m or 250ms"
        case .size: "a size with its unit, such as 512B, 4KiB or 1MiB"
        case .space: "a size with its unit, such as 512KiB, 100MiB or 2GiB"
        case .rate: "a rate in bit/s, such as 33.6k or 28800"
        }
    }

    /// The regular expression of a value, for the JSON Schema.
    package var pattern: String {
        switch self {
        case .interval: "([0-9]+(\\.[0-9]+)?(d|h|m|s|ms|us|ns))+"
        case .size: "[0-9]+(B|kB|KiB|MB|MiB)"
        case .space: "[0-9]+(B|kB|KiB|MB|MiB|GB|GiB|TB|TiB)"
        case .rate: "[0-9]+(\\.[0-9]{1,3})?k|[0-9]+"
        }
    }

    /// The largest value: what is added up stays far from the edge of 64 bits.
    package var largest: Int64 {
        switch self {
        case .interval: Interval.days(3_660).nanoseconds
        case .size: 64 << 20
        case .space: 1_024 << 40
        case .rate: 10_000_000
        }
    }

    /// The value as it is written.
    package func text(of value: Int64) -> String {
        switch self {
        case .interval: "\(Interval(nanoseconds: value))"
        case .size, .space:
            units.reversed().first { $0.name.hasSuffix("iB") && value > 0 && value % $0.octets == 0 }
                .map { "\(value / $0.octets)\($0.name)" } ?? "\(value)B"
        case .rate: "\(value)"
        }
    }

    /// Reads one value.
    /// - Throws: what is wrong with the text.
    package func value(of text: String) throws(Problem) -> Int64 {
        let value = try unlimitedValue(of: text)
        guard value <= largest else {
            throw Problem("too much", expected: "at most \(self.text(of: largest))")
        }
        return value
    }

    private func unlimitedValue(of text: String) throws(Problem) -> Int64 {
        switch self {
        case .interval:
            do throws(IntervalError) {
                return try Interval(parsing: text).nanoseconds
            } catch {
                throw Quantity.problem(error, text)
            }
        case .size, .space: return try octets(text)
        case .rate: return try bitsPerSecond(text)
        }
    }

    /// Reads `a..b` or one value, which is a range of itself.
    /// - Throws: what is wrong with the text.
    package func range(of text: String) throws(Problem) -> ClosedRange<Int64> {
        guard let dots = text.separated(by: "..") else {
            let value = try value(of: text)
            return value...value
        }
        let (lower, upper) = (try value(of: dots.before), try value(of: dots.after))
        guard lower <= upper else {
            throw Problem(
                "the range ends before it begins", expected: "the smaller value first: \(dots.after)..\(dots.before)")
        }
        return lower...upper
    }

    private static func problem(_ error: IntervalError, _ text: String) -> Problem {
        let expected = Quantity.interval.expected
        switch error {
        case .unitMissing:
            return Problem("the unit is missing", expected: expected, suggestion: "\(text.abridged)s")
        case .unknownUnit(let unit):
            return Problem("`\(unit.abridged)` is no unit of time", expected: "one of d, h, m, s, ms, us, ns")
        case .outOfRange:
            return Problem(
                "too long, or finer than a nanosecond",
                expected: "at most \(Interval(nanoseconds: Quantity.interval.largest))")
        case .empty, .notANumber: return Problem("not an interval", expected: expected)
        }
    }

    /// The units of a size, the smallest first.
    private var units: [(name: String, octets: Int64)] {
        let small: [(name: String, octets: Int64)] = [
            ("B", 1), ("kB", 1_000), ("KiB", 1 << 10), ("MB", 1_000_000), ("MiB", 1 << 20),
        ]
        if case .size = self { return small }
        return small + [("GB", 1_000_000_000), ("GiB", 1 << 30), ("TB", 1_000_000_000_000), ("TiB", 1 << 40)]
    }

    private func octets(_ text: String) throws(Problem) -> Int64 {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard !digits.isEmpty else { throw Problem("not a size", expected: expected) }
        let unit = String(text[digits.endIndex...])
        guard !unit.isEmpty else {
            throw Problem("the unit is missing", expected: expected, suggestion: "\(text.abridged)B")
        }
        guard let size = units.first(where: { $0.name == unit })?.octets else {
            throw Problem(
                "`\(unit.abridged)` is no unit of size",
                expected: "one of \(units.map(\.name).joined(separator: ", "))")
        }
        guard let count = Int64(digits), case let (value, overflow) = count.multipliedReportingOverflow(by: size),
            !overflow
        else { throw Problem("too large", expected: expected) }
        return value
    }

    private func bitsPerSecond(_ text: String) throws(Problem) -> Int64 {
        let isThousands = text.hasSuffix("k")
        let number = isThousands ? text.dropLast() : Substring(text)
        let parts = number.split(separator: ".", omittingEmptySubsequences: false)
        let areDigits = parts.allSatisfy { !$0.isEmpty && $0.allSatisfy { $0.isASCII && $0.isNumber } }
        guard let first = parts.first, areDigits, parts.count == 1 || (isThousands && parts.count == 2) else {
            throw Problem("not a rate", expected: expected)
        }
        let decimals = parts.count == 2 ? parts[1] : ""
        guard first.count <= 9, decimals.count <= 3, let whole = Int64(first),
            let fraction = Int64(decimals + String(repeating: "0", count: 3 - decimals.count))
        else { throw Problem("not a rate", expected: expected) }
        return isThousands ? whole * 1_000 + fraction : whole
    }
}

/// What is wrong with a text, before it is known where it stands.
package struct Problem: Error {
    /// What is wrong, in a few words.
    package var problem: String
    /// What was expected.
    package var expected: String?
    /// What was probably meant.
    package var suggestion: String?

    package init(_ problem: String, expected: String? = nil, suggestion: String? = nil) {
        self.problem = problem
        self.expected = expected
        self.suggestion = suggestion
    }
}

extension String {
    /// What stands before and after the first occurrence of a separator; nil when it does not occur.
    package func separated(by separator: String) -> (before: String, after: String)? {
        let (text, sought) = (Array(utf8), Array(separator.utf8))
        guard text.count >= sought.count else { return nil }
        let found = (0...(text.count - sought.count)).first { text[$0..<($0 + sought.count)].elementsEqual(sought) }
        guard let found else { return nil }
        return (
            String(decoding: text[..<found], as: UTF8.self),
            String(decoding: text[(found + sought.count)...], as: UTF8.self)
        )
    }
}
