import Telephony
import Testing
import Timebase

struct LineTests {
    private static let lapm = ErrorControl.lapm(setup: .fixed(0))

    private func line(
        _ rate: Int = 28_800, _ errorControl: ErrorControl = LineTests.lapm, latency: Interval = .zero
    ) -> Line { Line(rate: rate, errorControl: errorControl, latency: latency) }

    /// Octets in a second, as owners of such modems saw them in a file transfer.
    @Test(
        arguments: [
            (2_400, 240, false), (2_400, 282, true), (14_400, 1_692, true), (28_800, 3_384, true),
            (33_600, 3_948, true),
            (48_000, 5_640, true),
        ])
    func `a rate carries what it carried then`(rate: Int, octets: Int, hasLAPM: Bool) {
        var line = line(rate, hasLAPM ? LineTests.lapm : .none)
        let took = line.send(octetCount: octets, at: .beginning).arrival - .beginning
        #expect((.milliseconds(998)...Interval.milliseconds(1_002)).contains(took))
    }

    @Test func `the fastest line is slower than a cable of 115,200 bits per second`() {
        var line = line(53_333)
        #expect(line.send(octetCount: 11_520, at: .beginning).arrival > .beginning + .seconds(1))
    }

    @Test func `the first bit goes out at once and the last octet arrives after its own time and the latency`() {
        var line = line(8_000, .none, latency: .milliseconds(50))
        let sent = line.send(octetCount: 100, at: at(3))
        #expect(sent.start == at(3))
        #expect(sent.arrival == at(3) + .milliseconds(125 + 50))
    }

    @Test func `a frame waits for the frame ahead of it, not for its arrival`() {
        var line = line(8_000, .none, latency: .seconds(1))
        _ = line.send(octetCount: 100, at: .beginning)
        let second = line.send(octetCount: 100, at: .beginning + .milliseconds(10))
        #expect(second.start == .beginning + .milliseconds(125))
        #expect(second.arrival == .beginning + .milliseconds(250) + .seconds(1))
    }

    @Test func `after a pause the line begins afresh`() {
        var line = line()
        let first = line.send(octetCount: 77, at: .beginning).arrival - .beginning
        let second = line.send(octetCount: 77, at: at(60)).arrival - at(60)
        #expect(first == second)
    }

    @Test(arguments: [2_400, 21_600, 28_800, 31_200, 33_600, 34_666, 49_333])
    func `a thousand frames take exactly as long as one of their length`(rate: Int) {
        var stream = RandomStream(seed: 1, thing: "test", purpose: "frames.\(rate)")
        let lengths = (0..<1_000).map { _ in Int(stream.uniform(in: 1...1_500)) }
        var piecewise = line(rate)
        var whole = line(rate)
        var arrival = Instant.beginning
        for length in lengths { arrival = piecewise.send(octetCount: length, at: .beginning).arrival }
        #expect(arrival == whole.send(octetCount: lengths.reduce(0, +), at: .beginning).arrival)
    }

    @Test func `no frame overtakes another, and none of them arrives before it could`() {
        var stream = RandomStream(seed: 2, thing: "test", purpose: "overtaking")
        var line = line(33_600, latency: .milliseconds(45))
        var now = Instant.beginning
        var last = Instant.beginning
        for _ in 0..<10_000 {
            now += Interval(nanoseconds: stream.uniform(in: 0...40_000_000))
            let sent = line.send(octetCount: Int(stream.uniform(in: 0...300)), at: now)
            #expect(sent.start >= now)
            #expect(sent.arrival >= max(last, sent.start + .milliseconds(45)))
            last = sent.arrival
        }
    }

    @Test func `a gigabyte overflows nothing`() {
        var line = line(300, .none)
        let took = line.send(octetCount: 1_200_000_000, at: .beginning).arrival - .beginning
        #expect(took == .seconds(40_000_000))
    }

    private func at(_ seconds: Int64) -> Instant { .beginning + .seconds(seconds) }
}
