import Testing
import Timebase
import Wire

@testable import TCPIP

/// Segments that are wrong, late or hostile (RFC 9293 §3.10.7.4, RFC 5961).
struct TCPConnectionResetTests {
    private static let synchronised: [TCPConnection.State] = [
        .established, .finWait1, .finWait2, .closeWait, .closing, .lastAck,
    ]

    /// The next number that is expected of the peer.
    private func expected(in state: TCPConnection.State) -> Int {
        [.closeWait, .closing, .lastAck, .timeWait].contains(state) ? 2 : 1
    }

    @Test(arguments: synchronised)
    func `a reset with the very number expected ends the connection`(state: TCPConnection.State) {
        var call = TCPTranscript(state)
        call.receives(.rst, sequence: expected(in: state))
        call.sendsNothing()
        call.expectState(.closed)
        call.expectNews(.closed)
        #expect(call.connection.closeReason == ([.closing, .lastAck].contains(state) ? .normal : .reset))
    }

    @Test(arguments: synchronised)
    func `a reset elsewhere in the window is challenged`(state: TCPConnection.State) {
        var call = TCPTranscript(state)
        for distance in [1, 8_000] {
            call.receives(.rst, sequence: expected(in: state) + distance)
            call.sends(.ack, sequence: call.connection.highest - call.connection.initialSend)
        }
        call.expectState(state)
    }

    @Test(arguments: synchronised)
    func `a reset outside the window is ignored`(state: TCPConnection.State) {
        var call = TCPTranscript(state)
        for distance in [-1, 8_760, -70_000, 1 << 30] {
            call.receives(.rst, sequence: expected(in: state) + distance)
        }
        call.sendsNothing()
        call.expectState(state)
        call.expectNews([])
    }

    @Test(arguments: synchronised + [.timeWait])
    func `a SYN is challenged whatever its number`(state: TCPConnection.State) {
        var call = TCPTranscript(state)
        for distance in [-1, 0, 1, 8_760, 1 << 30] {
            call.receives(.syn, sequence: expected(in: state) + distance)
            call.sends(
                .ack, sequence: call.connection.highest - call.connection.initialSend,
                acknowledging: expected(in: state))
        }
        call.expectState(state)
    }

    @Test func `a peer that has lost its memory resets what the challenge shows it`() {
        var call = TCPTranscript(.established)
        call.receives(.syn, sequence: 200_000)
        call.sends(.ack, sequence: 1, acknowledging: 1)
        call.receives(.rst, sequence: 1)
        call.expectState(.closed)
        #expect(call.connection.closeReason == .reset)
    }

    @Test func `a segment without ACK is dropped`() {
        var call = TCPTranscript(.established)
        call.receives([], sequence: 1, count: 100)
        call.receives(.fin, sequence: 1)
        call.sendsNothing()
        #expect(call.connection.readableCount == 0)
        call.expectState(.established)
    }

    @Test func `a segment that acknowledges what was never sent is answered and dropped`() {
        var call = TCPTranscript(.established)
        call.receives(.ack, sequence: 1, acknowledging: 2, count: 100)
        call.sends(.ack, sequence: 1, acknowledging: 1)
        #expect(call.connection.readableCount == 0)
    }

    @Test func `a segment that acknowledges what is too old is answered and dropped`() {
        var call = TCPTranscript(.established, window: 1_000)
        call.receives(.ack, sequence: 1, acknowledging: -1_000, count: 100)
        call.sends(.ack, sequence: 1, acknowledging: 1)
        #expect(call.connection.readableCount == 0)
        call.receives(.ack, sequence: 1, acknowledging: -999, count: 100)
        #expect(call.connection.readableCount == 100)
    }

    @Test func `data wholly outside the window is answered and dropped`() {
        var call = TCPTranscript(.established)
        for sequence in [-99, 8_761, 1 << 30] {
            call.receives(.ack, sequence: sequence, acknowledging: 1, count: 100)
            call.sends(.ack, sequence: 1, acknowledging: 1)
        }
        #expect(call.connection.readableCount == 0)
        call.expectNews([])
    }

    @Test func `data is cut to the window at both ends`() {
        var call = TCPTranscript(.established)
        call.receives(.ack, sequence: -9, acknowledging: 1, count: 110)
        call.reads(100)
        call.receives(.ack, sequence: 101, acknowledging: 1, count: 9_000)
        #expect(call.connection.readableCount == 8_660)
        call.reads(8_660)
    }

    @Test func `a refused segment changes nothing`() {
        var call = TCPTranscript(.established)
        call.writes(1_000)
        let before = String(reflecting: call.connection)
        call.arrives(.rst, sequence: 0)
        call.arrives([], sequence: 1, count: 100)
        call.arrives(.fin, sequence: 1)
        #expect(String(reflecting: call.connection) == before)
    }
}
