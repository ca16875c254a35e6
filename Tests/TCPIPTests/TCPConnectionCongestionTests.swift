import Testing
import Timebase
import Wire

@testable import TCPIP

/// How much is sent, and what duplicate acknowledgments do (RFC 5681, RFC 6582, RFC 3042).
struct TCPConnectionCongestionTests {
    private static let bulk = TCPConfiguration.with { $0.sendBuffer = 200_000 }
    private static let size = 1_460

    @Test(arguments: [(1_460, 3), (536, 3), (100, 3)])
    func `the first burst is the initial window`(segmentSize: Int, segments: Int) {
        var call = TCPTranscript(
            .established, TCPConnectionCongestionTests.bulk, maximumSegmentSize: UInt16(segmentSize))
        call.writes(50_000)
        for number in 0..<segments { call.sends(.ack, sequence: 1 + number * segmentSize, count: segmentSize) }
        call.sendsNothing()
    }

    @Test func `slow start doubles each burst until the peer's window is full`() {
        var call = TCPTranscript(.established, TCPConnectionCongestionTests.bulk)
        call.writes(90_000)
        call.writes(90_000)
        for (round, size) in [3, 6, 12, 24].enumerated() {
            let burst = call.sent.suffix(size)
            #expect(call.sent.count == [3, 9, 21, 45][round])
            call.at(.milliseconds(100 * Int64(round + 1)))
            for segment in burst {
                call.receives(.ack, sequence: 1, acknowledging: segment.sequence + segment.count)
            }
        }
        #expect(call.connection.inFlight == 44 * TCPConnectionCongestionTests.size)
    }

    @Test func `after a pause longer than the time-out the initial window is sent`() {
        var call = fastCall(segments: 20)
        call.at(.seconds(10))
        call.skips()
        call.writes(50_000)
        for number in 0..<3 { call.sends(.ack, sequence: at(21 + number), count: 1_460) }
        call.sendsNothing()
    }

    @Test func `the third duplicate acknowledgment sends the first segment again at once`() {
        var call = flight(of: 5)
        call.receives(.ack, sequence: 1, acknowledging: at(1))
        call.sends(.ack, sequence: at(6), count: 1_460)
        call.receives(.ack, sequence: 1, acknowledging: at(1))
        call.sends(.ack, sequence: at(7), count: 1_460)
        call.receives(.ack, sequence: 1, acknowledging: at(1))
        call.sends(.ack, sequence: at(1), count: 1_460)
        call.sendsNothing()
        #expect(call.connection.counters.retransmissions == 1 && call.connection.counters.timeouts == 0)
    }

    @Test func `fast recovery halves what was in flight and inflates the window by each duplicate`() {
        var call = flight(of: 5)
        for _ in 0..<3 { call.receives(.ack, sequence: 1, acknowledging: at(1)) }
        #expect(call.connection.congestion.threshold == 3_650 && call.connection.congestion.window == 8_030)
        call.skips()
        call.receives(.ack, sequence: 1, acknowledging: at(1))
        #expect(call.connection.congestion.window == 9_490)
        call.sendsNothing()
        call.receives(.ack, sequence: 1, acknowledging: at(1))
        call.sendsNothing()
        call.receives(.ack, sequence: 1, acknowledging: at(1))
        call.sends(.ack, sequence: at(8), count: 1_460)
        call.receives(.ack, sequence: 1, acknowledging: at(8))
        #expect(call.connection.congestion.window == 2_920 && !call.connection.congestion.isRecovering)
    }

    @Test func `a partial acknowledgment sends the next hole, and all of it ends recovery`() {
        var call = flight(of: 8)
        for _ in 0..<2 { call.receives(.ack, sequence: 1, acknowledging: at(1)) }
        call.sends(.ack, sequence: at(9), count: 1_460)
        call.sends(.ack, sequence: at(10), count: 1_460)
        call.receives(.ack, sequence: 1, acknowledging: at(1))
        call.sends(.ack, sequence: at(1), count: 1_460)
        for _ in 0..<3 { call.receives(.ack, sequence: 1, acknowledging: at(1)) }
        call.skips()
        call.receives(.ack, sequence: 1, acknowledging: at(3))
        call.sends(.ack, sequence: at(3), count: 1_460)
        #expect(call.connection.congestion.isRecovering)
        call.skips()
        call.receives(.ack, sequence: 1, acknowledging: at(11))
        #expect(!call.connection.congestion.isRecovering)
        #expect(call.connection.congestion.window <= 4 * TCPConnectionCongestionTests.size)
        #expect(call.connection.counters.timeouts == 0)
    }

    @Test func `two duplicates and then news retransmit nothing`() {
        var call = flight(of: 5)
        let window = call.connection.congestion.window
        for _ in 0..<2 { call.receives(.ack, sequence: 1, acknowledging: at(1)) }
        #expect(call.connection.congestion.window == window)
        call.receives(.ack, sequence: 1, acknowledging: at(6))
        #expect(call.connection.counters.retransmissions == 0 && !call.connection.congestion.isRecovering)
    }

    @Test func `data, another window and a FIN make no duplicate`() {
        var call = flight(of: 5)
        call.receives(.ack, sequence: 1, acknowledging: at(1), count: 10)
        call.receives(.ack, sequence: 11, acknowledging: at(1), window: 60_000)
        call.receives(.ack, sequence: 11, acknowledging: at(1), window: 65_000)
        call.receives([.ack, .fin], sequence: 11, acknowledging: at(1), window: 65_000)
        #expect(call.connection.counters.duplicateAcknowledgments == 0)
    }

    @Test func `a segment lost twice waits for the timer`() {
        var call = flight(of: 5)
        for _ in 0..<8 { call.receives(.ack, sequence: 1, acknowledging: at(1)) }
        #expect(call.connection.counters.retransmissions == 1)
        call.skips()
        let sent = call.now - .beginning
        call.at(.seconds(10))
        #expect(call.connection.counters.timeouts >= 1 && call.now - .beginning > sent)
        #expect(call.sent.last { $0.sequence == at(1) } != nil)
        #expect(call.connection.congestion.window == TCPConnectionCongestionTests.size)
    }

    @Test func `after a time-out late duplicates start no fast retransmit`() {
        var call = flight(of: 5)
        call.at(.seconds(5))
        call.receives(.ack, sequence: 1, acknowledging: at(2))
        let before = call.connection.counters.retransmissions
        for _ in 0..<5 { call.receives(.ack, sequence: 1, acknowledging: at(2)) }
        #expect(!call.connection.congestion.isRecovering)
        #expect(call.connection.counters.retransmissions == before)
    }

    @Test func `a loss after recovery starts another fast retransmit`() {
        var call = flight(of: 5)
        for _ in 0..<4 { call.receives(.ack, sequence: 1, acknowledging: at(1)) }
        call.receives(.ack, sequence: 1, acknowledging: at(8))
        call.receives(.ack, sequence: 1, acknowledging: at(9))
        for _ in 0..<3 { call.receives(.ack, sequence: 1, acknowledging: at(9)) }
        #expect(call.connection.congestion.isRecovering)
    }

    /// Where a segment begins; the first is number 1.
    private func at(_ segment: Int) -> Int { 1 + (segment - 1) * TCPConnectionCongestionTests.size }

    /// A connection whose window has grown while so many segments were acknowledged.
    private func fastCall(segments: Int) -> TCPTranscript {
        var call = TCPTranscript(.established, TCPConnectionCongestionTests.bulk)
        call.writes(segments * TCPConnectionCongestionTests.size)
        while let last = call.sent.last, last.sequence + last.count <= segments * TCPConnectionCongestionTests.size {
            call.receives(.ack, sequence: 1, acknowledging: last.sequence + last.count)
        }
        if let last = call.sent.last {
            call.receives(.ack, sequence: 1, acknowledging: last.sequence + last.count)
        }
        return call
    }

    /// A connection with so many segments in flight and no room in its congestion window; the scene's first is 1.
    private func flight(of count: Int) -> TCPTranscript {
        var call = TCPTranscript(
            .established, .with { ($0.sendBuffer, $0.initialWindowSegments) = (200_000, 3) })
        call.connection.congestion = CongestionControl(
            segmentSize: TCPConnectionCongestionTests.size, initialSegments: 1)
        for _ in 1..<count {
            let size = TCPConnectionCongestionTests.size
            _ = call.connection.congestion.acknowledged(size, upTo: call.connection.next, inFlight: 0)
        }
        call.writes(60_000)
        for number in 1...count { call.sends(.ack, sequence: at(number), count: 1_460) }
        call.sendsNothing()
        return call
    }
}
