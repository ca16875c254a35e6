import Testing
import Timebase

@testable import MailQueue

struct DeliveryPaceTests {
    @Test func `nothing is known before the first message`() {
        #expect(DeliveryPace().time(for: 1_000) == nil)
    }

    @Test func `what was measured holds for what is to come`() {
        var pace = DeliveryPace()
        pace.add(octets: 4_000, in: .seconds(2))
        pace.add(octets: 2_000, in: .seconds(1))
        #expect(pace.time(for: 10_000) == .seconds(5))
    }

    @Test func `a faster line is noticed, and the slow one forgotten`() {
        var pace = DeliveryPace()
        for _ in 0..<100 { pace.add(octets: 10_000, in: .seconds(10)) }
        for _ in 0..<200 { pace.add(octets: 10_000, in: .seconds(2)) }
        let time = pace.time(for: 10_000) ?? .zero
        #expect((.seconds(2)...Interval.milliseconds(2_100)).contains(time))
    }

    @Test func `numbers beyond all lines foretell nothing`() {
        var pace = DeliveryPace()
        pace.add(octets: 1, in: .days(365))
        #expect(pace.time(for: .max) == nil)
    }
}
