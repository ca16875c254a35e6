import Testing
import Timebase
import Wire

@testable import TCPIP

/// How connections end (RFC 9293 §3.6).
struct TCPConnectionClosingTests {
    @Test func `who closes first waits for two segment lifetimes in the end`() {
        var call = TCPTranscript(.established)
        call.closes()
        call.sends([.fin, .ack], sequence: 1, acknowledging: 1)
        call.expectState(.finWait1)
        call.at(.milliseconds(100))
        call.receives(.ack, sequence: 1, acknowledging: 2)
        call.sendsNothing()
        call.expectState(.finWait2)
        call.at(.milliseconds(150))
        call.receives([.fin, .ack], sequence: 1, acknowledging: 2)
        call.sends(.ack, sequence: 2, acknowledging: 2)
        call.expectState(.timeWait)
        call.expectNews([.peerClosed, .closed])
        #expect(call.connection.closeReason == .normal)
        call.at(.milliseconds(240_149))
        call.expectState(.timeWait)
        call.at(.milliseconds(240_150))
        call.expectState(.closed)
        call.sendsNothing()
    }

    @Test func `who closes last is done when its FIN is acknowledged`() {
        var call = TCPTranscript(.established)
        call.receives([.fin, .ack], sequence: 1, acknowledging: 1)
        call.sends(.ack, sequence: 1, acknowledging: 2)
        call.expectState(.closeWait)
        call.expectNews(.peerClosed)
        call.closes()
        call.sends([.fin, .ack], sequence: 1, acknowledging: 2)
        call.expectState(.lastAck)
        call.receives(.ack, sequence: 2, acknowledging: 2)
        call.sendsNothing()
        call.expectState(.closed)
        call.expectNews(.closed)
        #expect(call.connection.closeReason == .normal && call.connection.deadline == nil)
    }

    @Test func `FINs that cross are acknowledged, and both ends wait`() {
        var call = TCPTranscript(.established)
        call.closes()
        call.sends([.fin, .ack], sequence: 1, acknowledging: 1)
        call.receives([.fin, .ack], sequence: 1, acknowledging: 1)
        call.sends(.ack, sequence: 2, acknowledging: 2)
        call.expectState(.closing)
        call.receives(.ack, sequence: 2, acknowledging: 2)
        call.expectState(.timeWait)
        call.at(.minutes(4))
        call.expectState(.closed)
        call.sendsNothing()
    }

    @Test func `a FIN that acknowledges ours leads straight to the wait`() {
        var call = TCPTranscript(.established)
        call.closes()
        call.sends([.fin, .ack], sequence: 1, acknowledging: 1)
        call.receives([.fin, .ack], sequence: 1, acknowledging: 2)
        call.sends(.ack, sequence: 2, acknowledging: 2)
        call.expectState(.timeWait)
    }

    @Test func `the FIN follows the last octet that was written`() {
        var call = TCPTranscript(.established)
        call.writes(6_000)
        call.closes()
        #expect(call.connection.room == 0)
        for sequence in [1, 1_461, 2_921] { call.sends(.ack, sequence: sequence, count: 1_460) }
        call.sendsNothing()
        call.receives(.ack, sequence: 1, acknowledging: 2_921)
        call.sends(.ack, sequence: 4_381, count: 1_460)
        call.sends([.fin, .ack], sequence: 5_841, count: 160)
        call.sendsNothing()
    }

    @Test func `after our FIN the peer may go on sending`() {
        var call = TCPTranscript(.finWait2)
        for number in 0..<10 {
            call.receives(.ack, sequence: 1 + number * 1_000, acknowledging: 2, count: 1_000)
            call.reads(1_000)
        }
        call.at(.milliseconds(200))
        #expect(call.sent.last?.acknowledgment == 10_001)
        call.receives([.fin, .ack], sequence: 10_001, acknowledging: 2)
        call.expectState(.timeWait)
    }

    @Test func `after the peer's FIN we may go on sending`() {
        var call = TCPTranscript(.closeWait)
        call.writes(1_000)
        call.sends(.ack, sequence: 1, acknowledging: 2, count: 1_000)
        call.receives(.ack, sequence: 2, acknowledging: 1_001)
        call.writes(500)
        call.sends(.ack, sequence: 1_001, acknowledging: 2, count: 500)
    }

    @Test func `a FIN that comes early waits for what is missing`() {
        var call = TCPTranscript(.established)
        call.receives([.ack, .fin], sequence: 1_001, acknowledging: 1, count: 1_000)
        call.sends(.ack, sequence: 1, acknowledging: 1)
        call.expectState(.established)
        call.expectNews([])
        call.receives(.ack, sequence: 1, acknowledging: 1, count: 1_000)
        call.sends(.ack, sequence: 1, acknowledging: 2_002)
        call.expectState(.closeWait)
        call.expectNews([.readable, .peerClosed])
        call.reads(2_000)
    }

    @Test func `a lost FIN goes out again like data`() {
        var call = TCPTranscript(.established)
        call.closes()
        call.at(.seconds(16))
        for second: Int64 in [0, 1, 3, 7, 15] {
            call.sends([.fin, .ack], sequence: 1, acknowledging: 1, at: .seconds(second))
        }
        call.sendsNothing()
        call.receives(.ack, sequence: 1, acknowledging: 2)
        call.expectState(.finWait2)
    }

    @Test func `a FIN that comes again is acknowledged, and the wait begins anew`() {
        var call = TCPTranscript(.timeWait)
        call.at(.seconds(100))
        call.receives([.fin, .ack], sequence: 1, acknowledging: 2)
        call.sends(.ack, sequence: 2, acknowledging: 2)
        call.at(.nanoseconds(339_999_999_999))
        call.expectState(.timeWait)
        call.at(.seconds(340))
        call.expectState(.closed)
    }

    @Test func `a reset does not shorten the wait`() {
        var call = TCPTranscript(.timeWait)
        for sequence in [1, 2, 3] { call.receives(.rst, sequence: sequence) }
        call.expectState(.timeWait)
    }

    @Test func `a half-closed connection without news from its peer is given up`() {
        var call = TCPTranscript(.finWait2)
        call.at(.nanoseconds(239_999_999_999))
        call.expectState(.finWait2)
        call.at(.seconds(240))
        call.expectState(.closed)
        call.expectNews(.closed)
        #expect(call.connection.closeReason == .timedOut)
    }

    @Test func `a half-closed connection lasts as long as its peer sends`() {
        var call = TCPTranscript(.finWait2)
        for number in 0..<10 {
            call.at(.minutes(Int64(number) * 3))
            call.receives(.ack, sequence: 1 + number * 100, acknowledging: 2, count: 100)
            call.reads(100)
            call.expectState(.finWait2)
        }
        call.at(.minutes(30))
        call.expectState(.finWait2)
        call.at(.minutes(31))
        call.expectState(.closed)
    }

    @Test func `closing twice is closing once`() {
        var call = TCPTranscript(.established)
        call.closes()
        call.closes()
        call.sends([.fin, .ack], sequence: 1)
        call.sendsNothing()
        call.expectState(.finWait1)
    }

    @Test(arguments: TCPConnection.State.allCases)
    func `an abort ends every state, with a reset where the peer knows of us`(state: TCPConnection.State) {
        var call = TCPTranscript(state)
        call.skips()
        call.aborts()
        let sequences: [TCPConnection.State: Int] = [
            .synReceived: 1, .established: 1, .finWait1: 2, .finWait2: 2, .closeWait: 1,
        ]
        if let sequence = sequences[state] { call.sends([.rst, .ack], sequence: sequence) }
        call.sendsNothing()
        call.expectState(.closed)
        #expect(call.connection.closeReason == (state == .timeWait ? .normal : .aborted))
        #expect(call.connection.deadline == nil)
    }

    @Test func `an abort after a time-out resets behind all that was sent`() {
        var call = TCPTranscript(.established)
        call.writes(4_380)
        call.at(.seconds(1))
        call.skips()
        call.aborts()
        call.sends([.rst, .ack], sequence: 4_381)
    }
}
