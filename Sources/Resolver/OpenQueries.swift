import Timebase
import Wire

/// The questions that have been sent and not been answered yet, and those that wait until there is room for them.
struct OpenQueries: Sendable {
    typealias Action = Resolver.Action

    /// A question that is over; without a response when nobody answered.
    struct Ended {
        let question: DNSQuestion
        let response: DNSMessage?
    }

    private struct Place {
        var query: Int
        var attempt: Int
    }

    private static let mostRefusedPorts = 16
    // So many questions that no longer wait may lie before those that do.
    private static let mostTaken = 1_000
    // Those below belong to services.
    private static let ports: ClosedRange<Int64> = 1_024...65_535

    private let configuration: ResolverConfiguration
    private var luck: RandomStream
    private var queries = Slab<Query>()
    private var ports: [UInt16: Place] = [:]
    private var streams: [Resolver.StreamID: Place] = [:]
    private var streamCount = 0
    private var queued: [DNSQuestion] = []
    private var taken = 0
    /// How many questions have been sent and are open.
    private(set) var openCount = 0
    /// How many datagrams came that nobody waited for.
    private(set) var strangers = 0

    init(_ configuration: ResolverConfiguration, luck: RandomStream) {
        precondition(configuration.mostOpenQueries > 0 && configuration.rounds > 0, "questions can be asked")
        self.configuration = configuration
        self.luck = luck
    }

    // What happened

    mutating func datagramReceived(
        _ datagram: RawSpan, from server: NameServer, to port: UInt16, at now: Instant,
        into outbox: inout Outbox<Action>
    ) -> Ended? {
        guard let place = ports[port], let query = queries[place.query],
            configuration.servers[query.attempts[place.attempt].server] == server,
            query.attempts[place.attempt].stream == nil
        else {
            strangers += 1
            return nil
        }
        switch query.verdict(on: datagram, ofAttempt: place.attempt, byTCP: false) {
        case .answer(let response): return end(place.query, response, at: now, into: &outbox)
        case .truncated: askByTCP(place, at: now, into: &outbox)
        case .unfit: return serverIsUnfit(place, at: now, into: &outbox)
        case .stranger: strangers += 1
        }
        return nil
    }

    mutating func streamReceived(
        _ octets: RawSpan, on stream: Resolver.StreamID, at now: Instant, into outbox: inout Outbox<Action>
    ) -> Ended? {
        guard let place = streams[stream] else { return nil }
        queries[place.query]?.attempts[place.attempt].received.append(octets)
        guard let query = queries[place.query] else { return nil }
        let received = query.attempts[place.attempt].received
        guard received.count >= 2 else { return nil }
        let length = Int(received[0]) << 8 | Int(received[1])
        guard received.count >= 2 + length else { return nil }
        let message = received.span.bytes.extracting(2..<(2 + length))
        if case .answer(let response) = query.verdict(on: message, ofAttempt: place.attempt, byTCP: true) {
            return end(place.query, response, at: now, into: &outbox)
        }
        outbox.append(.closeStream(stream))
        return streamClosed(stream, at: now, into: &outbox)
    }

    mutating func streamClosed(
        _ stream: Resolver.StreamID, at now: Instant, into outbox: inout Outbox<Action>
    ) -> Ended? {
        guard let place = streams.removeValue(forKey: stream) else { return nil }
        return serverIsUnfit(place, at: now, into: &outbox)
    }

    mutating func serverUnreachable(
        from port: UInt16, at now: Instant, into outbox: inout Outbox<Action>
    ) -> Ended? {
        guard let place = ports[port], queries[place.query]?.attempts[place.attempt].stream == nil else { return nil }
        return serverIsUnfit(place, at: now, into: &outbox)
    }

    mutating func portUnavailable(
        _ port: UInt16, at now: Instant, into outbox: inout Outbox<Action>
    ) -> Ended? {
        guard let place = ports[port], let query = queries[place.query] else { return nil }
        guard query.refusedPorts < OpenQueries.mostRefusedPorts else {
            return serverIsUnfit(place, at: now, into: &outbox)
        }
        // Drawn before the former one is free again, so that it is another one.
        let another = drawPort()
        ports.removeValue(forKey: port)
        queries[place.query]?.refusedPorts += 1
        queries[place.query]?.attempts[place.attempt].port = another
        send(place, into: &outbox)
        return nil
    }

    /// The time is there: whoever has taken too long is left for the next server.
    mutating func deadlineReached(at now: Instant, into outbox: inout Outbox<Action>) -> [Ended] {
        var ended: [Ended] = []
        for place in 0..<queries.placeCount {
            guard let query = queries[place], query.deadline <= now else { continue }
            if let over = askNextServer(place, at: now, into: &outbox) { ended.append(over) }
        }
        return ended
    }

    // What is asked

    mutating func ask(_ question: DNSQuestion, at now: Instant, into outbox: inout Outbox<Action>) {
        guard openCount < configuration.mostOpenQueries else {
            queued.append(question)
            return
        }
        open(question, at: now, into: &outbox)
    }

    // What can be known

    var deadline: Instant? {
        var earliest: Instant?
        for place in 0..<queries.placeCount {
            guard let query = queries[place] else { continue }
            earliest = min(earliest ?? query.deadline, query.deadline)
        }
        return earliest
    }
}

extension OpenQueries {
    private mutating func open(_ question: DNSQuestion, at now: Instant, into outbox: inout Outbox<Action>) {
        openCount += 1
        let place = queries.insert(Query(question, servers: configuration.servers.count))
        // There is a server, and none has been found unfit: it does not end here.
        _ = askNextServer(place, at: now, into: &outbox)
    }

    private mutating func askNextServer(
        _ place: Int, at now: Instant, into outbox: inout Outbox<Action>
    ) -> Ended? {
        guard let (server, round) = queries[place]?.takeTurn(rounds: configuration.rounds) else {
            return end(place, nil, at: now, into: &outbox)
        }
        let wait = configuration.wait(inRound: round)
        let id = UInt16(luck.uniform(in: 0...0xFFFF))
        let attempt = Query.Attempt(server: server, id: id, wait: wait, port: drawPort())
        guard let current = queries[place]?.attempts.count else { return nil }
        queries[place]?.attempts.append(attempt)
        queries[place]?.current = current
        queries[place]?.deadline = now + wait
        send(Place(query: place, attempt: current), into: &outbox)
        return nil
    }

    private mutating func send(_ place: Place, into outbox: inout Outbox<Action>) {
        guard let query = queries[place.query] else { return }
        let attempt = query.attempts[place.attempt]
        ports[attempt.port] = place
        let octets = query.message(ofAttempt: place.attempt).octets()
        outbox.append(.send(octets, to: configuration.servers[attempt.server], from: attempt.port))
    }

    // The server has the answer: so it is the one that is waited for, as long as before.
    private mutating func askByTCP(_ place: Place, at now: Instant, into outbox: inout Outbox<Action>) {
        guard let query = queries[place.query] else { return }
        streamCount += 1
        let stream = Resolver.StreamID(rawValue: streamCount)
        streams[stream] = place
        let attempt = query.attempts[place.attempt]
        queries[place.query]?.attempts[place.attempt].stream = stream
        queries[place.query]?.current = place.attempt
        queries[place.query]?.deadline = now + attempt.wait
        let octets = query.message(ofAttempt: place.attempt).streamOctets
        outbox.append(.sendByTCP(octets, to: configuration.servers[attempt.server], on: stream))
    }

    private mutating func serverIsUnfit(
        _ place: Place, at now: Instant, into outbox: inout Outbox<Action>
    ) -> Ended? {
        queries[place.query]?.serverIsUnfit(ofAttempt: place.attempt)
        // Another server may be thinking about it just now.
        guard queries[place.query]?.current == place.attempt else { return nil }
        return askNextServer(place.query, at: now, into: &outbox)
    }

    private mutating func end(
        _ place: Int, _ response: DNSMessage?, at now: Instant, into outbox: inout Outbox<Action>
    ) -> Ended? {
        guard let query = queries.remove(at: place) else { return nil }
        for attempt in query.attempts {
            if ports.removeValue(forKey: attempt.port) != nil { outbox.append(.closePort(attempt.port)) }
            if let stream = attempt.stream, streams.removeValue(forKey: stream) != nil {
                outbox.append(.closeStream(stream))
            }
        }
        openCount -= 1
        openNextQueued(at: now, into: &outbox)
        return Ended(question: query.question, response: response)
    }

    private mutating func openNextQueued(at now: Instant, into outbox: inout Outbox<Action>) {
        guard taken < queued.count else { return }
        let question = queued[taken]
        taken += 1
        if taken == queued.count || taken > OpenQueries.mostTaken {
            queued.removeFirst(taken)
            taken = 0
        }
        open(question, at: now, into: &outbox)
    }

    private mutating func drawPort() -> UInt16 {
        while true {
            let port = UInt16(luck.uniform(in: OpenQueries.ports))
            if ports[port] == nil { return port }
        }
    }
}
