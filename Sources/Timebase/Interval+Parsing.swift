/// Why a text is not an interval.
public enum IntervalError: Error, Hashable, Sendable {
    /// Nothing was written.
    case empty
    /// A number without a unit after it, as in `90`.
    case unitMissing
    /// Letters after a number that are no unit, as in `90sec`.
    case unknownUnit(String)
    /// Something else than a digit where a number was due.
    case notANumber
    /// More than 292 years, or finer than a nanosecond.
    case outOfRange
}

extension Interval {
    /// Reads `90s`, `1h30m`, `1.5s`, `250ms`, `20us`, `100ns`, `2d`.
    ///
    /// A unit is always written (scenario language, rule 1).
    /// - Parameter text: one or more numbers, each followed by its unit: `d`, `h`, `m`, `s`, `ms`, `us`, `ns`.
    /// - Throws: ``IntervalError`` when the text is anything else.
    public init(parsing text: String) throws(IntervalError) {
        var rest = Substring(text).utf8
        guard !rest.isEmpty else { throw .empty }
        var total: Int64 = 0
        while !rest.isEmpty {
            let part = try Interval.takePart(from: &rest)
            let (sum, overflow) = total.addingReportingOverflow(part)
            guard !overflow else { throw .outOfRange }
            total = sum
        }
        self.init(nanoseconds: total)
    }

    private static func takePart(from rest: inout Substring.UTF8View) throws(IntervalError) -> Int64 {
        let isDigit = { (octet: UInt8) in octet >= UInt8(ascii: "0") && octet <= UInt8(ascii: "9") }
        let whole = rest.prefix(while: isDigit)
        guard !whole.isEmpty else { throw .notANumber }
        rest = rest[whole.endIndex...]
        var fraction = rest.prefix(0)
        if rest.first == UInt8(ascii: ".") {
            fraction = rest.dropFirst().prefix(while: isDigit)
            guard !fraction.isEmpty else { throw .notANumber }
            rest = rest[fraction.endIndex...]
        }
        let unit = rest.prefix { !isDigit($0) }
        rest = rest[unit.endIndex...]
        guard !unit.isEmpty else { throw .unitMissing }
        let name = String(Substring(unit))
        guard let size = unitSizes[name] else { throw .unknownUnit(name) }
        return try value(whole: whole, fraction: fraction, unit: size)
    }

    private static let unitSizes: [String: Int64] = [
        "ns": 1, "us": 1_000, "ms": 1_000_000, "s": 1_000_000_000, "m": 60_000_000_000, "h": 3_600_000_000_000,
        "d": 86_400_000_000_000,
    ]

    private static func value(
        whole: Substring.UTF8View, fraction: Substring.UTF8View, unit: Int64
    ) throws(IntervalError) -> Int64 {
        guard let count = Int64(String(Substring(whole))) else { throw .outOfRange }
        var (total, overflow) = count.multipliedReportingOverflow(by: unit)
        guard !overflow else { throw .outOfRange }
        var place = unit
        for digit in fraction {
            let part = Int64(digit - UInt8(ascii: "0"))
            guard place % 10 == 0 || part == 0 else { throw .outOfRange }
            place /= 10
            (total, overflow) = total.addingReportingOverflow(part * place)
            guard !overflow else { throw .outOfRange }
        }
        return total
    }
}
