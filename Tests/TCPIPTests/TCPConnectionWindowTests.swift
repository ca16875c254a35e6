import Testing
import Timebase
import Wire

@testable import TCPIP

/// Flow control, small segments and closed windows (RFC 9293 §3.7.4, §3.8.6).
struct TCPConnectionWindowTests {
    @Test func `small segments wait for an acknowledgment`() {
        var call = TCPTranscript(.established)
        for time: Int64 in [0, 20, 40] {
            call.at(.milliseconds(time))
            call.writes(10)
        }
        call.sends(.ack, sequence: 1, count: 10, at: .zero)
        call.sendsNothing()
        call.at(.milliseconds(300))
        call.receives(.ack, sequence: 1, acknowledging: 11)
        call.sends(.ack, sequence: 11, count: 20)
    }

    @Test func `small segments go at once when Nagle is off`() {
        var call = TCPTranscript(.established, .with { $0.usesNagle = false })
        for number in 0..<3 {
            call.writes(10)
            call.sends(.ack, sequence: 1 + number * 10, count: 10)
        }
    }

    @Test func `full segments do not wait, and the rest of a write does`() {
        var call = TCPTranscript(.established)
        call.writes(3_000)
        call.sends(.ack, sequence: 1, count: 1_460)
        call.sends(.ack, sequence: 1_461, count: 1_460)
        call.sendsNothing()
        call.receives(.ack, sequence: 1, acknowledging: 2_921)
        call.sends(.ack, sequence: 2_921, count: 80)
    }

    @Test func `small segments wait also where half the peer's window would fit`() {
        var call = TCPTranscript(.established, window: 1_000)
        call.writes(1_600)
        call.sends(.ack, sequence: 1, count: 1_000)
        call.sendsNothing()
        call.receives(.ack, sequence: 1, acknowledging: 601, window: 1_000)
        call.sendsNothing()
        call.receives(.ack, sequence: 1, acknowledging: 1_001, window: 1_000)
        call.sends(.ack, sequence: 1_001, count: 600)
    }

    @Test func `half of the largest window is worth a segment`() {
        var call = TCPTranscript(.established, window: 1_000)
        call.receives(.ack, sequence: 1, acknowledging: 1, window: 500)
        call.writes(5_000)
        call.sends(.ack, sequence: 1, count: 500)
        call.sendsNothing()
    }

    @Test func `a small window is used after a fifth of a second`() {
        var call = TCPTranscript(.established)
        call.receives(.ack, sequence: 1, acknowledging: 1, window: 300)
        call.writes(5_000)
        call.sendsNothing()
        call.at(.milliseconds(200))
        call.sends(.ack, sequence: 1, count: 300)
        call.at(.milliseconds(1_200))
        call.sends(.ack, sequence: 1, count: 300)
    }

    @Test func `nothing is sent beyond the peer's window`() {
        var call = TCPTranscript(.established, .with { $0.sendBuffer = 50_000 }, window: 4_000)
        call.writes(50_000)
        call.sends(.ack, sequence: 1, count: 1_460)
        call.sends(.ack, sequence: 1_461, count: 1_460)
        call.sendsNothing()
        call.receives(.ack, sequence: 1, acknowledging: 1_461, window: 4_000)
        call.sends(.ack, sequence: 2_921, count: 1_460)
        call.sendsNothing()
    }

    @Test func `an older segment does not update the window`() {
        var call = TCPTranscript(.established)
        call.receives(.ack, sequence: 11, acknowledging: 1, count: 10, window: 5_000)
        call.receives(.ack, sequence: 1, acknowledging: 1, count: 10, window: 100)
        #expect(call.connection.peerWindow == 5_000)
    }

    @Test func `a closed window is probed after a time-out, then half as often each time`() {
        var call = TCPTranscript(.established)
        call.receives(.ack, sequence: 1, acknowledging: 1, window: 0)
        call.writes(3_000)
        for second: Int64 in [1, 3, 7, 15, 31, 63, 123, 183, 243] {
            call.at(.seconds(second))
            call.sends(.ack, sequence: 1, count: 1)
            call.sendsNothing()
            call.receives(.ack, sequence: 1, acknowledging: 1, window: 0)
        }
        for minute: Int64 in 5...200 {
            call.at(.minutes(minute))
            call.receives(.ack, sequence: 1, acknowledging: 1, window: 0)
        }
        call.expectState(.established)
    }

    @Test func `when a probe finds the window open the data flows in the same instant`() {
        var call = TCPTranscript(.established)
        call.receives(.ack, sequence: 1, acknowledging: 1, window: 0)
        call.writes(3_000)
        call.at(.seconds(1))
        call.sends(.ack, sequence: 1, count: 1)
        call.receives(.ack, sequence: 1, acknowledging: 1, window: 8_760)
        call.sends(.ack, sequence: 1, count: 1_460)
        call.sends(.ack, sequence: 1_461, count: 1_460)
        call.sendsNothing()
    }

    @Test func `a probe that is taken counts as sent`() {
        var call = TCPTranscript(.established)
        call.receives(.ack, sequence: 1, acknowledging: 1, window: 0)
        call.writes(3_000)
        call.at(.seconds(1))
        call.sends(.ack, sequence: 1, count: 1)
        call.receives(.ack, sequence: 1, acknowledging: 2, window: 8_760)
        call.sends(.ack, sequence: 2, count: 1_460)
        call.sends(.ack, sequence: 1_462, count: 1_460)
        call.at(.milliseconds(1_100))
        call.receives(.ack, sequence: 1, acknowledging: 2_922)
        call.sends(.ack, sequence: 2_922, count: 79)
    }

    @Test func `while the window is closed acknowledgments carry a number that the peer takes`() {
        var call = TCPTranscript(.established)
        call.receives(.ack, sequence: 1, acknowledging: 1, window: 0)
        call.writes(3_000)
        call.at(.seconds(1))
        call.skips()
        call.receives(.ack, sequence: 1, acknowledging: 1, count: 1_460, window: 0)
        call.receives(.ack, sequence: 1_461, acknowledging: 1, count: 1_460, window: 0)
        call.sends(.ack, sequence: 1, acknowledging: 2_921)
    }

    @Test func `a peer that does not answer probes is given up`() {
        var call = TCPTranscript(.established, .with { $0.retries = 5 })
        call.receives(.ack, sequence: 1, acknowledging: 1, window: 0)
        call.writes(3_000)
        call.at(.seconds(60))
        call.expectState(.established)
        call.at(.seconds(63))
        call.expectState(.closed)
        #expect(call.connection.closeReason == .timedOut)
    }

    @Test func `when a probe has brought the last octet nothing is left to probe`() {
        var call = TCPTranscript(.established)
        call.receives(.ack, sequence: 1, acknowledging: 1, window: 0)
        call.writes(1)
        call.at(.seconds(1))
        call.receives(.ack, sequence: 1, acknowledging: 2, window: 0)
        #expect(call.connection.deadline == nil)
        call.writes(1)
        call.skips()
        call.at(.seconds(2))
        call.sends(.ack, sequence: 2, count: 1)
    }

    @Test func `a FIN waits for a closed window, and probes it`() {
        var call = TCPTranscript(.established)
        call.receives(.ack, sequence: 1, acknowledging: 1, window: 0)
        call.closes()
        for second: Int64 in [1, 3, 7, 15, 31, 63, 123, 183] {
            call.at(.seconds(second))
            call.sends([.fin, .ack], sequence: 1)
            call.sendsNothing()
            call.receives(.ack, sequence: 1, acknowledging: 1, window: 0)
        }
        call.expectState(.finWait1)
        call.receives(.ack, sequence: 1, acknowledging: 1, window: 100)
        call.sends([.fin, .ack], sequence: 1)
        call.receives(.ack, sequence: 1, acknowledging: 2, window: 100)
        call.expectState(.finWait2)
    }

    @Test func `a window that shrinks under what is in flight loses nothing`() {
        var call = TCPTranscript(.established)
        call.writes(4_380)
        call.skips()
        call.receives(.ack, sequence: 1, acknowledging: 1, window: 1_460)
        call.at(.seconds(1))
        call.sends(.ack, sequence: 1, count: 1_460)
        call.receives(.ack, sequence: 1, acknowledging: 1_461, window: 0)
        call.at(.seconds(30))
        call.receives(.ack, sequence: 1, acknowledging: 1_461, window: 8_760)
        call.skips()
        call.receives(.ack, sequence: 1, acknowledging: 4_381, window: 8_760)
        call.expectState(.established)
        #expect(call.connection.inFlight == 0)
    }

    @Test func `the window offered never shrinks`() {
        var call = TCPTranscript(.established)
        var edge = 0
        for number in 0..<6 {
            call.receives(.ack, sequence: 1 + number * 1_460, acknowledging: 1, count: 1_460)
            call.writes(1)
            call.receives(.ack, sequence: 1 + (number + 1) * 1_460, acknowledging: 2 + number)
        }
        for segment in call.sent {
            #expect(segment.acknowledgment + segment.window >= edge)
            edge = segment.acknowledgment + segment.window
        }
        #expect(edge == 8_761 && call.sent.last?.window == 0)
    }

    @Test func `a closed window opens by a segment or more at once`() {
        var call = TCPTranscript(.established)
        for number in 0..<6 { call.receives(.ack, sequence: 1 + number * 1_460, acknowledging: 1, count: 1_460) }
        #expect(call.sent.last?.window == 0)
        call.skips()
        call.receives(.ack, sequence: 8_761, acknowledging: 1, count: 1)
        call.sends(.ack, sequence: 1, acknowledging: 8_761, window: 0)
        call.reads(8_760)
        call.sends(.ack, sequence: 1, acknowledging: 8_761, window: 8_760)
        call.receives(.ack, sequence: 8_761, acknowledging: 1, count: 1)
        call.reads(1)
    }

    @Test func `a reader that takes little is not told of little room`() {
        var call = TCPTranscript(.established)
        call.receives(.ack, sequence: 1, acknowledging: 1, count: 100)
        call.reads(100)
        call.at(.milliseconds(200))
        call.sends(.ack, sequence: 1, acknowledging: 101, window: 8_660)
        call.sendsNothing()
    }

    @Test func `acknowledgments and resets count also when the window is closed`() {
        var call = TCPTranscript(.established)
        call.writes(1_000)
        for number in 0..<6 { call.receives(.ack, sequence: 1 + number * 1_460, acknowledging: 1, count: 1_460) }
        call.receives(.ack, sequence: 8_761, acknowledging: 1_001, count: 1)
        #expect(call.connection.inFlight == 0)
        call.receives(.rst, sequence: 8_761)
        call.expectState(.closed)
    }

    @Test func `there is news of room once the buffer had been full`() {
        var call = TCPTranscript(.established)
        call.writes(8_192)
        #expect(call.connection.room == 0)
        call.receives(.ack, sequence: 1, acknowledging: 1)
        call.expectNews([])
        call.receives(.ack, sequence: 1, acknowledging: 1_461)
        call.expectNews(.writable)
        #expect(call.connection.room == 1_460)
        call.receives(.ack, sequence: 1, acknowledging: 2_921)
        call.expectNews([])
    }

    @Test func `there is no news of room while there was some`() {
        var call = TCPTranscript(.established)
        call.writes(8_191)
        call.receives(.ack, sequence: 1, acknowledging: 1_461)
        call.expectNews([])
    }

    @Test func `no more is taken than there is room for`() {
        var call = TCPTranscript(.established)
        #expect(call.connection.write(TCPTranscript.octets(from: 1, count: 10_000).span.bytes) == 8_192)
        #expect(call.connection.write(([1] as [UInt8]).span.bytes) == 0)
        call.closes()
        #expect(call.connection.write(([1] as [UInt8]).span.bytes) == 0)
    }
}
