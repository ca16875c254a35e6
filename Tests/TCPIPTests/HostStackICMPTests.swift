import Testing
import Timebase
import Wire

@testable import TCPIP

/// ICMP and UDP (RFC 792, RFC 768, RFC 1122 §3.2.2, §4.1).
struct HostStackICMPTests {
    private typealias Host = HostTranscript

    @Test(arguments: [0, 1, 56, 1_472]) func `an echo request is answered with its own data`(count: Int) throws {
        var host = HostTranscript()
        let data = TCPTranscript.octets(from: 0, count: count)
        host.receives(Host.datagram(.echoRequest(identifier: 0xBEEF, sequence: 9), data))
        let answer = try host.sends()
        #expect(answer.header.destination == Host.stranger && answer.header.carriedProtocol == .icmp)
        let message = try ICMPMessage(parsing: answer.payload.span.bytes)
        #expect(message.kind == .echoReply(identifier: 0xBEEF, sequence: 9))
        #expect(Array(answer.payload.dropFirst(8)) == data)
        host.sendsNothing()
    }

    @Test func `a datagram for a port that nobody has bound is unreachable, and quoted`() throws {
        var host = HostTranscript()
        let datagram = Host.datagram(udp: [1, 2, 3, 4], to: 54)
        host.receives(datagram)
        let answer = try host.sends()
        #expect(try ICMPMessage(parsing: answer.payload.span.bytes).kind == .destinationUnreachable(.port))
        #expect(Array(answer.payload.dropFirst(8)) == Array(datagram.prefix(28)))
        host.sendsNothing()
    }

    @Test func `a datagram of another protocol is unreachable, and quoted`() throws {
        var host = HostTranscript()
        let datagram = Host.datagram(IPProtocol(rawValue: 47), [1, 2, 3, 4, 5, 6, 7, 8, 9])
        host.receives(datagram)
        let answer = try host.sends()
        #expect(
            try ICMPMessage(parsing: answer.payload.span.bytes).kind == .destinationUnreachable(.carriedProtocol))
        #expect(Array(answer.payload.dropFirst(8)) == Array(datagram.prefix(28)))
    }

    @Test func `padding is not quoted`() throws {
        var host = HostTranscript()
        let datagram = Host.datagram(IPProtocol(rawValue: 47), [1, 2])
        host.receives(datagram + [9, 9, 9, 9, 9, 9, 9, 9])
        let answer = try host.sends()
        #expect(Array(answer.payload.dropFirst(8)) == datagram)
    }

    @Test func `nothing is said about ICMP`() {
        var host = HostTranscript()
        let kinds: [ICMPMessage.Kind] = [
            .echoReply(identifier: 1, sequence: 1), .destinationUnreachable(.port), .timeExceeded(code: 0),
            .other(type: 4, code: 0, rest: 0), .other(type: 5, code: 1, rest: 0), .other(type: 8, code: 7, rest: 0),
            .other(type: 13, code: 0, rest: 0), .other(type: 255, code: 255, rest: .max),
        ]
        for kind in kinds {
            for count in [0, 1, 27, 28, 60] {
                host.receives(Host.datagram(kind, [UInt8](repeating: 0x45, count: count)))
            }
        }
        host.sendsNothing()
    }

    @Test func `UDP comes to whom it is bound for and goes out with a checksum`() throws {
        var host = HostTranscript()
        host.receives(Host.datagram(udp: [1, 2, 3], to: 53))
        #expect(host.outbox.next() == .datagram(port: 53, payload: [1, 2, 3]))
        host.stack.send(([4, 5] as [UInt8]).span.bytes, to: Host.stranger, port: 1_024, from: 53)
        let answer = try host.sends()
        let header = try UDPHeader(parsing: answer.payload.span.bytes, from: Host.host, to: Host.stranger)
        #expect(header == UDPHeader(sourcePort: 53, destinationPort: 1_024, payloadLength: 2))
        #expect(answer.payload[6...7] != [0, 0] && answer.payload.suffix(2) == [4, 5])
        host.sendsNothing()
    }

    @Test(arguments: [ICMPMessage.Unreachable.carriedProtocol, .port])
    func `unreachable for good ends a connection that is being opened`(reason: ICMPMessage.Unreachable) {
        var (host, connection) = connecting()
        host.receives(Host.datagram(.destinationUnreachable(reason), quote(&host)))
        #expect(host.outbox.next() == .closed(connection, .unreachable))
        #expect(host.nextDatagram() == nil && host.stack.connectionCount == 0)
    }

    @Test(arguments: [
        ICMPMessage.Unreachable.network, .host, .fragmentationNeeded, ICMPMessage.Unreachable(rawValue: 5),
        ICMPMessage.Unreachable(rawValue: 13),
    ])
    func `unreachable for now is remembered until the attempt fails`(reason: ICMPMessage.Unreachable) {
        var (host, connection) = connecting()
        host.receives(Host.datagram(.destinationUnreachable(reason), quote(&host)))
        host.sendsNothing()
        #expect(host.stack.state(of: connection) == .synSent)
        host.passes(.seconds(183))
        #expect(host.outbox.next() == .closed(connection, .unreachable))
    }

    @Test func `unreachable for something never sent is ignored`() {
        var (host, connection) = connecting()
        var quoted = quote(&host)
        quoted[24] ^= 0x40
        host.receives(Host.datagram(.destinationUnreachable(.port), quoted))
        host.sendsNothing()
        #expect(host.stack.state(of: connection) == .synSent)
    }

    @Test func `unreachable does not end an established connection`() {
        var (host, connection) = connecting()
        let quoted = quote(&host)
        let syn = quoted.span.bytes.bigEndian32(at: 24)
        host.receives(Host.segment([.syn, .ack], to: 1_025, acknowledging: syn &+ 1, from: 25))
        #expect(host.outbox.next() == .connected(connection))
        #expect(host.nextSegment()?.flags == .ack)
        host.receives(Host.datagram(.destinationUnreachable(.port), quoted))
        host.stack.noRoute(to: Host.stranger, at: host.now, into: &host.outbox)
        host.sendsNothing()
        #expect(host.stack.state(of: connection) == .established)
    }

    @Test func `no route ends a connection that is being opened, and no other`() {
        var (host, connection) = connecting()
        _ = quote(&host)
        host.stack.noRoute(to: Host.host, at: host.now, into: &host.outbox)
        #expect(host.stack.state(of: connection) == .synSent)
        host.stack.noRoute(to: Host.stranger, at: host.now, into: &host.outbox)
        #expect(host.outbox.next() == .closed(connection, .unreachable))
    }

    @Test func `a source quench changes nothing`() {
        var (host, connection) = connecting()
        host.receives(Host.datagram(.other(type: 4, code: 0, rest: 0), quote(&host)))
        host.sendsNothing()
        #expect(host.stack.state(of: connection) == .synSent)
    }

    private func connecting() -> (HostTranscript, ConnectionID) {
        var host = HostTranscript()
        let connection = host.stack.connect(to: Host.stranger, port: 25, at: host.now)
        return (host, connection)
    }

    /// The datagram that is sent next, as an error quotes it.
    private func quote(_ host: inout HostTranscript) -> [UInt8] {
        var frame: [UInt8] = []
        _ = host.stack.nextDatagram(at: host.now, into: &frame)
        return Array(frame.prefix(28))
    }
}
