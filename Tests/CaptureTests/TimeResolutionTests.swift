@testable import Capture
import Testing
import Timebase

struct TimeResolutionTests {
    typealias Case = (exponent: UInt8, ticks: UInt64, nanoseconds: Int64)

    static let decimal: [Case] = [
        (9, 1_234_567_891, 1_234_567_891), (6, 1_234_567, 1_234_567_000), (0, 3, 3_000_000_000),
        (12, 1_234_567, 1_234), (28, .max, 1), (29, .max, 0), (127, .max, 0),
    ]

    static let binary: [Case] = [
        (0, 3, 3_000_000_000), (10, 1_536, 1_500_000_000), (32, 1 << 31, 500_000_000), (64, 1 << 63, 500_000_000),
        (127, .max, 0),
    ]

    @Test(arguments: decimal)
    func `decimal parts of a second become nanoseconds`(given: Case) {
        let clock = TimeResolution(exponent: given.exponent, offsetSeconds: 0)
        #expect(clock.date(ticks: given.ticks)?.nanosecondsSince1970 == given.nanoseconds)
    }

    @Test(arguments: binary)
    func `binary parts of a second become nanoseconds`(given: Case) {
        let clock = TimeResolution(exponent: given.exponent | 0x80, offsetSeconds: 0)
        #expect(clock.date(ticks: given.ticks)?.nanosecondsSince1970 == given.nanoseconds)
    }

    @Test func `the offset is added`() {
        let clock = TimeResolution(exponent: 6, offsetSeconds: 10)
        #expect(clock.date(ticks: 1)?.nanosecondsSince1970 == 10_000_001_000)
    }

    typealias Refusal = (exponent: UInt8, offset: Int64, ticks: UInt64)

    static let refused: [Refusal] = [
        (9, 0, 1 << 63), (0, 0, .max), (6, 0, 10_000_000_000_000_000), (0x80, 0, .max), (9, -1, 999_999_999),
        (9, .max, 0), (9, .min, 0), (9, 9_223_372_036, 9_223_372_036_854_775_807),
    ]

    @Test(arguments: refused)
    func `what no date can hold is refused`(given: Refusal) {
        let clock = TimeResolution(exponent: given.exponent, offsetSeconds: given.offset)
        #expect(clock.date(ticks: given.ticks) == nil)
    }
}
