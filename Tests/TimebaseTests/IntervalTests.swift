import Testing
import Timebase

struct IntervalTests {
    @Test(arguments: [
        ("90s", Interval.seconds(90)), ("1h30m", .minutes(90)), ("250ms", .milliseconds(250)), ("2d", .days(2)),
        ("1.5s", .milliseconds(1_500)), ("20us", .microseconds(20)), ("100ns", .nanoseconds(100)), ("0s", .zero),
    ])
    func `an interval is read with its units`(text: String, interval: Interval) throws {
        #expect(try Interval(parsing: text) == interval)
    }

    @Test(arguments: [
        ("", IntervalError.empty), ("90", .unitMissing), ("90sec", .unknownUnit("sec")), ("s", .notANumber),
        ("-5s", .notANumber), ("1.s", .notANumber), ("99999999999d", .outOfRange), ("0.5ns", .outOfRange),
        ("9223372036854775808ns", .outOfRange), ("5 s", .unknownUnit(" s")),
    ])
    func `anything else is refused with its reason`(text: String, reason: IntervalError) {
        #expect(throws: reason) { try Interval(parsing: text) }
    }

    @Test(arguments: [
        (Interval.seconds(90), "1m30s"), (.minutes(90), "1h30m"), (.milliseconds(250), "250ms"), (.zero, "0s"),
        (.milliseconds(61_250), "1m1.25s"), (.days(2), "2d"), (.nanoseconds(1_500), "1.5us"),
        (.seconds(3_600) + .milliseconds(5), "1h0.005s"),
    ])
    func `what is printed reads like a scenario`(interval: Interval, text: String) {
        #expect(interval.description == text)
    }

    @Test func `what is printed parses to the same interval`() throws {
        var stream = RandomStream(seed: 1, thing: "test", purpose: "intervals")
        for _ in 0..<1_000 {
            let interval = Interval(nanoseconds: stream.uniform(in: 0...400_000_000_000_000))
            #expect(try Interval(parsing: interval.description) == interval)
        }
    }
}
