import Testing
import Timebase
import Wire

@testable import TCPIP

/// Whatever comes from the line, a host neither traps nor talks without end.
struct HostStackMutationTests {
    private typealias Host = HostTranscript

    @Test func `damaged datagrams do not trap, in any state`() {
        var random = RandomStream(seed: 9_293, thing: "mutation", purpose: "host")
        var answered = 0
        for round in 0..<1_000 {
            var host = HostTranscript(seed: UInt64(round))
            let samples = samples(&host, closes: round % 3 == 0)
            for _ in 0..<100 {
                let sample = samples[Int(random.uniform(in: 0...Int64(samples.count - 1)))]
                host.receives(damaged(sample, &random))
                if random.next() % 16 == 0 { host.passes(.milliseconds(random.uniform(in: 0...3_000))) }
                var count = 0
                while host.nextDatagram() != nil { count += 1 }
                while host.outbox.next() != nil {}
                if count >= 12 { Issue.record("\(count) datagrams after one") }
                answered += count
            }
            #expect(host.stack.connectionCount < 110)
        }
        #expect(answered > 10_000)
    }

    /// What a stranger may say to a host that has an open connection and opens another.
    private func samples(_ host: inout HostTranscript, closes: Bool) -> [[UInt8]] {
        host.receives(Host.segment(.syn))
        let answer = (host.nextSegment()?.sequence.rawValue ?? 0) &+ 1
        host.receives(Host.segment(.ack, sequence: 101, acknowledging: answer))
        if case .accepted(let connection, _)? = host.outbox.next() {
            host.stack.write([UInt8](repeating: 1, count: 5_000).span.bytes, to: connection, at: host.now)
            if closes { host.stack.close(connection, at: host.now) }
        }
        while host.nextDatagram() != nil {}
        _ = host.stack.connect(to: Host.stranger, port: 26, at: host.now)
        var syn: [UInt8] = []
        _ = host.stack.nextDatagram(at: host.now, into: &syn)
        let number = syn.span.bytes.bigEndian32(at: 24)
        return [
            Host.datagram(Host.segment(.syn, from: 1_026)),
            Host.datagram(Host.segment(.ack, sequence: 101, acknowledging: answer &+ 1_460), [1, 2, 3]),
            Host.datagram(Host.segment([.ack, .fin], sequence: 104, acknowledging: answer), [4, 5]),
            Host.datagram(Host.segment([.rst, .ack], sequence: 103, acknowledging: answer)),
            Host.datagram(Host.segment(.ack, sequence: 101, acknowledging: answer)),
            Host.datagram(Host.segment([.syn, .ack], to: 1_025, acknowledging: number &+ 1, from: 26)),
            Host.datagram(Host.segment(.ack, to: 1_025, sequence: 101, acknowledging: number &+ 1, from: 26), [7]),
            Host.datagram(.echoRequest(identifier: 1, sequence: 2), [1, 2, 3]),
            Host.datagram(.destinationUnreachable(.port), Array(syn.prefix(28))),
            Host.datagram(udp: [1, 2, 3], to: 53), Host.datagram(udp: [1, 2, 3], to: 54),
            Host.datagram(IPProtocol(rawValue: 47), [1, 2, 3]),
        ]
    }

    // Most damage is mended by new checksums, or it would get no further than those.
    private func damaged(_ sample: [UInt8], _ random: inout RandomStream) -> [UInt8] {
        var octets = sample
        for _ in 0...random.next() % 2 {
            let index = Int(random.uniform(in: 0...Int64(octets.count - 1)))
            switch random.next() % 4 {
            case 0: octets[index] = UInt8(truncatingIfNeeded: random.next())
            case 1: octets[index] ^= 1 << UInt8(random.next() % 8)
            case 2 where octets.count > 20: octets.removeLast(min(octets.count - 20, Int(random.next() % 24)))
            default: octets.append(UInt8(truncatingIfNeeded: random.next()))
            }
        }
        if random.next() % 8 != 0 { mend(&octets) }
        return octets
    }

    private func mend(_ octets: inout [UInt8]) {
        guard octets.count >= 20 else { return }
        octets.set(bigEndian: UInt16(octets.count), at: 2)
        octets.set(bigEndian: 0, at: 10)
        octets.set(bigEndian: checksum(octets.span.bytes.extracting(first: 20)), at: 10)
        let (source, destination) = (octets.span.bytes.bigEndian32(at: 12), octets.span.bytes.bigEndian32(at: 16))
        switch (octets[9], octets.count) {
        case (6, 40...):
            octets.set(bigEndian: 0, at: 36)
            TCPHeader.finish(
                in: &octets, at: 20, from: IPv4Address(rawValue: source), to: IPv4Address(rawValue: destination))
        case (1, 28...):
            octets.set(bigEndian: 0, at: 22)
            octets.set(bigEndian: checksum(octets.span.bytes.extracting(droppingFirst: 20)), at: 22)
        case (17, 28...): octets.set(bigEndian: 0, at: 26)
        default: break
        }
    }

    private func checksum(_ octets: RawSpan) -> UInt16 {
        var checksum = InternetChecksum()
        checksum.add(octets)
        return checksum.value
    }
}
