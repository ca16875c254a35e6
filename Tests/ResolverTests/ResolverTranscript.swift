import MailQueue
import Resolver
import SMTP
import Testing
import Timebase
import Wire

/// A resolver with two servers that do what a test says.
struct ResolverTranscript {
    /// A query as it was sent.
    struct Query {
        var message: DNSMessage
        var server: NameServer
        var port: UInt16 = 0
        var stream: Resolver.StreamID?
    }

    static let servers = [
        NameServer(.v4(IPv4Address(192, 0, 2, 53))),
        NameServer(.v6(IPv6Address(high: 0x2001_0db8_0000_0000, low: 0x53))),
    ]

    var resolver: Resolver
    var now = Instant.beginning
    /// The ports and streams that the resolver has closed.
    private(set) var closedPorts: [UInt16] = []
    private(set) var closedStreams: [Resolver.StreamID] = []
    private var outbox = Outbox<Resolver.Action>()

    init(seed: UInt64 = 1, looksUpIPv6: Bool = false, _ change: (inout ResolverConfiguration) -> Void = { _ in }) {
        var configuration = ResolverConfiguration(servers: ResolverTranscript.servers)
        configuration.looksUpIPv6 = looksUpIPv6
        change(&configuration)
        resolver = Resolver(configuration, luck: RandomStream(seed: seed, thing: "resolver", purpose: "test"))
    }

    // What happens

    mutating func looksUp(_ text: String) { resolver.lookUp(domain(text), at: now, into: &outbox) }

    /// Time passes; the resolver is woken when it wants to be.
    mutating func passes(_ interval: Interval) {
        let end = now + interval
        while let deadline = resolver.deadline, deadline <= end {
            now = max(now, deadline)
            resolver.deadlineReached(at: now, into: &outbox)
        }
        now = end
    }

    /// Octets arrive at the port of a query.
    mutating func receives(_ octets: [UInt8], for query: Query, from server: NameServer? = nil, at port: UInt16? = nil)
    {
        resolver.datagramReceived(
            octets.span.bytes, from: server ?? query.server, to: port ?? query.port, at: now, into: &outbox)
    }

    mutating func receives(_ message: DNSMessage, for query: Query) { receives(message.octets(), for: query) }

    /// A response without error arrives.
    mutating func receives(_ answers: [DNSRecord], more additionals: [DNSRecord] = [], for query: Query) {
        var message = DNSMessage(answering: query.message)
        message.isRecursionAvailable = true
        message.answers = answers
        message.additionals = additionals
        receives(message, for: query)
    }

    /// A response arrives that says there is nothing; with the zone's SOA when it says for how long.
    mutating func receivesNothing(
        _ code: DNSResponseCode = .noError, after aliases: [DNSRecord] = [], minimum: UInt32? = nil,
        of zone: String = "example",
        timeToLive: UInt32 = 600, for query: Query
    ) {
        var message = DNSMessage(answering: query.message, code)
        message.answers = aliases
        if let minimum {
            message.authorities = [soa(zone, minimum: minimum, timeToLive: timeToLive)]
        }
        receives(message, for: query)
    }

    mutating func streamReceives(_ octets: [UInt8], for query: Query) {
        guard let stream = query.stream else { return }
        resolver.streamReceived(octets.span.bytes, on: stream, at: now, into: &outbox)
    }

    mutating func streamCloses(_ query: Query) {
        guard let stream = query.stream else { return }
        resolver.streamClosed(stream, at: now, into: &outbox)
    }

    mutating func isUnreachable(_ query: Query) { resolver.serverUnreachable(from: query.port, at: now, into: &outbox) }

    mutating func isUnavailable(_ port: UInt16) { resolver.portUnavailable(port, at: now, into: &outbox) }

    // What it does

    /// The next action is a query to a server by UDP.
    @discardableResult mutating func asks(
        _ server: Int, for type: DNSType, _ text: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Query {
        let action = next()
        guard case .send(let octets, let to, let port) = action else {
            throw Unexpected(action: action, sourceLocation)
        }
        let message = try DNSMessage(parsing: octets.span.bytes)
        #expect(to == ResolverTranscript.servers[server], sourceLocation: sourceLocation)
        #expect(message.questions == [DNSQuestion(name(text), type)], sourceLocation: sourceLocation)
        #expect(message.isRecursionDesired && !message.isResponse, sourceLocation: sourceLocation)
        return Query(message: message, server: to, port: port)
    }

    /// The next action is the same query by TCP.
    mutating func asksByTCP(_ former: Query, sourceLocation: SourceLocation = #_sourceLocation) throws -> Query {
        let action = next()
        guard case .sendByTCP(let octets, let to, let stream) = action else {
            throw Unexpected(action: action, sourceLocation)
        }
        #expect(octets == former.message.streamOctets && to == former.server, sourceLocation: sourceLocation)
        return Query(message: former.message, server: to, stream: stream)
    }

    /// The next action says what was found.
    mutating func finds(_ text: String, _ lookup: Resolver.Lookup, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(next() == .found(domain(text), lookup), sourceLocation: sourceLocation)
    }

    mutating func doesNothing(sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(next() == nil, sourceLocation: sourceLocation)
    }

    /// The next action; what is closed is remembered on the way.
    mutating func next() -> Resolver.Action? {
        while let action = outbox.next() {
            switch action {
            case .closePort(let port): closedPorts.append(port)
            case .closeStream(let stream): closedStreams.append(stream)
            default: return action
            }
        }
        return nil
    }

    private struct Unexpected: Error {
        init(action: Resolver.Action?, _ sourceLocation: SourceLocation) {
            Issue.record("\(String(describing: action)) instead of a query", sourceLocation: sourceLocation)
        }
    }
}

// What messages are made of

func name(_ text: String) -> DNSName { (try? DNSName(parsing: text)) ?? .root }

func domain(_ text: String) -> Domain {
    guard let domain = try? Domain(parsing: text) else { preconditionFailure("\(text) is no domain") }
    return domain
}

func address(_ text: String) -> IPAddress { IPAddress(parsing: text) ?? .v4(.unspecified) }

func mx(_ owner: String, _ preference: UInt16, _ host: String, timeToLive: UInt32 = 3_600) -> DNSRecord {
    DNSRecord(name(owner), timeToLiveSeconds: timeToLive, .mx(preference: preference, exchange: name(host)))
}

func host(_ owner: String, _ text: String, timeToLive: UInt32 = 3_600) -> DNSRecord {
    switch address(text) {
    case .v4(let address): DNSRecord(name(owner), timeToLiveSeconds: timeToLive, .a(address))
    case .v6(let address): DNSRecord(name(owner), timeToLiveSeconds: timeToLive, .aaaa(address))
    }
}

func alias(_ owner: String, _ target: String, timeToLive: UInt32 = 3_600) -> DNSRecord {
    DNSRecord(name(owner), timeToLiveSeconds: timeToLive, .cname(name(target)))
}

func soa(_ zone: String, minimum: UInt32, timeToLive: UInt32) -> DNSRecord {
    let authority = DNSAuthority(
        primaryServer: name("ns." + zone), mailbox: name("hostmaster." + zone), serial: 1, minimumSeconds: minimum)
    return DNSRecord(name(zone), timeToLiveSeconds: timeToLive, .soa(authority))
}

func exchanger(_ preference: Int, _ host: String?, _ addresses: String...) -> NextHops<IPAddress>.Exchanger {
    .init(preference: preference, host: host.map(domain), addresses: addresses.map(address))
}
