import Timebase

/// What one tick of an interface's clock is, and when the clock began (`if_tsresol`, `if_tsoffset`).
struct TimeResolution: Sendable {
    /// The negative exponent of a second's part: of 10, or with the highest bit set, of 2. Without the option: 6.
    var exponent: UInt8 = 6
    /// Seconds to add.
    var offsetSeconds: Int64 = 0

    /// The date of a count of ticks, rounded down to nanoseconds; nil before 1970 and after 2262.
    func date(ticks: UInt64) -> CalendarDate? {
        let whole = exponent & 0x80 == 0 ? decimal(ticks) : binary(ticks)
        guard let whole, let nanoseconds = Int64(exactly: whole) else { return nil }
        let (offset, isTooLarge) = offsetSeconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, overflow) = nanoseconds.addingReportingOverflow(offset)
        guard !isTooLarge, !overflow, sum >= 0 else { return nil }
        return CalendarDate(nanosecondsSince1970: sum)
    }

    private func decimal(_ ticks: UInt64) -> UInt64? {
        if exponent > 9 { return power(exponent - 9).map { ticks / $0 } ?? 0 }
        guard let factor = power(9 - exponent) else { return nil }
        let (product, overflow) = ticks.multipliedReportingOverflow(by: factor)
        return overflow ? nil : product
    }

    /// A power of ten; nil when 64 bits do not hold it.
    private func power(_ exponent: UInt8) -> UInt64? {
        guard exponent < 20 else { return nil }
        return (0..<exponent).reduce(1) { product, _ in product * 10 }
    }

    private func binary(_ ticks: UInt64) -> UInt64? {
        let shift = UInt64(exponent & 0x7F)
        let (high, low) = ticks.multipliedFullWidth(by: 1_000_000_000)
        // Shifts by 64 and more give zero, so this holds for every exponent.
        guard high >> shift == 0 else { return nil }
        return shift < 64 ? low >> shift | high << (64 - shift) : high >> (shift - 64)
    }
}
