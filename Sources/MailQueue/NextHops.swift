public import SMTP
public import Timebase

/// Which hosts to try for a domain's mail, and in which order (RFC 5321 §5.1, RFC 7505).
///
/// What DNS said is the driver's to find out; an address is whatever it connects to.
public struct NextHops<Address: Hashable & Sendable>: Sendable {
    /// One MX record with the addresses of the host that it names, in the resolver's order.
    public struct Exchanger: Hashable, Sendable {
        /// The lower, the better.
        public var preference: Int
        /// The host; nil for a target that is no name of a host.
        public var host: Domain?
        /// Its addresses; none when it has none.
        public var addresses: [Address]

        /// A record of these parts.
        public init(preference: Int, host: Domain?, addresses: [Address]) {
            self.preference = preference
            self.host = host
            self.addresses = addresses
        }
    }

    /// What DNS says of a domain.
    public enum Lookup: Hashable, Sendable {
        /// It has MX records.
        case exchangers([Exchanger])
        /// It has none, but these addresses, which then count as an MX record of preference 0; or none either.
        case addresses([Address])
        /// Its only MX record says that it takes no mail (RFC 7505).
        case nullMX
        /// There is no such domain.
        case noSuchDomain
        /// The question was not answered.
        case noAnswer
    }

    /// Why there is nobody to try.
    public enum Obstacle: Error, Hashable, Sendable {
        /// The domain takes no mail.
        case takesNoMail
        /// There is no such domain.
        case noSuchDomain
        /// None of its hosts has an address.
        case noAddress
        /// This host itself is the best that is left: mail for it would go round for ever.
        case loopsBack
        /// DNS has not answered.
        case noAnswer
    }

    /// A host at one of its addresses.
    public struct Hop: Hashable, Sendable {
        /// The host's name.
        public let host: Domain
        /// Where to connect to.
        public let address: Address
    }

    /// So many addresses are tried in one attempt.
    public static var mostHops: Int { 5 }

    /// The hops in their order: never empty.
    public let hops: [Hop]

    /// Puts the hosts of a domain in order.
    /// - Parameters:
    ///   - domain: whose mail it is.
    ///   - lookup: what DNS says of it.
    ///   - ownNames: what this host is called.
    ///   - ownAddresses: its own addresses.
    ///   - interrupted: the address of a host where a transfer of this mail broke off: it may go on there, so that one
    ///     is tried before all others as long as it is among them (RFC 1845 §3).
    ///   - luck: decides between hosts of equal preference, to spread the load.
    /// - Throws: why there is nobody to try.
    public init(
        of domain: Domain, _ lookup: Lookup, ownNames: [Domain], ownAddresses: [Address],
        interruptedAt interrupted: Address? = nil, luck: inout RandomStream
    ) throws(Obstacle) {
        var exchangers: [Exchanger]
        switch lookup {
        case .exchangers(let records): exchangers = records.filter { $0.host != nil }
        case .addresses(let addresses): exchangers = [Exchanger(preference: 0, host: domain, addresses: addresses)]
        case .nullMX: throw .takesNoMail
        case .noSuchDomain: throw .noSuchDomain
        case .noAnswer: throw .noAnswer
        }
        let isOwn = { (exchanger: Exchanger) in
            exchanger.host.map(ownNames.contains) ?? false || exchanger.addresses.contains(where: ownAddresses.contains)
        }
        // Only those better than this host itself: from it on, mail would come back.
        if let own = exchangers.filter(isOwn).map(\.preference).min() {
            exchangers.removeAll { $0.preference >= own }
            guard !exchangers.isEmpty else { throw .loopsBack }
        }
        exchangers.putInAnyOrder(by: &luck)
        // Stable among equals, so that this order holds.
        let ordered = exchangers.enumerated()
            .sorted { ($0.element.preference, $0.offset) < ($1.element.preference, $1.offset) }
        var hops = ordered.flatMap { _, exchanger in
            exchanger.addresses.map { Hop(host: exchanger.host ?? domain, address: $0) }
        }
        guard !hops.isEmpty else { throw .noAddress }
        if let place = hops.firstIndex(where: { $0.address == interrupted }) {
            hops.insert(hops.remove(at: place), at: 0)
        }
        self.hops = Array(hops.prefix(NextHops.mostHops))
    }
}

extension NextHops.Obstacle {
    /// Whether trying again is of no use.
    public var isPermanent: Bool { self != .noAnswer }

    /// What the sender is told.
    public var reply: SMTPReply {
        switch self {
        case .takesNoMail: SMTPReply(556, .init(5, 1, 10), "The domain takes no mail")
        case .noSuchDomain: SMTPReply(550, .init(5, 1, 2), "There is no such domain")
        case .noAddress: SMTPReply(550, .init(5, 4, 4), "None of the domain's mail hosts has an address")
        case .loopsBack: SMTPReply(554, .init(5, 4, 6), "Mail for the domain loops back to this host")
        case .noAnswer: SMTPReply(451, .init(4, 4, 3), "The domain's mail hosts cannot be found out now")
        }
    }
}

extension Array {
    // Fisher and Yates.
    fileprivate mutating func putInAnyOrder(by luck: inout RandomStream) {
        for last in stride(from: count - 1, to: 0, by: -1) { swapAt(last, Int(luck.uniform(in: 0...Int64(last)))) }
    }
}
