public import MailQueue
public import SMTP
public import Timebase
public import Wire

/// Finds the mail hosts of domains by asking name servers (RFC 1034 §5.3.1: a stub resolver; RFC 5321 §5.1).
///
/// The driver says what came from the servers, sends what it answers, and wakes it at its ``deadline``. For each
/// ``Action/send(_:to:from:)`` it opens a UDP socket on that port, best connected to that server, so that it hears of
/// ICMP's port unreachable, and keeps it until ``Action/closePort(_:)``.
///
/// A question goes to one server after the other, twice, and is over after a fixed time; no answer is a reason to try
/// again later and never a proof that a domain does not exist. Who asks for what is being found out already waits for
/// the same answer. What has been answered is kept as long as its time to live allows, within bounds.
///
/// What comes from a server is judged before it counts and never traps. Not supported: EDNS(0), DNSSEC, U-labels (the
/// domain of an international address must be written in A-labels), and search lists, which mail has no use for.
public struct Resolver: Sendable {
    /// What DNS says of a domain.
    public typealias Lookup = NextHops<IPAddress>.Lookup

    /// A connection to a server, as long as the resolver lives.
    public struct StreamID: Hashable, Sendable {
        /// The number: connections count from one.
        public let rawValue: Int
    }

    /// What the driver must do.
    public enum Action: Hashable, Sendable {
        /// Send this datagram to a server by UDP, from this port of ours.
        case send([UInt8], to: NameServer, from: UInt16)
        /// Connect to a server by TCP and send these octets.
        case sendByTCP([UInt8], to: NameServer, on: StreamID)
        /// Nothing is awaited on this port any more.
        case closePort(UInt16)
        /// Close this connection, or give up opening it; it need not be told that it is closed.
        case closeStream(StreamID)
        /// This is what DNS says of a domain that was looked up.
        case found(Domain, Lookup)
    }

    /// Who waits for the answer to a question.
    private struct Waiter {
        var lookup: Int
        var search: Int
    }

    private let configuration: ResolverConfiguration
    private var cache: RecordCache
    private var queries: OpenQueries
    private var lookups = Slab<DomainLookup>()
    private var running: [Domain: Int] = [:]
    private var waiting: [DNSQuestion: [Waiter]] = [:]

    /// A resolver that knows nothing yet.
    /// - Parameters:
    ///   - configuration: whom it asks, and how patient it is.
    ///   - luck: draws ids and ports, which nobody must be able to guess.
    public init(_ configuration: ResolverConfiguration, luck: RandomStream) {
        self.configuration = configuration
        cache = RecordCache(configuration)
        queries = OpenQueries(configuration, luck: luck)
    }

    // What happened

    /// A datagram has come to one of our ports. Whatever is no response to the query from there is ignored (DNS-8).
    /// - Parameters:
    ///   - datagram: the payload.
    ///   - server: where it came from, by address and port.
    ///   - port: the port of ours that it came to.
    ///   - now: the time.
    ///   - outbox: gets what is to be done.
    public mutating func datagramReceived(
        _ datagram: RawSpan, from server: NameServer, to port: UInt16, at now: Instant,
        into outbox: inout Outbox<Action>
    ) {
        settle(
            queries.datagramReceived(datagram, from: server, to: port, at: now, into: &outbox), at: now, into: &outbox)
    }

    /// Octets have come on a connection, in whatever pieces.
    /// - Parameters:
    ///   - octets: the next octets.
    ///   - stream: the connection.
    ///   - now: the time.
    ///   - outbox: gets what is to be done.
    public mutating func streamReceived(
        _ octets: RawSpan, on stream: StreamID, at now: Instant, into outbox: inout Outbox<Action>
    ) {
        settle(queries.streamReceived(octets, on: stream, at: now, into: &outbox), at: now, into: &outbox)
    }

    /// A connection could not be opened, or has been closed or reset by the server. Harmless when it is over.
    /// - Parameters:
    ///   - stream: the connection.
    ///   - now: the time.
    ///   - outbox: gets what is to be done.
    public mutating func streamClosed(
        _ stream: StreamID, at now: Instant, into outbox: inout Outbox<Action>
    ) {
        settle(queries.streamClosed(stream, at: now, into: &outbox), at: now, into: &outbox)
    }

    /// The network says that what was sent from a port does not reach its server (ICMP type 3; DNS-10).
    /// - Parameters:
    ///   - port: the port of ours.
    ///   - now: the time.
    ///   - outbox: gets what is to be done.
    public mutating func serverUnreachable(
        from port: UInt16, at now: Instant, into outbox: inout Outbox<Action>
    ) {
        settle(queries.serverUnreachable(from: port, at: now, into: &outbox), at: now, into: &outbox)
    }

    /// A port of ours cannot be opened: another one is drawn.
    /// - Parameters:
    ///   - port: the port.
    ///   - now: the time.
    ///   - outbox: gets what is to be done.
    public mutating func portUnavailable(
        _ port: UInt16, at now: Instant, into outbox: inout Outbox<Action>
    ) {
        settle(queries.portUnavailable(port, at: now, into: &outbox), at: now, into: &outbox)
    }

    /// The time is there. Harmless before the deadline.
    /// - Parameters:
    ///   - now: the time.
    ///   - outbox: gets what is to be done.
    public mutating func deadlineReached(at now: Instant, into outbox: inout Outbox<Action>) {
        for ended in queries.deadlineReached(at: now, into: &outbox) { settle(ended, at: now, into: &outbox) }
    }

    // What is asked

    /// Looks for the mail hosts of a domain. There will be one ``Action/found(_:_:)`` for it, at once when the answer
    /// is known; also only one when it is looked up again before that.
    /// - Parameters:
    ///   - domain: whose hosts. The host of an address literal needs no question (MXR-1).
    ///   - now: the time.
    ///   - outbox: gets what is to be done.
    public mutating func lookUp(_ domain: Domain, at now: Instant, into outbox: inout Outbox<Action>) {
        guard running[domain] == nil else { return }
        if domain.isAddressLiteral {
            outbox.append(.found(domain, .addresses(domain.literalAddress.map { [$0] } ?? [])))
        } else if domain.isASCII, let name = try? DNSName(parsing: domain.folded) {
            let place = lookups.insert(DomainLookup(domain, named: name))
            running[domain] = place
            advance(place, at: now, into: &outbox)
        } else {
            // Longer than a name can be, or in letters that no name has on the wire.
            outbox.append(.found(domain, .noSuchDomain))
        }
    }

    // What can be known

    /// When it must be told the time; nil when nothing is awaited.
    public var deadline: Instant? { queries.deadline }

    /// How many questions have been sent and are not over.
    public var openQueryCount: Int { queries.openCount }

    /// How many datagrams were ignored because they answer no question.
    public var ignoredDatagrams: Int { queries.strangers }

    /// How many sets of records are kept.
    public var cachedSetCount: Int { cache.count }
}

extension Resolver {
    /// Gives the answer of a question that is over to all who wait for it.
    private mutating func settle(_ ended: OpenQueries.Ended?, at now: Instant, into outbox: inout Outbox<Action>) {
        guard let ended, let waiters = waiting.removeValue(forKey: ended.question) else { return }
        let answer =
            if let response = ended.response {
                cache.take(response, answering: ended.question, at: now)
            } else {
                Answer(finding: .unanswered)
            }
        for waiter in waiters {
            lookups[waiter.lookup]?.searches[waiter.search].take(answer)
            advance(waiter.lookup, at: now, into: &outbox)
        }
    }

    /// Takes a lookup as far as it comes without further answers.
    private mutating func advance(_ place: Int, at now: Instant, into outbox: inout Outbox<Action>) {
        while let count = lookups[place]?.searches.count {
            for search in 0..<count { advance(Waiter(lookup: place, search: search), at: now, into: &outbox) }
            guard lookups[place]?.isStageComplete == true else { return }
            if let found = lookups[place]?.completeStage(configuration), let lookup = lookups.remove(at: place) {
                running.removeValue(forKey: lookup.domain)
                outbox.append(.found(lookup.domain, found))
                return
            }
        }
    }

    /// Takes a search as far as what is known leads, and asks for what comes next.
    private mutating func advance(_ waiter: Waiter, at now: Instant, into outbox: inout Outbox<Action>) {
        while let search = lookups[waiter.lookup]?.searches[waiter.search], search.result == nil, !search.isAsked {
            if let answer = cache.answer(to: search.question, at: now) {
                lookups[waiter.lookup]?.searches[waiter.search].take(answer)
                continue
            }
            lookups[waiter.lookup]?.searches[waiter.search].isAsked = true
            waiting[search.question, default: []].append(waiter)
            if waiting[search.question]?.count == 1 { queries.ask(search.question, at: now, into: &outbox) }
        }
    }
}
