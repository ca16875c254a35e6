import Testing
import Timebase
import Wire

@testable import TCPIP

/// One host and a stranger who writes its datagrams by hand.
struct HostTranscript {
    static let host = IPv4Address(192, 0, 2, 25)
    static let stranger = IPv4Address(192, 0, 2, 130)

    var stack: HostStack
    var now = Instant.beginning
    var outbox = Outbox<SocketEvent>()

    init(_ configuration: TCPConfiguration = TCPConfiguration(), seed: UInt64 = 1_122) {
        stack = HostStack(configuration, random: RandomStream(seed: seed, thing: "host", purpose: "tcp"))
        stack.addAddress(HostTranscript.host)
        stack.listen(on: 25)
        stack.bind(53)
    }

    mutating func receives(_ datagram: [UInt8]) {
        stack.receive(datagram: datagram.span.bytes, at: now, into: &outbox)
    }

    mutating func receives(_ segment: TCPHeader, _ payload: [UInt8] = []) {
        receives(HostTranscript.datagram(segment, payload))
    }

    /// The next datagram that is sent; nil when there is none.
    mutating func nextDatagram() -> (header: IPv4Header, payload: [UInt8])? {
        var frame: [UInt8] = []
        guard stack.nextDatagram(at: now, into: &frame) != nil else { return nil }
        guard let header = try? IPv4Header(parsing: frame.span.bytes) else {
            Issue.record("no datagram: \(frame)")
            return nil
        }
        return (header, Array(frame.dropFirst(20)))
    }

    /// The next datagram that is sent, which must not be missing.
    mutating func sends() throws -> (header: IPv4Header, payload: [UInt8]) {
        let datagram = nextDatagram()
        return try #require(datagram)
    }

    mutating func nextSegment() -> TCPHeader? {
        nextDatagram().flatMap { datagram in
            try? TCPHeader(
                parsing: datagram.payload.span.bytes, from: datagram.header.source, to: datagram.header.destination)
        }
    }

    mutating func sendsNothing(sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(nextDatagram() == nil, sourceLocation: sourceLocation)
        #expect(outbox.isEmpty, sourceLocation: sourceLocation)
    }

    /// Lets time pass; every connection is woken at its deadline.
    mutating func passes(_ interval: Interval) {
        let end = now + interval
        while let (connection, deadline) = nextDeadline(), deadline <= end {
            now = max(now, deadline)
            stack.deadlineReached(of: connection, at: now, into: &outbox)
            while nextDatagram() != nil {}
        }
        now = end
    }

    private func nextDeadline() -> (ConnectionID, Instant)? {
        (0..<stack.entries.count).compactMap { slot in
            stack.connection(inSlot: slot).flatMap { connection in
                stack.deadline(of: connection).map { (connection, $0) }
            }
        }.min { $0.1 < $1.1 }
    }
}

extension HostTranscript {
    static func datagram(
        _ carriedProtocol: IPProtocol, _ payload: [UInt8], from source: IPv4Address = stranger,
        to destination: IPv4Address = host
    ) -> [UInt8] {
        var octets: [UInt8] = []
        IPv4Header(
            source: source, destination: destination, carriedProtocol: carriedProtocol, timeToLive: 64,
            identification: 1, dontFragment: true, payloadLength: payload.count
        ).append(to: &octets)
        return octets + payload
    }

    static func datagram(
        _ segment: TCPHeader, _ payload: [UInt8] = [], from source: IPv4Address = stranger,
        to destination: IPv4Address = host
    ) -> [UInt8] {
        var octets: [UInt8] = []
        segment.append(to: &octets)
        octets += payload
        TCPHeader.finish(in: &octets, at: 0, from: source, to: destination)
        return datagram(.tcp, octets, from: source, to: destination)
    }

    static func datagram(_ kind: ICMPMessage.Kind, _ data: [UInt8], from source: IPv4Address = stranger) -> [UInt8] {
        var octets: [UInt8] = []
        ICMPMessage(kind).append(data.span.bytes, to: &octets)
        return datagram(.icmp, octets, from: source)
    }

    static func datagram(udp payload: [UInt8], to port: UInt16, from source: IPv4Address = stranger) -> [UInt8] {
        var octets: [UInt8] = []
        UDPHeader(sourcePort: 1_024, destinationPort: port, payloadLength: payload.count)
            .append(payload.span.bytes, from: source, to: host, to: &octets)
        return datagram(.udp, octets, from: source)
    }

    /// A segment from the stranger's port 1025.
    static func segment(
        _ flags: TCPHeader.Flags, to port: UInt16 = 25, sequence: UInt32 = 100, acknowledging: UInt32 = 0,
        from sourcePort: UInt16 = 1_025
    ) -> TCPHeader {
        TCPHeader(
            sourcePort: sourcePort, destinationPort: port, sequence: SequenceNumber(rawValue: sequence),
            acknowledgment: SequenceNumber(rawValue: acknowledging), flags: flags, window: 8_760)
    }
}
