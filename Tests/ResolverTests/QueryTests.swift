import MailQueue
import Resolver
import Testing
import Timebase
import Wire

/// How servers are asked, and which responses count.
struct QueryTests {
    private var office = ResolverTranscript()

    @Test mutating func `DNS-9: T243: two silent servers are asked at 0, 5, 10 and 20 s, and that is the end at 30 s`()
        throws
    {
        office.looksUp("d.example")
        var ports: Set<UInt16> = []
        for (server, wait) in [(0, 5), (1, 5), (0, 10), (1, 10)] as [(Int, Int64)] {
            ports.insert(try office.asks(server, for: .mx, "d.example").port)
            office.passes(.seconds(wait) - .nanoseconds(1))
            office.doesNothing()
            office.passes(.nanoseconds(1))
        }
        office.finds("d.example", .noAnswer)
        #expect(office.resolver.deadline == nil && office.now == .beginning + .seconds(30))
        // Every port is closed, and none was used twice.
        #expect(ports.count == 4 && Set(office.closedPorts) == ports)
    }

    @Test mutating func `DNS-9: how long is configuration`() throws {
        office = ResolverTranscript {
            $0.firstWait = .seconds(12)
            $0.rounds = 3
        }
        office.looksUp("d.example")
        var times: [Instant] = []
        while office.resolver.deadline != nil {
            times.append(office.now)
            _ = office.next()
            office.passes((office.resolver.deadline ?? office.now) - office.now)
        }
        #expect(times.map { ($0 - .beginning).nanoseconds / 1_000_000_000 } == [0, 12, 24, 48, 72, 102])
        office.finds("d.example", .noAnswer)
        #expect(office.now == .beginning + .seconds(132))
    }

    @Test(arguments: [
        DNSResponseCode.formatError, .serverFailure, .notImplemented, .refused, DNSResponseCode(bits: 9),
    ])
    mutating func `DNS-10: T244: a server that does not answer is left at once`(code: DNSResponseCode) throws {
        office.looksUp("d.example")
        let first = try office.asks(0, for: .mx, "d.example")
        office.passes(.milliseconds(200))
        office.receivesNothing(code, for: first)
        let second = try office.asks(1, for: .mx, "d.example")
        office.passes(.milliseconds(4_999))
        office.doesNothing()
        office.passes(.milliseconds(1))
        // The first one has said that it cannot, so the second round has the second one only.
        try office.asks(1, for: .mx, "d.example")
        office.receivesNothing(.nameError, for: second)
        office.finds("d.example", .noSuchDomain)
    }

    @Test mutating func `DNS-11: no failure of all servers is a proof that a domain is missing`() throws {
        office.looksUp("d.example")
        office.receivesNothing(.serverFailure, for: try office.asks(0, for: .mx, "d.example"))
        office.receivesNothing(.refused, for: try office.asks(1, for: .mx, "d.example"))
        office.finds("d.example", .noAnswer)
        office.looksUp("d.example")
        try office.asks(0, for: .mx, "d.example")
    }

    @Test mutating func `a server that could not read the query need not repeat its question`() throws {
        office.looksUp("d.example")
        let query = try office.asks(0, for: .mx, "d.example")
        var message = DNSMessage(answering: query.message, .formatError)
        message.questions = []
        office.receives(message, for: query)
        try office.asks(1, for: .mx, "d.example")
    }

    @Test mutating func `a referral is no proof that there is nothing`() throws {
        office.looksUp("d.example")
        let query = try office.asks(0, for: .mx, "d.example")
        var message = DNSMessage(answering: query.message)
        message.authorities = [DNSRecord(name("example"), timeToLiveSeconds: 60, .ns(name("ns.example")))]
        office.receives(message, for: query)
        try office.asks(1, for: .mx, "d.example")
    }

    @Test mutating func `DNS-10: T252: a server that cannot be reached is left at once`() throws {
        office.looksUp("d.example")
        let first = try office.asks(0, for: .mx, "d.example")
        office.isUnreachable(first)
        let second = try office.asks(1, for: .mx, "d.example")
        // Said again of the first one, it changes nothing.
        office.isUnreachable(first)
        office.doesNothing()
        office.isUnreachable(second)
        office.finds("d.example", .noAnswer)
        office.isUnreachable(second)
        office.doesNothing()
    }

    // Which responses count

    @Test mutating func `DNS-8: T245: what does not belong to the query is ignored, and the timer goes on`() throws {
        office.looksUp("d.example")
        let query = try office.asks(0, for: .mx, "d.example")
        let right = answer(to: query)
        let deadline = office.resolver.deadline
        let spoiled: [(inout DNSMessage) -> Void] = [
            { $0.id &+= 1 }, { $0.isResponse = false }, { $0.opcode = DNSOpcode(bits: 2) }, { $0.questions = [] },
            { $0.questions = [DNSQuestion(name("e.example"), .mx)] },
            { $0.questions = [DNSQuestion(name("d.example"), .a)] },
            { $0.questions = [DNSQuestion(name("d.example"), .mx, in: DNSClass(rawValue: 3))] },
            { $0.questions += $0.questions },
        ]
        for spoil in spoiled {
            var message = right
            spoil(&message)
            office.receives(message, for: query)
        }
        for count in 0..<right.octets().count { office.receives(Array(right.octets().prefix(count)), for: query) }
        office.doesNothing()
        #expect(office.resolver.deadline == deadline)
        #expect(office.resolver.ignoredDatagrams == spoiled.count + right.octets().count)
        office.receives(right, for: query)
        office.finds("d.example", .nullMX)
    }

    @Test mutating func `DNS-8: a reply from or to another address or port is ignored`() throws {
        office.looksUp("d.example")
        let query = try office.asks(0, for: .mx, "d.example")
        let octets = answer(to: query).octets()
        office.receives(octets, for: query, from: ResolverTranscript.servers[1])
        office.receives(octets, for: query, from: NameServer(query.server.address, port: 54))
        office.receives(octets, for: query, at: query.port ^ 1)
        office.doesNothing()
        #expect(office.resolver.ignoredDatagrams == 3)
        office.receives(octets, for: query)
        office.finds("d.example", .nullMX)
        // And the same once more, too late.
        office.receives(octets, for: query)
        office.doesNothing()
        #expect(office.resolver.ignoredDatagrams == 4)
    }

    @Test mutating func `DNS-8: ids and ports differ with the seed, and are the same with the same`() throws {
        var drawn: Set<[UInt16]> = []
        for seed in (1...20).flatMap({ [$0, $0] }) as [UInt64] {
            office = ResolverTranscript(seed: seed)
            office.looksUp("d.example")
            let query = try office.asks(0, for: .mx, "d.example")
            drawn.insert([query.message.id, query.port])
            #expect(query.port >= 1_024)
        }
        #expect(drawn.count == 20)
    }

    @Test mutating func `a late response is as good as any`() throws {
        office.looksUp("d.example")
        let first = try office.asks(0, for: .mx, "d.example")
        office.passes(.seconds(7))
        let second = try office.asks(1, for: .mx, "d.example")
        office.receives(answer(to: first), for: first)
        office.finds("d.example", .nullMX)
        #expect(Set(office.closedPorts) == [first.port, second.port])
    }

    @Test mutating func `a port that is taken is drawn again, but not for ever`() throws {
        office.looksUp("d.example")
        var query = try office.asks(0, for: .mx, "d.example")
        for _ in 0..<16 {
            let former = query
            office.isUnavailable(former.port)
            query = try office.asks(0, for: .mx, "d.example")
            #expect(query.port != former.port && query.message.id == former.message.id)
        }
        office.isUnavailable(query.port)
        try office.asks(1, for: .mx, "d.example")
    }

    // TCP

    @Test mutating func `DNS-7: T246: what does not fit into a datagram is asked for by TCP`() throws {
        office.looksUp("d.example")
        let query = try office.asks(0, for: .mx, "d.example")
        office.passes(.seconds(3))
        office.receives(truncated(query), for: query)
        let again = try office.asksByTCP(query)
        #expect(office.resolver.deadline == office.now + .seconds(5))
        // Said once more, it changes nothing.
        office.receives(truncated(query), for: query)
        office.doesNothing()
        let octets = large(query).streamOctets
        #expect(octets.count > 514)
        for octet in octets.dropLast() { office.streamReceives([octet], for: again) }
        office.doesNothing()
        // What follows on the connection is nobody's.
        office.streamReceives([octets[octets.count - 1], 9, 9, 9], for: again)
        for number in 0..<20 { try office.asks(0, for: .a, "exchanger\(number).d.example") }
        #expect(office.closedStreams == [try #require(again.stream)] && office.closedPorts == [query.port])
        office.streamReceives(octets, for: again)
        office.streamCloses(again)
        office.doesNothing()
    }

    @Test(arguments: 0..<5) mutating func `a server that fails by TCP is left for the next one`(failure: Int) throws {
        office.looksUp("d.example")
        let query = try office.asks(0, for: .mx, "d.example")
        office.receives(truncated(query), for: query)
        let again = try office.asksByTCP(query)
        switch failure {
        case 0: office.streamCloses(again)
        case 1: office.streamReceives(truncated(query).streamOctets, for: again)
        case 2: office.streamReceives([0, 3, 1, 2, 3], for: again)
        case 3: office.streamReceives(DNSMessage(answering: query.message, .serverFailure).streamOctets, for: again)
        default: office.passes(.seconds(5))
        }
        let other = try office.asks(1, for: .mx, "d.example")
        office.receives(answer(to: other), for: other)
        office.finds("d.example", .nullMX)
        #expect(office.closedStreams.count == (failure == 0 ? 0 : 1))
    }

    // Sharing and limits

    @Test mutating func `who asks for what is being found out waits for the same answer`() throws {
        office.looksUp("d.example")
        office.looksUp("D.Example")
        office.looksUp("e.example")
        let first = try office.asks(0, for: .mx, "d.example")
        let second = try office.asks(0, for: .mx, "e.example")
        office.doesNothing()
        office.receives([mx("d.example", 10, "mx.isp.example")], for: first)
        let shared = try office.asks(0, for: .a, "mx.isp.example")
        office.receives([mx("e.example", 10, "MX.isp.example")], for: second)
        office.doesNothing()
        office.receives([host("mx.isp.example", "192.0.2.1")], for: shared)
        office.finds("d.example", .exchangers([exchanger(10, "mx.isp.example", "192.0.2.1")]))
        office.finds("e.example", .exchangers([exchanger(10, "mx.isp.example", "192.0.2.1")]))
        office.doesNothing()
    }

    @Test mutating func `so many questions are asked at once, and the others in their turn`() throws {
        office = ResolverTranscript { $0.mostOpenQueries = 2 }
        for number in 0..<3_000 { office.looksUp("d\(number).example") }
        var open = try [office.asks(0, for: .mx, "d0.example"), office.asks(0, for: .mx, "d1.example")]
        office.doesNothing()
        for number in 0..<3_000 {
            #expect(office.resolver.openQueryCount <= 2)
            let query = open.removeFirst()
            office.receivesNothing(.nameError, for: query)
            if number + 2 < 3_000 { open.append(try office.asks(0, for: .mx, "d\(number + 2).example")) }
            office.finds("d\(number).example", .noSuchDomain)
        }
        #expect(office.resolver.openQueryCount == 0 && office.resolver.deadline == nil)
    }

    private func answer(to query: ResolverTranscript.Query) -> DNSMessage {
        var message = DNSMessage(answering: query.message)
        message.answers = [mx("d.example", 0, ".")]
        return message
    }

    private func truncated(_ query: ResolverTranscript.Query) -> DNSMessage {
        var message = DNSMessage(answering: query.message)
        message.isTruncated = true
        return message
    }

    private func large(_ query: ResolverTranscript.Query) -> DNSMessage {
        var message = DNSMessage(answering: query.message)
        message.answers = (0..<40).map { mx("d.example", UInt16($0), "exchanger\($0).d.example") }
        return message
    }
}
