import Testing
import Timebase
import Wire

@testable import TCPIP

/// Every state meets every kind of segment.
struct TCPConnectionStateTests {
    private static let flags: [TCPHeader.Flags] = (0..<16).map { bits in
        // FIN, SYN, RST and ACK in all combinations; PSH and URG decide nothing.
        TCPHeader.Flags(rawValue: UInt8(bits & 7 | (bits & 8) << 1))
    }
    private static let sequences = [-70_000, -1_000, -1, 0, 1, 2, 1_000, 8_759, 8_760, 8_761, 1 << 30]
    private static let acknowledgments = [-70_000, -1, 0, 1, 2, 3, 1_461, 1 << 30]

    @Test(arguments: TCPConnection.State.allCases)
    func `every state is reached`(state: TCPConnection.State) { TCPTranscript(state).expectState(state) }

    @Test(arguments: TCPConnection.State.allCases)
    func `no segment traps, whatever it carries`(state: TCPConnection.State) {
        var beginnings = [TCPTranscript(state)]
        if beginnings[0].connection.room > 1_460 {
            beginnings.append(beginnings[0])
            beginnings[1].writes(1_460)
        }
        for beginning in beginnings {
            for flags in TCPConnectionStateTests.flags {
                for sequence in TCPConnectionStateTests.sequences { meet(beginning, flags, sequence) }
            }
        }
    }

    private func meet(_ beginning: TCPTranscript, _ flags: TCPHeader.Flags, _ sequence: Int) {
        for acknowledgment in flags.contains(.ack) ? TCPConnectionStateTests.acknowledgments : [0] {
            for (count, window) in [(0, 8_760), (0, 0), (1, 1), (1_460, 65_535), (20_000, 0)] as [(Int, UInt16)] {
                var call = beginning
                let sent = call.sent.count
                call.receives(
                    flags, sequence: sequence, acknowledging: acknowledgment, count: count, window: window)
                check(call, sent)
                call.receives(.ack, sequence: sequence, acknowledging: acknowledgment, count: 1, window: window)
                call.at(.seconds(5))
                check(call, sent)
            }
        }
    }

    // Sent is never behind acknowledged, nothing is promised back, and one segment does not make a flood.
    private func check(_ call: TCPTranscript, _ sent: Int) {
        let connection = call.connection
        let isSound =
            !connection.unacknowledged.isAfter(connection.next) && !connection.next.isAfter(connection.highest)
            && !connection.offeredEdge.isBefore(connection.expected)
            && (connection.state != .closed || connection.deadline == nil) && call.sent.count - sent < 12
        if !isSound { Issue.record("\(connection)") }
    }

    @Test(arguments: TCPConnection.State.allCases)
    func `every state can be closed, aborted and left alone`(state: TCPConnection.State) {
        var closed = TCPTranscript(state)
        closed.closes()
        closed.at(.hours(1))
        #expect(state == .closeWait || closed.connection.state == .closed)
        var aborted = TCPTranscript(state)
        aborted.aborts()
        aborted.expectState(.closed)
        var alone = TCPTranscript(state)
        alone.at(.hours(1))
        let lasting: [TCPConnection.State] = [.closed, .listen, .established, .closeWait]
        #expect(alone.connection.state == (lasting.contains(state) ? state : .closed))
    }
}
