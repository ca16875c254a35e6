import Testing
import Wire

@testable import TCPIP

struct CongestionControlTests {
    private let segment = 1_000
    private let number = SequenceNumber(rawValue: .max)

    @Test(arguments: [(1_460, 3, 4_380), (536, 4, 2_144), (536, 10, 4_380), (4_312, 3, 8_624), (1_460, 1, 1_460)])
    func `the initial window is that of RFC 3390`(segmentSize: Int, segments: Int, window: Int) {
        #expect(CongestionControl(segmentSize: segmentSize, initialSegments: segments).window == window)
    }

    @Test func `slow start adds a segment for each acknowledgment, and no more than is acknowledged`() {
        var congestion = control()
        acknowledge(&congestion, segment)
        #expect(congestion.window == 4_000)
        acknowledge(&congestion, 2 * segment)
        #expect(congestion.window == 5_000)
        for _ in 0..<10 { acknowledge(&congestion, segment / 10) }
        #expect(congestion.window == 6_000)
    }

    @Test func `congestion avoidance adds a segment for each window's worth`() {
        var congestion = avoiding()
        #expect(congestion.window == 4_000)
        for _ in 0..<4 { acknowledge(&congestion, segment) }
        #expect(congestion.window == 5_000)
        for _ in 0..<4 { acknowledge(&congestion, segment) }
        #expect(congestion.window == 5_000)
        acknowledge(&congestion, segment)
        #expect(congestion.window == 6_000)
    }

    @Test func `a time-out halves the threshold once and begins with one segment`() {
        var congestion = control()
        congestion.timedOut(inFlight: 10 * segment, highest: number, isFirst: true)
        #expect(congestion.window == 1_000 && congestion.threshold == 5_000)
        congestion.timedOut(inFlight: segment, highest: number, isFirst: false)
        #expect(congestion.window == 1_000 && congestion.threshold == 5_000)
        congestion.timedOut(inFlight: segment, highest: number, isFirst: true)
        #expect(congestion.threshold == 2_000)
    }

    @Test func `after a pause the initial window is the most`() {
        var congestion = control()
        for _ in 0..<20 { acknowledge(&congestion, segment) }
        congestion.restartedAfterIdle()
        #expect(congestion.window == 3_000)
        congestion.timedOut(inFlight: 0, highest: number, isFirst: true)
        congestion.restartedAfterIdle()
        #expect(congestion.window == 1_000)
    }

    @Test func `after a lost SYN one segment is sent`() {
        var congestion = control()
        congestion.synWasLost()
        #expect(congestion.window == 1_000)
    }

    @Test func `the window has an end`() {
        var congestion = control()
        for _ in 0..<2_000 { acknowledge(&congestion, segment) }
        #expect(congestion.window == 1 << 20)
    }

    // Acknowledgments beyond all that was lost.
    private func acknowledge(_ congestion: inout CongestionControl, _ count: Int) {
        let isPartial = congestion.acknowledged(count, upTo: number + 1, inFlight: 0)
        #expect(!isPartial)
    }

    private func control() -> CongestionControl { CongestionControl(segmentSize: segment, initialSegments: 3) }

    private func avoiding() -> CongestionControl {
        var congestion = control()
        congestion.timedOut(inFlight: 8 * segment, highest: number, isFirst: true)
        for _ in 0..<3 { acknowledge(&congestion, segment) }
        return congestion
    }
}
