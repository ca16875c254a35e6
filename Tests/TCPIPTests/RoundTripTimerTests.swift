import Testing
import Timebase

@testable import TCPIP

struct RoundTripTimerTests {
    @Test func `the time-out is a second before the first sample`() {
        let timer = RoundTripTimer(TCPConfiguration())
        #expect(timer.timeout == .seconds(1) && timer.smoothedRoundTrip == nil)
    }

    @Test func `samples are smoothed as RFC 6298 says`() {
        var timer = RoundTripTimer(TCPConfiguration())
        timer.sample(.milliseconds(500))
        #expect(timer.timeout == .milliseconds(1_500))
        timer.sample(.milliseconds(700))
        #expect(timer.timeout == .milliseconds(1_475))
        timer.sample(.seconds(2))
        #expect(timer.timeout == .nanoseconds(2_896_875_000))
        #expect(timer.smoothedRoundTrip == .nanoseconds(709_375_000))
    }

    @Test func `the time-out is never less than a second`() {
        var timer = RoundTripTimer(TCPConfiguration())
        for _ in 0..<20 {
            timer.sample(.milliseconds(100))
            #expect(timer.timeout == .seconds(1))
        }
    }

    @Test func `without a floor a steady round trip is all that is waited for`() {
        var timer = RoundTripTimer(.with { $0.minimumTimeout = .zero })
        for _ in 0..<100 { timer.sample(.milliseconds(100)) }
        #expect(timer.timeout <= .microseconds(100_010) && timer.timeout > .milliseconds(100))
    }

    @Test func `each expiry doubles the time-out, up to a minute`() {
        var timer = RoundTripTimer(TCPConfiguration())
        for seconds: Int64 in [1, 2, 4, 8, 16, 32] + [Int64](repeating: 60, count: 70) {
            #expect(timer.timeout == .seconds(seconds))
            timer.expired()
        }
    }

    @Test func `a doubled time-out stays until a sample comes`() {
        var timer = RoundTripTimer(TCPConfiguration())
        timer.sample(.milliseconds(100))
        timer.expired()
        timer.expired()
        #expect(timer.timeout == .seconds(4))
        timer.sample(.milliseconds(100))
        #expect(timer.timeout == .seconds(1))
    }

    @Test func `after a lost SYN data begins with three seconds`() {
        var timer = RoundTripTimer(TCPConfiguration())
        timer.expired()
        timer.synWasRetransmitted()
        #expect(timer.timeout == .seconds(3))
        timer.sample(.milliseconds(100))
        #expect(timer.timeout == .seconds(1))
    }

    @Test func `a configured time-out of more than three seconds stays after a lost SYN`() {
        var timer = RoundTripTimer(.with { $0.initialTimeout = .seconds(5) })
        timer.expired()
        timer.synWasRetransmitted()
        #expect(timer.timeout == .seconds(5))
    }
}
