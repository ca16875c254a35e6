import Testing
import Timebase
import Wire

@testable import TCPIP

/// The retransmission timer at work (RFC 6298 §5, RFC 9293 §3.8.1).
struct TCPConnectionRetransmissionTests {
    @Test func `data goes out again after one, three and seven seconds and so on`() {
        var call = TCPTranscript(.established)
        call.writes(1_000)
        call.at(.seconds(120))
        for second: Int64 in [0, 1, 3, 7, 15, 31, 63] {
            call.sends(.ack, sequence: 1, acknowledging: 1, count: 1_000, at: .seconds(second))
        }
        call.sendsNothing()
        #expect(call.connection.counters.retransmissions == 6 && call.connection.counters.timeouts == 6)
    }

    @Test func `a peer that stays silent is given up after the configured retries`() {
        var call = TCPTranscript(.established, .with { $0.retries = 5 })
        call.writes(1_000)
        call.at(.nanoseconds(62_999_999_999))
        call.expectState(.established)
        call.at(.seconds(63))
        call.expectState(.closed)
        call.expectNews(.closed)
        #expect(call.connection.closeReason == .timedOut)
    }

    @Test func `the default gives up after more than a hundred seconds`() {
        var call = TCPTranscript(.established)
        call.writes(1_000)
        call.at(.seconds(100))
        call.expectState(.established)
        call.at(.minutes(15))
        call.expectState(.closed)
    }

    @Test func `no round trip is taken from what was sent twice, and the doubled time-out stays`() {
        var call = TCPTranscript(.established)
        call.writes(1_000)
        call.at(.milliseconds(1_100))
        call.skips()
        call.receives(.ack, sequence: 1, acknowledging: 1_001)
        #expect(call.connection.roundTrip.smoothedRoundTrip == .milliseconds(100))
        call.writes(500)
        call.at(.milliseconds(3_100))
        call.sends(.ack, sequence: 1_001, count: 500, at: .milliseconds(1_100))
        call.sends(.ack, sequence: 1_001, count: 500, at: .milliseconds(3_100))
        call.sendsNothing()
    }

    @Test func `a new round trip ends the doubled time-out`() {
        var call = TCPTranscript(.established)
        call.writes(1_000)
        call.at(.milliseconds(1_100))
        call.receives(.ack, sequence: 1, acknowledging: 1_001)
        call.writes(500)
        call.at(.milliseconds(1_200))
        call.receives(.ack, sequence: 1, acknowledging: 1_501)
        #expect(call.connection.roundTrip.timeout == .seconds(1))
    }

    @Test func `the timer starts anew when new data is acknowledged`() {
        var call = TCPTranscript(.established, .with { $0.usesNagle = false })
        call.writes(100)
        call.at(.milliseconds(500))
        call.writes(100)
        call.at(.milliseconds(600))
        call.skips()
        call.receives(.ack, sequence: 1, acknowledging: 101)
        call.at(.seconds(2))
        call.sends(.ack, sequence: 101, count: 100, at: .milliseconds(1_600))
    }

    @Test func `an old acknowledgment does not start the timer anew`() {
        var call = TCPTranscript(.established)
        call.writes(100)
        call.at(.milliseconds(900))
        call.receives(.ack, sequence: 1, acknowledging: 1)
        call.skips()
        call.at(.seconds(1))
        call.sends(.ack, sequence: 1, count: 100)
    }

    @Test func `when everything is acknowledged nothing is sent again`() {
        var call = TCPTranscript(.established)
        call.writes(1_000)
        call.receives(.ack, sequence: 1, acknowledging: 1_001)
        #expect(call.connection.deadline == nil)
        call.skips()
        call.at(.seconds(1_000))
        call.sendsNothing()
    }

    @Test func `after a lost SYN one segment goes out, and waits three seconds`() {
        var call = TCPTranscript()
        call.opens()
        call.at(.milliseconds(1_100))
        call.receives([.syn, .ack], sequence: 0, acknowledging: 1, maximumSegmentSize: 1_460)
        call.skips()
        call.writes(5_000)
        call.at(.milliseconds(4_100))
        call.sends(.ack, sequence: 1, count: 1_460, at: .milliseconds(1_100))
        call.sends(.ack, sequence: 1, count: 1_460, at: .milliseconds(4_100))
        call.sendsNothing()
    }

    @Test func `after a time-out one segment goes out, and slow start from there`() {
        var call = TCPTranscript(.established)
        call.writes(5_840)
        for sequence in [1, 1_461, 2_921] { call.sends(.ack, sequence: sequence, count: 1_460) }
        call.at(.milliseconds(1_100))
        call.sends(.ack, sequence: 1, count: 1_460, at: .seconds(1))
        call.sendsNothing()
        call.receives(.ack, sequence: 1, acknowledging: 1_461)
        call.sends(.ack, sequence: 1_461, count: 1_460)
        call.sends(.ack, sequence: 2_921, count: 1_460)
        call.sendsNothing()
    }

    @Test func `what the peer had kept is not sent again when it says so`() {
        var call = TCPTranscript(.established)
        call.writes(5_840)
        call.at(.milliseconds(1_100))
        call.skips()
        call.receives(.ack, sequence: 1, acknowledging: 4_381)
        call.sends(.ack, sequence: 4_381, count: 1_460)
        call.sendsNothing()
    }

    @Test func `an acknowledgment sent after a time-out lies behind all that was sent`() {
        var call = TCPTranscript(.established)
        call.writes(4_380)
        call.at(.seconds(1))
        call.skips()
        call.receives(.ack, sequence: 2, acknowledging: 1, count: 10)
        call.sends(.ack, sequence: 4_381, acknowledging: 1)
    }

    @Test func `numbers that cross zero lose nothing`() {
        var call = TCPTranscript(.established, .with { $0.sendBuffer = 50_000 })
        call.writes(50_000)
        var acknowledged = 1
        while let last = call.sent.last, last.sequence + last.count > acknowledged {
            acknowledged = last.sequence + last.count
            call.receives(.ack, sequence: 1, acknowledging: acknowledged)
        }
        #expect(acknowledged == 50_001 && call.connection.counters.retransmissions == 0)
    }
}
