import Telephony
import Testing
import Timebase

struct TelephoneCallTests {
    /// A call that is driven from deadline to deadline.
    private struct Driver {
        var call: TelephoneCall
        var now = Instant.beginning

        init(
            _ profile: ModemProfile = .v34, number: String = "555-0100", seed: UInt64 = 1, isAnswered: Bool = true,
            configuration: ExchangeConfiguration = .init()
        ) {
            call = TelephoneCall(
                number: number, profile: profile, configuration: configuration, isAnswered: isAnswered,
                stream: RandomStream(seed: seed, thing: "branch", purpose: "call.1"), at: .beginning)
        }

        /// Goes to the deadline: what it took and what came of it.
        mutating func step() throws -> (took: Interval, action: TelephoneCall.Action?) {
            let due = try #require(call.deadline)
            let took = due - now
            now = due
            return (took, call.deadlineReached(at: now))
        }

        /// Goes to the deadline, which must be so many milliseconds away.
        mutating func expect(_ milliseconds: ClosedRange<Int>, _ what: Comment) throws {
            let took = try step().took.nanoseconds
            #expect(took >= Int64(milliseconds.lowerBound) * 1_000_000, what)
            #expect(took <= Int64(milliseconds.upperBound) * 1_000_000, what)
        }

        /// Goes on until the exchange is asked and has found a port.
        mutating func ring(port: Int = 0) throws {
            while call.state != .routing || call.deadline != nil { _ = try step() }
            call.routed(port, at: now)
        }
    }

    private static let seeds: Range<UInt64> = 0..<500

    @Test func `a call goes through its states in order`() throws {
        var driver = Driver()
        #expect(driver.call.state == .offHook)
        #expect(try driver.step().action == .dials)
        #expect(driver.call.state == .dialling)
        #expect(try driver.step().action == nil)
        #expect(driver.call.state == .routing)
        #expect(try driver.step().action == .route)
        #expect(driver.call.deadline == nil)
        driver.call.routed(2, at: driver.now)
        #expect(driver.call.state == .ringing(port: 2))
        #expect(try driver.step().action == .answered(modulation: "V.34"))
        #expect(driver.call.state == .answering(port: 2))
        #expect(try driver.step().action == nil)
        #expect(driver.call.state == .training(port: 2))
        let action = try driver.step().action
        guard case .carrier(let toCaller, let fromCaller) = action else { return #expect(Bool(false)) }
        #expect(toCaller == fromCaller)
        #expect(driver.call.state == .online(port: 2))
        #expect(driver.call.deadline == nil)
        driver.call.released()
        #expect(driver.call.state == .released)
    }

    @Test func `a port is taken from the ring to the release`() throws {
        var driver = Driver()
        for _ in 0..<3 {
            #expect(driver.call.port == nil)
            _ = try driver.step()
        }
        driver.call.routed(4, at: driver.now)
        for _ in 0..<3 {
            #expect(driver.call.port == 4)
            _ = try driver.step()
        }
        #expect(driver.call.port == 4)
        driver.call.released()
        #expect(driver.call.port == nil)
    }

    @Test(arguments: ModemProfile.all.map(\.name)) func `each state takes the time of its own`(name: String) throws {
        let profile = try #require(ModemProfile(named: name))
        let hasV8 = name == "v34" || name == "v90"
        let answerTone = hasV8 ? 1_000...2_000 : 2_600...4_000
        let training = ["v22bis": 2_800, "v32bis": 6_500, "v34": 7_000, "v90": 13_000][name] ?? 0
        let spread = ["v22bis": 200, "v32bis": 750, "v34": 750, "v90": 1_500][name] ?? 0
        let latency = (profile.latency + .milliseconds(5)).nanoseconds / 1_000_000
        let setup = profile.errorControl == .none ? 0...0 : 300 + 4 * Int(latency)...900 + 4 * Int(latency)
        for seed in TelephoneCallTests.seeds {
            var driver = Driver(profile, seed: seed)
            try driver.expect(700...1_300, "dial tone")
            try driver.expect(7 * 190...7 * 190, "seven digits")
            try driver.expect(1_000...3_000, "post-dial delay")
            driver.call.routed(0, at: driver.now)
            try driver.expect(500...2_500, "ringing")
            // V.25: 1.8 s to 2.5 s of silence before the tone.
            try driver.expect(1_800 + answerTone.lowerBound...2_500 + answerTone.upperBound, "silence and answer tone")
            let slowest = training + 6 * spread + setup.upperBound
            try driver.expect(training - 6 * spread + setup.lowerBound...slowest, "training")
        }
    }

    @Test func `the number's digits are dialled, not what stands between them`() throws {
        for (number, digits) in [("5", 1), ("555-0100", 7), ("+1 555 555-0100", 11)] {
            var driver = Driver(number: number)
            _ = try driver.step()
            #expect(try driver.step().took == .milliseconds(190) * Int64(digits))
        }
    }

    @Test func `the rates of a call are those of its profile`() throws {
        var pairs: Set<[Int]> = []
        for seed in TelephoneCallTests.seeds {
            var driver = Driver(.v90, seed: seed)
            try driver.ring()
            for _ in 0..<2 { _ = try driver.step() }
            guard case .carrier(let toCaller, let fromCaller) = try driver.step().action else {
                return #expect(Bool(false))
            }
            #expect(toCaller > fromCaller)
            pairs.insert([toCaller, fromCaller])
        }
        #expect(pairs.count > 20)
    }

    @Test func `a call is the same again with the same luck and another with other luck`() throws {
        func times(_ seed: UInt64) throws -> [Interval] {
            var driver = Driver(seed: seed)
            var times = try (0..<3).map { _ in try driver.step().took }
            driver.call.routed(0, at: driver.now)
            times += try (0..<3).map { _ in try driver.step().took }
            return times
        }
        #expect(try times(1) == times(1))
        #expect(try times(1) != times(2))
    }

    @Test func `a number that nobody answers rings until the caller gives up`() throws {
        var driver = Driver(isAnswered: false)
        try driver.ring(port: 1)
        let end = try driver.step()
        #expect(end.took == .seconds(30))
        #expect(end.action == .noAnswer)
        #expect(driver.call.port == 1)
        #expect(driver.call.deadline == nil)
    }

    @Test func `an answer that comes too late meets nobody`() throws {
        var configuration = ExchangeConfiguration()
        configuration.answer = .fixed(40_000_000_000)
        var driver = Driver(configuration: configuration)
        try driver.ring()
        let end = try driver.step()
        #expect(end.took == .seconds(30))
        #expect(end.action == .noAnswer)
    }

    @Test func `however long it may ring, the modem waits a minute from the last digit`() throws {
        var configuration = ExchangeConfiguration()
        configuration.noAnswerAfter = .minutes(5)
        configuration.setup = .fixed(8_000_000_000)
        var driver = Driver(isAnswered: false, configuration: configuration)
        try driver.ring()
        let end = try driver.step()
        #expect(end.took == .seconds(52))
        #expect(end.action == .noAnswer)
    }

    @Test func `a carrier that takes more than a minute from the last digit does not come`() throws {
        var profile = ModemProfile.v34
        profile.training = .fixed(70_000_000_000)
        var driver = Driver(profile)
        for _ in 0..<2 { _ = try driver.step() }
        let lastDigit = driver.now
        try driver.ring(port: 3)
        for _ in 0..<2 { _ = try driver.step() }
        #expect(try driver.step().action == .noCarrier)
        #expect(driver.now == lastDigit + .seconds(60))
        #expect(driver.call.state == .training(port: 3))
        #expect(driver.call.deadline == nil)
    }

    @Test func `an exchange that takes more than a minute is not waited for`() throws {
        var configuration = ExchangeConfiguration()
        configuration.setup = .fixed(90_000_000_000)
        var driver = Driver(configuration: configuration)
        for _ in 0..<2 { _ = try driver.step() }
        let end = try driver.step()
        #expect(end.took == .seconds(60))
        #expect(end.action == .noCarrier)
        #expect(driver.call.port == nil)
    }

    @Test(arguments: [1, 2]) func `a circuit that fails before the carrier is waited for in vain`(steps: Int) throws {
        var driver = Driver()
        for _ in 0..<2 { _ = try driver.step() }
        let lastDigit = driver.now
        try driver.ring()
        for _ in 0..<steps { _ = try driver.step() }
        #expect(driver.call.circuitFailed() == true)
        #expect(driver.call.circuitFailed() == false)
        #expect(try driver.step().action == .noCarrier)
        #expect(driver.now == lastDigit + .seconds(60))
    }

    @Test func `there is no circuit before the answer, and none of the call's once the carrier stands`() throws {
        var driver = Driver()
        for _ in 0..<3 {
            #expect(driver.call.circuitFailed() == false)
            _ = try driver.step()
        }
        driver.call.routed(0, at: driver.now)
        #expect(driver.call.circuitFailed() == false)
        for _ in 0..<3 { _ = try driver.step() }
        #expect(driver.call.circuitFailed() == false)
        driver.call.released()
        #expect(driver.call.circuitFailed() == false)
    }

    @Test func `a call that is released in any state stays so`() throws {
        for steps in 0..<6 {
            var driver = Driver()
            for _ in 0..<min(steps, 3) { _ = try driver.step() }
            if steps >= 3 {
                driver.call.routed(0, at: driver.now)
                for _ in 3..<steps { _ = try driver.step() }
            }
            driver.call.released()
            #expect(driver.call.deadline == nil)
            #expect(driver.call.deadlineReached(at: driver.now + .hours(1)) == nil)
            #expect(driver.call.state == .released)
        }
    }

    @Test func `a wakeup that comes early is harmless`() throws {
        var driver = Driver()
        let due = try #require(driver.call.deadline)
        #expect(driver.call.deadlineReached(at: due - .nanoseconds(1)) == nil)
        #expect(driver.call.state == .offHook)
        #expect(driver.call.deadline == due)
    }
}
