import Testing
import Timebase
import Wire

@testable import TCPIP

/// When an acknowledgment goes out (RFC 9293 §3.8.6.3, RFC 5681 §4.2).
struct TCPConnectionAcknowledgmentTests {
    @Test func `a single segment is acknowledged after a fifth of a second`() {
        var call = TCPTranscript(.established)
        call.receives(.ack, sequence: 1, acknowledging: 1, count: 1_460)
        call.reads(1_460)
        call.at(.nanoseconds(199_999_999))
        call.sendsNothing()
        call.at(.milliseconds(200))
        call.sends(.ack, sequence: 1, acknowledging: 1_461)
        call.at(.seconds(10))
        call.sendsNothing()
    }

    @Test func `every second segment is acknowledged at once`() {
        var call = TCPTranscript(.established)
        for number in 0..<10 {
            call.receives(.ack, sequence: 1 + number * 1_460, acknowledging: 1, count: 1_460)
            call.reads(1_460)
            if number % 2 == 1 { call.sends(.ack, sequence: 1, acknowledging: 1 + (number + 1) * 1_460) }
            call.sendsNothing()
        }
    }

    @Test func `small segments count as segments`() {
        var call = TCPTranscript(.established)
        call.receives(.ack, sequence: 1, acknowledging: 1, count: 100)
        call.at(.milliseconds(50))
        call.receives(.ack, sequence: 101, acknowledging: 1, count: 100)
        call.sends(.ack, sequence: 1, acknowledging: 201)
        call.at(.milliseconds(100))
        call.receives(.ack, sequence: 201, acknowledging: 1, count: 100)
        call.at(.seconds(1))
        call.sends(.ack, sequence: 1, acknowledging: 301, at: .milliseconds(300))
    }

    @Test func `segments that come together are acknowledged once`() {
        var call = TCPTranscript(.established)
        for number in 0..<4 { call.arrives(.ack, sequence: 1 + number * 1_460, acknowledging: 1, count: 1_460) }
        call.pull()
        call.sends(.ack, sequence: 1, acknowledging: 5_841)
        call.sendsNothing()
    }

    @Test func `data carries the acknowledgment`() {
        var call = TCPTranscript(.established)
        call.receives(.ack, sequence: 1, acknowledging: 1, count: 1_460)
        call.at(.milliseconds(100))
        call.writes(10)
        call.sends(.ack, sequence: 1, acknowledging: 1_461, count: 10)
        call.receives(.ack, sequence: 1_461, acknowledging: 11)
        call.at(.seconds(1))
        call.sendsNothing()
    }

    @Test func `what comes out of order is acknowledged at once, and so is what fills the gap`() {
        var call = TCPTranscript(.established)
        for sequence in [1_461, 4_381, 2_921] {
            call.receives(.ack, sequence: sequence, acknowledging: 1, count: 1_460)
            call.sends(.ack, sequence: 1, acknowledging: 1)
        }
        call.expectNews([])
        call.receives(.ack, sequence: 1, acknowledging: 1, count: 1_460)
        call.sends(.ack, sequence: 1, acknowledging: 5_841)
        call.expectNews(.readable)
        call.reads(5_840)
    }

    @Test func `a duplicate is acknowledged at once and read once`() {
        var call = TCPTranscript(.established)
        call.receives(.ack, sequence: 1, acknowledging: 1, count: 1_460)
        call.receives(.ack, sequence: 1, acknowledging: 1, count: 1_460)
        call.sends(.ack, sequence: 1, acknowledging: 1_461)
        call.reads(1_460)
    }

    @Test func `acknowledgments are not acknowledged`() {
        var call = TCPTranscript(.established)
        for _ in 0..<100 { call.receives(.ack, sequence: 1, acknowledging: 1) }
        call.at(.seconds(10))
        call.sendsNothing()
    }

    @Test func `a FIN is acknowledged at once`() {
        var call = TCPTranscript(.established)
        call.receives([.fin, .ack], sequence: 1, acknowledging: 1)
        call.sends(.ack, sequence: 1, acknowledging: 2)
    }

    @Test func `of overlapping segments every octet is read once`() {
        var call = TCPTranscript(.established)
        call.receives(.ack, sequence: 501, acknowledging: 1, count: 1_000)
        call.receives(.ack, sequence: 301, acknowledging: 1, count: 400)
        call.receives(.ack, sequence: 1, acknowledging: 1, count: 600)
        call.receives(.ack, sequence: 1_001, acknowledging: 1, count: 1_000)
        call.reads(2_000)
    }

    @Test func `urgent data is read in its place`() {
        var call = TCPTranscript(.established)
        call.receives([.ack, .urg], sequence: 1, acknowledging: 1, count: 10)
        call.reads(10)
    }

    @Test func `the last segment of what was written is pushed, and no other`() {
        var call = TCPTranscript(.established)
        call.writes(2_920)
        call.at(.seconds(1))
        #expect(call.sent.map { $0.flags.contains(.psh) } == [false, true, false])
    }
}
