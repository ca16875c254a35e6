import Testing
import Timebase
import Wire

@testable import TCPIP

/// Two hosts talk to each other.
struct HostStackConnectionTests {
    @Test func `a connection is announced at both ends, and closes at both ends`() {
        var pair = Pair()
        pair.connect()
        pair.say(Array("HELO".utf8), by: 0)
        pair.drive(for: .seconds(1))
        #expect(pair.ends[1].received == Array("HELO".utf8))
        pair.say(Array("250".utf8), by: 1)
        pair.close(1)
        pair.drive(for: .seconds(1))
        pair.close(0)
        pair.drive(for: .minutes(5))
        let (client, server) = (pair.ends[0], pair.ends[1])
        if let connection = client.connection {
            let events: [SocketEvent] = [
                .connected(connection), .readable(connection), .peerClosed(connection), .closed(connection, .normal),
            ]
            #expect(client.events == events)
        }
        if let connection = server.connection {
            let events: [SocketEvent] = [
                .accepted(connection, port: 25), .readable(connection), .peerClosed(connection),
                .closed(connection, .normal),
            ]
            #expect(server.events == events)
        }
        #expect(client.received == Array("250".utf8))
        #expect(client.stack.connectionCount == 0 && server.stack.connectionCount == 0)
        #expect(pair.state(0) == nil && pair.counters(0) == nil)
    }

    @Test func `without loss nothing is sent twice and no acknowledgment repeats another`() {
        var pair = Pair()
        let mail = octets(200_000, seed: 1)
        pair.connect()
        pair.say(mail, by: 0)
        pair.say(Array(mail.reversed()), by: 1)
        pair.drive(for: .minutes(2))
        expectReceived(pair, Array(mail.reversed()), mail)
        for end in 0...1 { #expect(pair.counters(end) == TCPConnection.Counters()) }
        #expect(repeatedAcknowledgments(pair.sent, of: 0) == 0 && repeatedAcknowledgments(pair.sent, of: 1) == 0)
    }

    @Test(arguments: 0..<16 as Range<UInt64>)
    func `whatever is lost, the same octets arrive`(seed: UInt64) {
        var random = RandomStream(seed: seed, thing: "line", purpose: "loss")
        let permille = Int64(seed % 4) * 40
        var pair = Pair(seed: seed) { _, _ in
            random.uniform(in: 0..<1_000) < permille ? [] : [.milliseconds(50)]
        }
        expectExactTransfer(&pair, seed)
    }

    @Test(arguments: 0..<16 as Range<UInt64>)
    func `whatever is lost, doubled or overtaken, the same octets arrive`(seed: UInt64) {
        var random = RandomStream(seed: seed, thing: "line", purpose: "disorder")
        var pair = Pair(
            .with { $0.maximumSegmentSize = 536 }, .with { $0.receiveWindow = Int(2_000 + seed * 500) }, seed: seed
        ) { _, _ in
            switch random.uniform(in: 0..<100) {
            case 0..<5: []
            case 5..<8: [.milliseconds(50), .milliseconds(random.uniform(in: 50..<400))]
            case 8..<20: [.milliseconds(random.uniform(in: 50..<200))]
            default: [.milliseconds(50)]
            }
        }
        expectExactTransfer(&pair, seed)
    }

    @Test(arguments: 0..<8 as Range<UInt64>)
    func `readers that pause at the same time stop nothing for good`(seed: UInt64) {
        var random = RandomStream(seed: seed, thing: "line", purpose: "pause")
        var pair = Pair(seed: seed) { _, _ in
            random.uniform(in: 0..<1_000) < Int64(seed) * 10 ? [] : [.milliseconds(50)]
        }
        let (there, back) = (octets(60_000, seed: seed), octets(50_000, seed: seed &+ 99))
        pair.connect()
        pair.say(there, by: 0)
        pair.say(back, by: 1)
        for round in 0..<10 {
            pair.drive(for: .milliseconds(100 + 37 * Int64(round)))
            for end in 0...1 { pair.ends[end].isPaused = true }
            pair.drive(for: .minutes(3))
            for end in 0...1 { pair.resume(end) }
        }
        pair.drive(for: .minutes(30))
        expectReceived(pair, back, there)
        #expect(pair.state(0) == .established && pair.state(1) == .established)
    }

    @Test func `the same seed makes the same segments`() {
        func run() -> [String] {
            var random = RandomStream(seed: 7, thing: "line", purpose: "loss")
            var pair = Pair { _, _ in random.uniform(in: 0..<10) == 0 ? [] : [.milliseconds(50)] }
            expectExactTransfer(&pair, 7)
            return pair.sent.map { "\($0)" }
        }
        #expect(run() == run())
    }

    @Test(arguments: 1...14) func `whichever datagram is lost, the connection opens and closes`(number: Int) {
        for lossy in 0...1 {
            var pair = Pair { end, count in end == lossy && count == number ? [] : [.milliseconds(50)] }
            pair.connect()
            pair.say(octets(6_000, seed: 3), by: 0)
            pair.say(octets(6_000, seed: 4), by: 1)
            for end in 0...1 { pair.ends[end].closesAtEnd = true }
            pair.drive(for: .minutes(10))
            expectReceived(pair, octets(6_000, seed: 4), octets(6_000, seed: 3))
            for end in pair.ends { #expect(end.stack.connectionCount == 0) }
        }
    }

    @Test func `hosts that connect to each other at the same time share one connection`() {
        var pair = Pair()
        pair.connect(0, port: 1_025)
        pair.connect(1, port: 1_025)
        pair.drive(for: .seconds(1))
        for end in 0...1 {
            #expect(pair.state(end) == .established)
            #expect(pair.ends[end].events == pair.ends[end].connection.map { [.connected($0)] })
        }
        for end in 0...1 { pair.close(end) }
        pair.drive(for: .milliseconds(75))
        #expect(pair.state(0) == .closing && pair.state(1) == .closing)
        pair.drive(for: .seconds(1))
        #expect(pair.state(0) == .timeWait && pair.state(1) == .timeWait)
    }

    @Test func `nobody listening is a refusal`() {
        var pair = Pair()
        pair.connect(port: 26)
        pair.drive(for: .seconds(1))
        #expect(pair.ends[0].events == pair.ends[0].connection.map { [.closed($0, .refused)] })
        #expect(pair.ends[0].stack.connectionCount == 0 && pair.ends[1].stack.connectionCount == 0)
    }

    @Test func `of a connection that was aborted nothing more is heard, and the peer is told`() {
        var pair = Pair()
        pair.connect()
        pair.drive(for: .seconds(1))
        pair.abort(0)
        pair.drive(for: .seconds(1))
        #expect(pair.ends[0].events.count == 1)
        #expect(pair.ends[1].events.last == pair.ends[1].connection.map { .closed($0, .reset) })
        for end in pair.ends { #expect(end.stack.connectionCount == 0) }
    }

    @Test func `a peer that has forgotten the connection resets it`() {
        var pair = Pair()
        pair.connect()
        pair.drive(for: .seconds(1))
        pair.ends[1].stack = HostStack(random: RandomStream(seed: 1, thing: "reborn", purpose: "tcp"))
        pair.ends[1].stack.addAddress(Pair.addresses[1])
        pair.say([1, 2, 3], by: 0)
        pair.drive(for: .seconds(1))
        #expect(pair.ends[0].events.last == pair.ends[0].connection.map { .closed($0, .reset) })
    }

    private func expectExactTransfer(_ pair: inout Pair, _ seed: UInt64) {
        let (there, back) = (octets(60_000, seed: seed), octets(20_000, seed: seed &+ 99))
        pair.connect()
        pair.say(there, by: 0)
        pair.say(back, by: 1)
        for end in 0...1 { pair.ends[end].closesAtEnd = true }
        pair.drive(for: .hours(2))
        expectReceived(pair, back, there)
        for end in pair.ends {
            #expect(end.stack.connectionCount == 0)
            #expect(end.events.last == end.connection.map { .closed($0, .normal) })
        }
    }

    // Not in one expectation, which would print them all.
    private func expectReceived(_ pair: Pair, _ first: [UInt8], _ second: [UInt8]) {
        let isExact = pair.ends[0].received == first && pair.ends[1].received == second
        #expect(isExact, "received \(pair.ends.map(\.received.count))")
    }

    /// Acknowledgments without data that say the same as the segment before.
    private func repeatedAcknowledgments(_ sent: [Pair.Sent], of end: Int) -> Int {
        let mine = sent.filter { $0.end == end }
        return zip(mine, mine.dropFirst()).filter { before, after in
            after.count == 0 && after.header.flags == .ack && after.header.window == before.header.window
                && after.header.acknowledgment == before.header.acknowledgment
        }.count
    }

    private func octets(_ count: Int, seed: UInt64) -> [UInt8] {
        var random = RandomStream(seed: seed, thing: "mail", purpose: "octets")
        return (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    }
}

extension RandomStream {
    fileprivate mutating func uniform(in range: Range<Int64>) -> Int64 {
        uniform(in: range.lowerBound...range.upperBound - 1)
    }
}
