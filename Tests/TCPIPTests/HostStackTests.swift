import Testing
import Timebase
import Wire

@testable import TCPIP

/// What a host makes of datagrams from a stranger (RFC 1122, RFC 9293 §3.10.7.1).
struct HostStackTests {
    private typealias Host = HostTranscript

    @Test func `a SYN to a closed port gets a reset that acknowledges it`() {
        var host = HostTranscript()
        host.receives(Host.segment(.syn, to: 26))
        let reset = host.nextSegment()
        #expect(reset?.flags == [.rst, .ack] && reset?.sequence.rawValue == 0)
        #expect(reset?.acknowledgment.rawValue == 101 && reset?.destinationPort == 1_025)
        host.receives(Host.segment([.fin, .syn], to: 26), [1, 2, 3])
        #expect(host.nextSegment()?.acknowledgment.rawValue == 105)
        host.sendsNothing()
    }

    @Test func `an acknowledgment to a closed port gets a reset with its number`() {
        var host = HostTranscript()
        for port: UInt16 in [25, 26] {
            host.receives(Host.segment(.ack, to: port, sequence: 5, acknowledging: 77))
            let reset = host.nextSegment()
            #expect(reset?.flags == .rst && reset?.sequence.rawValue == 77)
        }
        host.sendsNothing()
    }

    @Test func `a reset to a closed port gets nothing`() {
        var host = HostTranscript()
        for flags: TCPHeader.Flags in [.rst, [.rst, .ack], [.rst, .syn]] {
            host.receives(Host.segment(flags, to: 26))
            host.receives(Host.segment(flags, to: 25))
        }
        host.sendsNothing()
        #expect(host.stack.connectionCount == 0)
    }

    @Test func `what is neither SYN nor acknowledgment is dropped at a port that listens`() {
        var host = HostTranscript()
        for flags: TCPHeader.Flags in [[], .fin, [.fin, .psh, .urg]] { host.receives(Host.segment(flags)) }
        host.sendsNothing()
        host.receives(Host.segment(.fin, to: 26))
        #expect(host.nextSegment()?.flags == [.rst, .ack])
    }

    @Test func `a datagram that is not ours is dropped`() {
        var host = HostTranscript()
        for address in [IPv4Address(192, 0, 2, 26), IPv4Address(255, 255, 255, 255), IPv4Address(224, 0, 0, 1)] {
            host.receives(Host.datagram(Host.segment(.syn), to: address))
        }
        host.sendsNothing()
        #expect(host.stack.discardedDatagrams == 3)
        host.stack.removeAddress(Host.host)
        host.receives(Host.segment(.syn))
        host.sendsNothing()
    }

    @Test(arguments: [
        IPv4Address(224, 0, 0, 1), IPv4Address(255, 255, 255, 255), IPv4Address(240, 0, 0, 1),
        IPv4Address(127, 0, 0, 1),
        IPv4Address(0, 0, 0, 0), HostTranscript.host,
    ])
    func `a datagram from what is no single other host is dropped`(source: IPv4Address) {
        var host = HostTranscript()
        host.receives(Host.datagram(Host.segment(.syn), from: source))
        host.receives(Host.datagram(Host.segment(.syn, to: 26), from: source))
        host.receives(Host.datagram(.echoRequest(identifier: 1, sequence: 1), [], from: source))
        host.receives(Host.datagram(udp: [1], to: 54, from: source))
        host.sendsNothing()
        #expect(host.stack.connectionCount == 0 && host.stack.discardedDatagrams == 4)
    }

    @Test func `a wrong checksum is dropped in silence`() {
        var host = HostTranscript()
        let datagrams = [
            Host.datagram(Host.segment(.syn)), Host.datagram(.echoRequest(identifier: 1, sequence: 1), [1, 2]),
            Host.datagram(udp: [1, 2, 3], to: 54),
        ]
        for datagram in datagrams {
            for index in [8, datagram.count - 1] {
                var damaged = datagram
                damaged[index] ^= 1
                host.receives(damaged)
            }
        }
        host.sendsNothing()
        #expect(host.stack.discardedDatagrams == 6)
    }

    @Test func `options that do not add up are dropped in silence`() {
        var host = HostTranscript()
        for options: [UInt8] in [[253, 0, 1, 1], [253, 1, 1, 1], [2, 8, 1, 1]] {
            var segment: [UInt8] = []
            Host.segment(.syn).append(to: &segment)
            segment[12] = 0x60
            segment += options
            TCPHeader.finish(in: &segment, at: 0, from: Host.stranger, to: Host.host)
            host.receives(Host.datagram(.tcp, segment))
        }
        host.sendsNothing()
        #expect(host.stack.discardedDatagrams == 3)
    }

    @Test func `a fragment is dropped`() {
        var host = HostTranscript()
        for fragment: UInt16 in [0x2000, 0x0001] {
            var datagram = Host.datagram(Host.segment(.syn))
            datagram.set(bigEndian: fragment, at: 6)
            datagram.set(bigEndian: 0, at: 10)
            var checksum = InternetChecksum()
            checksum.add(datagram.span.bytes.extracting(first: 20))
            datagram.set(bigEndian: checksum.value, at: 10)
            host.receives(datagram)
        }
        host.sendsNothing()
        #expect(host.stack.discardedDatagrams == 2)
    }

    @Test func `padding behind a datagram is not looked at`() {
        var host = HostTranscript()
        host.receives(Host.datagram(Host.segment(.syn)) + [9, 9, 9])
        #expect(host.nextSegment()?.flags == [.syn, .ack])
    }

    @Test func `datagrams have the host's time to live, and may not be fragmented when they carry TCP`() {
        var host = HostTranscript()
        host.stack.timeToLive = 128
        host.receives(Host.segment(.syn))
        let header = host.nextDatagram()?.header
        #expect(header?.timeToLive == 128 && header?.dontFragment == true)
        #expect(header?.source == Host.host && header?.destination == Host.stranger)
    }

    @Test func `the newest address is the source of connections`() {
        var host = HostTranscript()
        host.stack.addAddress(IPv4Address(192, 0, 2, 99))
        let connection = host.stack.connect(to: Host.stranger, port: 25, at: host.now)
        #expect(host.nextDatagram()?.header.source == IPv4Address(192, 0, 2, 99))
        #expect(host.stack.remoteAddress(of: connection) == Host.stranger)
        host.receives(Host.segment(.syn))
        #expect(host.nextSegment()?.flags == [.syn, .ack])
    }

    @Test func `ports go up from 1025, and those in use are left out`() {
        var host = HostTranscript()
        func port(of remotePort: UInt16) -> UInt16? {
            _ = host.stack.connect(to: Host.stranger, port: remotePort, at: host.now)
            return host.nextSegment()?.sourcePort
        }
        #expect(port(of: 25) == 1_025 && port(of: 25) == 1_026)
        for expected: UInt16 in 1_027...4_999 { #expect(port(of: 26) == expected) }
        #expect(port(of: 26) == 1_025)
        #expect(port(of: 25) == 1_027)
    }

    @Test func `when the usual ports are all in use the others serve`() {
        var host = HostTranscript()
        for _ in 1_025...4_999 { _ = host.stack.connect(to: Host.stranger, port: 25, at: host.now) }
        while host.nextDatagram() != nil {}
        _ = host.stack.connect(to: Host.stranger, port: 25, at: host.now)
        #expect(host.nextSegment()?.sourcePort == 5_000)
    }

    @Test func `a name of a connection that is gone means nothing`() {
        var host = HostTranscript()
        let first = host.stack.connect(to: Host.stranger, port: 25, at: host.now)
        host.stack.abort(first, at: host.now)
        #expect(host.nextDatagram() == nil)
        let second = host.stack.connect(to: Host.stranger, port: 25, at: host.now)
        #expect(first.slot == second.slot && first != second)
        #expect(host.stack.state(of: first) == nil && host.stack.sendRoom(of: first) == 0)
        host.stack.close(first, at: host.now)
        #expect(host.stack.state(of: second) == .synSent)
    }

    @Test func `initial numbers follow a clock for the same ends, and tell strangers nothing of others`() {
        func number(_ port: UInt16, at second: Int64, seed: UInt64 = 1) -> SequenceNumber {
            var host = HostTranscript(seed: seed)
            host.now += .seconds(second)
            host.receives(Host.segment(.syn, from: port))
            return host.nextSegment()?.sequence ?? SequenceNumber(rawValue: 0)
        }
        #expect(number(1_025, at: 1) - number(1_025, at: 0) == 250_000)
        let numbers = (0..<1_000).map { number(1_025 + $0, at: 0).rawValue >> 20 }
        #expect(Set(numbers).count > 800)
        #expect(number(1_025, at: 0) != number(1_025, at: 0, seed: 2))
    }

    @Test func `a newer SYN begins anew where an old connection only waits`() {
        var host = waiting()
        #expect(host.nextDatagram() == nil)
        host.receives(Host.segment(.syn, sequence: 50_000))
        #expect(host.nextSegment()?.flags == [.syn, .ack])
        #expect(host.stack.connectionCount == 1)
    }

    @Test func `an older SYN is shown what was expected`() {
        var host = waiting()
        host.receives(Host.segment(.syn, sequence: 50))
        let answer = host.nextSegment()
        #expect(answer?.flags == .ack && answer?.acknowledgment.rawValue == 102)
    }

    @Test func `the numbers of the new connection lie above those of the old one`() {
        var host = waiting(sending: 2_000_000)
        let connection = host.stack.entries[0]?.connection
        host.receives(Host.segment(.syn, sequence: 50_000))
        let answer = host.nextSegment()
        #expect(answer?.flags == [.syn, .ack])
        if let answer, let connection { #expect(answer.sequence.isAfter(connection.highest)) }
    }

    @Test func `a SYN does not end the wait of a connection that we had opened`() {
        var pair = Pair()
        pair.connect()
        pair.drive(for: .seconds(1))
        pair.close(0)
        pair.drive(for: .seconds(1))
        pair.close(1)
        pair.drive(for: .seconds(1))
        #expect(pair.state(0) == .timeWait)
        var outbox = Outbox<SocketEvent>()
        let syn = Host.segment(.syn, to: 1_025, sequence: 0, from: 25)
        for step: UInt32 in 0..<4 {
            var newer = syn
            newer.sequence = SequenceNumber(rawValue: step << 30)
            pair.ends[0].stack.receive(
                datagram: Host.datagram(newer, from: Pair.addresses[1], to: Pair.addresses[0]).span.bytes, at: pair.now,
                into: &outbox)
        }
        #expect(pair.state(0) == .timeWait)
    }

    /// A host whose connection with the stranger's port 1025 is in TIME-WAIT; the stranger's next number is 102.
    private func waiting(sending count: Int = 0) -> HostTranscript {
        var host = HostTranscript()
        host.receives(Host.segment(.syn))
        guard let answer = host.nextSegment() else { return host }
        var next = answer.sequence.rawValue &+ 1
        host.receives(Host.segment(.ack, sequence: 101, acknowledging: next))
        guard case .accepted(let connection, 25)? = host.outbox.next() else { return host }
        for _ in 0..<(count / 8_000) {
            host.stack.write([UInt8](repeating: 1, count: 8_000).span.bytes, to: connection, at: host.now)
            while let segment = host.nextDatagram() {
                next &+= UInt32(segment.payload.count - 20)
                host.receives(Host.segment(.ack, sequence: 101, acknowledging: next))
            }
        }
        host.stack.close(connection, at: host.now)
        while host.nextDatagram() != nil {}
        host.receives(Host.segment([.fin, .ack], sequence: 101, acknowledging: next &+ 1))
        while host.nextDatagram() != nil {}
        while host.outbox.next() != nil {}
        #expect(host.stack.state(of: connection) == .timeWait)
        return host
    }
}
