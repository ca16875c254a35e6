import Testing
import Timebase
import Wire

@testable import TCPIP

/// How connections come to be (RFC 9293 §3.5).
struct TCPConnectionOpeningTests {
    @Test func `an active open is a SYN and the acknowledgment of its answer`() {
        var call = TCPTranscript()
        call.opens()
        call.sends(.syn, sequence: 0, window: 8_760, maximumSegmentSize: 1_460)
        call.expectState(.synSent)
        call.at(.milliseconds(100))
        call.receives([.syn, .ack], sequence: 0, acknowledging: 1, maximumSegmentSize: 1_460)
        call.sends(.ack, sequence: 1, acknowledging: 1, window: 8_760)
        call.expectState(.established)
        call.expectNews(.connected)
        #expect(call.connection.deadline == nil)
    }

    @Test func `a passive open answers a SYN and is established when that is acknowledged`() {
        var call = TCPTranscript(isPassive: true)
        call.receives(.syn, sequence: 0, maximumSegmentSize: 1_460)
        call.sends([.syn, .ack], sequence: 0, acknowledging: 1, window: 8_760, maximumSegmentSize: 1_460)
        call.expectState(.synReceived)
        call.expectNews([])
        call.receives(.ack, sequence: 1, acknowledging: 1)
        call.sendsNothing()
        call.expectState(.established)
        call.expectNews(.connected)
    }

    @Test func `two ends that open at the same time meet`() {
        var call = TCPTranscript()
        call.opens()
        call.sends(.syn, sequence: 0, maximumSegmentSize: 1_460)
        call.at(.milliseconds(50))
        call.receives(.syn, sequence: 0, maximumSegmentSize: 1_460)
        call.sends([.syn, .ack], sequence: 0, acknowledging: 1, maximumSegmentSize: 1_460)
        call.expectState(.synReceived)
        call.at(.milliseconds(100))
        call.receives([.syn, .ack], sequence: 0, acknowledging: 1, maximumSegmentSize: 1_460)
        call.sends(.ack, sequence: 1, acknowledging: 1)
        call.receives(.ack, sequence: 1, acknowledging: 1)
        call.sendsNothing()
        call.expectState(.established)
        call.expectNews(.connected)
    }

    @Test func `no round trip is taken from the SYN of a simultaneous open, which went out twice`() {
        var call = TCPTranscript()
        call.opens()
        call.at(.milliseconds(900))
        call.receives(.syn, sequence: 0)
        call.at(.milliseconds(990))
        call.receives(.ack, sequence: 1, acknowledging: 1)
        call.expectState(.established)
        #expect(call.connection.roundTrip.smoothedRoundTrip == nil)
    }

    @Test func `a SYN goes out again at one, three and seven seconds and so on, and fails after three minutes`() {
        var call = TCPTranscript()
        call.opens()
        call.at(.nanoseconds(182_999_999_999))
        for second: Int64 in [0, 1, 3, 7, 15, 31, 63, 123] {
            call.sends(.syn, sequence: 0, window: 8_760, maximumSegmentSize: 1_460, at: .seconds(second))
        }
        call.expectState(.synSent)
        call.at(.seconds(183))
        call.sendsNothing()
        call.expectState(.closed)
        call.expectNews(.closed)
        #expect(call.connection.closeReason == .timedOut && call.connection.deadline == nil)
    }

    @Test func `the answer to a SYN goes out again as often`() {
        var call = TCPTranscript(isPassive: true)
        call.receives(.syn, sequence: 0)
        call.at(.seconds(183))
        for second: Int64 in [0, 1, 3, 7, 15, 31, 63, 123] {
            call.sends([.syn, .ack], sequence: 0, acknowledging: 1, maximumSegmentSize: 1_460, at: .seconds(second))
        }
        call.sendsNothing()
        call.expectState(.closed)
    }

    @Test func `the number of retries can be set`() {
        var call = TCPTranscript(.with { ($0.synRetries, $0.initialTimeout) = (3, .seconds(3)) })
        call.opens()
        call.at(.seconds(45))
        for second: Int64 in [0, 3, 9, 21] {
            call.sends(.syn, sequence: 0, maximumSegmentSize: 1_460, at: .seconds(second))
        }
        call.sendsNothing()
        call.expectState(.closed)
    }

    @Test func `a reset that acknowledges the SYN refuses the connection`() {
        var call = TCPTranscript(.synSent)
        call.receives([.rst, .ack], sequence: 0, acknowledging: 1)
        call.expectState(.closed)
        call.expectNews(.closed)
        #expect(call.connection.closeReason == .refused)
    }

    @Test func `a reset that acknowledges nothing of ours is ignored while connecting`() {
        var call = TCPTranscript(.synSent)
        call.skips()
        call.receives([.rst, .ack], sequence: 0, acknowledging: 2)
        call.receives([.rst, .ack], sequence: 0, acknowledging: 0)
        call.receives(.rst, sequence: 0)
        call.sendsNothing()
        call.expectState(.synSent)
        call.at(.seconds(1))
        call.sends(.syn, sequence: 0, maximumSegmentSize: 1_460)
    }

    @Test func `an unacceptable acknowledgment of the SYN gets a reset`() {
        var call = TCPTranscript(.synSent)
        call.skips()
        for number in [0, 2, -70_000] {
            call.receives(.ack, sequence: 5, acknowledging: number)
            call.sends(.rst, sequence: number)
            call.receives([.syn, .ack], sequence: 5, acknowledging: number)
            call.sends(.rst, sequence: number)
        }
        call.expectState(.synSent)
    }

    @Test func `a segment with neither SYN nor reset is dropped while connecting`() {
        var call = TCPTranscript(.synSent)
        call.skips()
        for flags: TCPHeader.Flags in [[], .fin, .psh, .ack] {
            call.receives(flags, sequence: 7, acknowledging: 1, count: 3)
            call.sendsNothing()
            call.expectState(.synSent)
        }
    }

    @Test func `a waiting end answers an acknowledgment with a reset and ignores resets`() {
        var call = TCPTranscript(.listen)
        call.receives(.ack, sequence: 5, acknowledging: 77)
        call.sends(.rst, sequence: 77)
        call.receives(.rst, sequence: 5)
        call.receives(.fin, sequence: 5)
        call.receives([.syn, .rst], sequence: 5)
        call.sendsNothing()
        call.expectState(.listen)
    }

    @Test func `a reset ends a half-open connection in silence`() {
        var call = TCPTranscript(.synReceived)
        call.skips()
        call.receives(.rst, sequence: 1)
        call.sendsNothing()
        call.expectState(.closed)
        #expect(call.connection.closeReason == .refused)
    }

    @Test func `an unacceptable acknowledgment of the answer gets a reset`() {
        var call = TCPTranscript(.synReceived)
        call.skips()
        call.receives(.ack, sequence: 1, acknowledging: 2)
        call.sends(.rst, sequence: 2)
        call.receives(.ack, sequence: 1, acknowledging: 0)
        call.sends(.rst, sequence: 0)
        call.expectState(.synReceived)
    }

    @Test func `a SYN that comes again is answered and changes nothing`() {
        var call = TCPTranscript(.synReceived)
        call.skips()
        call.receives(.syn, sequence: 0)
        call.sends(.ack, sequence: 1, acknowledging: 1)
        call.expectState(.synReceived)
    }

    @Test func `a FIN waits until the SYN of a half-open connection is acknowledged`() {
        var call = TCPTranscript(.synReceived)
        call.skips()
        call.closes()
        call.sendsNothing()
        call.expectState(.synReceived)
        call.at(.seconds(1))
        call.sends([.syn, .ack], sequence: 0, acknowledging: 1, maximumSegmentSize: 1_460)
        call.receives(.ack, sequence: 1, acknowledging: 1)
        call.sends([.fin, .ack], sequence: 1, acknowledging: 1)
        call.expectState(.finWait1)
    }

    @Test func `what was written while connecting goes before the FIN`() {
        var call = TCPTranscript()
        call.opens()
        call.sends(.syn, sequence: 0, maximumSegmentSize: 1_460)
        call.writes(100)
        call.receives(.syn, sequence: 0)
        call.sends([.syn, .ack], sequence: 0, acknowledging: 1, maximumSegmentSize: 1_460)
        call.closes()
        #expect(call.connection.room == 0)
        call.receives(.ack, sequence: 1, acknowledging: 1)
        call.sends([.fin, .ack], sequence: 1, acknowledging: 1, count: 100)
        call.expectState(.finWait1)
    }

    @Test func `a SYN that was not sent yet cannot be acknowledged`() {
        var call = TCPTranscript()
        call.connection.open()
        call.arrives([.syn, .ack], sequence: 0, acknowledging: 1)
        call.expectState(.synSent)
        call.pull()
        call.sends(.rst, sequence: 1)
        call.sends(.syn, sequence: 0, maximumSegmentSize: 1_460)
    }

    @Test(arguments: [(nil, 536), (100, 100), (0, 64), (9_000, 1_460)] as [(UInt16?, Int)])
    func `segments are as large as the peer takes, 536 when it does not say`(said: UInt16?, size: Int) {
        var call = TCPTranscript(.established, maximumSegmentSize: said)
        call.writes(4_000)
        call.sends(.ack, sequence: 1, acknowledging: 1, count: size)
    }

    @Test func `data that comes with a SYN is left to be sent again`() {
        var call = TCPTranscript(isPassive: true)
        call.receives(.syn, sequence: 0, count: 10)
        call.sends([.syn, .ack], sequence: 0, acknowledging: 1, maximumSegmentSize: 1_460)
        call.receives(.ack, sequence: 1, acknowledging: 1, count: 10)
        call.expectState(.established)
        call.reads(10)
    }

    @Test func `the acknowledgment of the answer may carry data and a FIN`() {
        var call = TCPTranscript(.synReceived)
        call.skips()
        call.receives([.ack, .fin], sequence: 1, acknowledging: 1, count: 10)
        call.sends(.ack, sequence: 1, acknowledging: 12)
        call.expectState(.closeWait)
        call.expectNews([.connected, .readable, .peerClosed])
        call.reads(10)
    }

    @Test func `closing while connecting forgets the connection`() {
        var call = TCPTranscript(.synSent)
        call.skips()
        call.closes()
        call.expectState(.closed)
        call.at(.seconds(300))
        call.sendsNothing()
    }

    @Test func `unreachable while connecting is the end, later it is not`() {
        for (state, isEnd) in [(.synSent, true), (.synReceived, false), (.established, false)]
            as [(TCPConnection.State, Bool)]
        {
            var call = TCPTranscript(state)
            call.connection.unreachable(isForGood: true)
            #expect((call.connection.closeReason == .unreachable) == isEnd)
        }
    }
}
