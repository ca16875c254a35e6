import MailQueue
import SMTP
import Wire

/// The way from a domain to its mail hosts (RFC 5321 §5.1): first its MX records, then the addresses of the hosts that
/// they name; without MX records, the addresses of the domain itself.
///
/// It says which searches it needs, and is asked for what comes of them when all have their results.
struct DomainLookup: Sendable {
    typealias Lookup = NextHops<IPAddress>.Lookup

    private enum Stage {
        case exchangers
        case addresses
        case hosts([Host])
    }

    /// A mail exchanger and where its searches are.
    private struct Host {
        var preference: Int
        var domain: Domain?
        var searches: Range<Int>
    }

    // So many of the best hosts are looked up. Fewer addresses than that are ever tried in one attempt.
    private static let mostHosts = 20

    let domain: Domain
    /// What must be found out in this stage.
    var searches: [Search]

    private let name: DNSName
    private var stage = Stage.exchangers

    init(_ domain: Domain, named name: DNSName) {
        self.domain = domain
        self.name = name
        searches = [.ofDomain(name, .mx)]
    }

    /// Whether the searches of this stage have their results.
    var isStageComplete: Bool { searches.allSatisfy { $0.result != nil } }

    /// Takes the results of a stage: what they come to, or nil when there are further searches to be made.
    mutating func completeStage(_ configuration: ResolverConfiguration) -> Lookup? {
        let types: [DNSType] = configuration.looksUpIPv6 ? [.a, .aaaa] : [.a]
        switch stage {
        case .exchangers: return takeExchangers(types)
        case .addresses: return addresses()
        case .hosts(let hosts): return exchangers(hosts, configuration)
        }
    }

    private mutating func takeExchangers(_ types: [DNSType]) -> Lookup? {
        switch searches.first?.result {
        case .noSuchName: return .noSuchDomain
        case .nothing:
            stage = .addresses
            searches = types.map { .ofDomain(name, $0) }
            return nil
        case .records(let records):
            var exchangers: [(preference: UInt16, exchange: DNSName)] = []
            for case .mx(let preference, let exchange) in records
            where !exchangers.contains(where: { $0 == (preference, exchange) }) {
                exchangers.append((preference, exchange))
            }
            // MXR-6: beside others the root is a mistake and means nothing.
            if exchangers.count > 1 {
                exchangers.removeAll { $0.exchange.isRoot }
            } else if exchangers.first?.exchange.isRoot == true, exchangers.first?.preference == 0 {
                return .nullMX
            }
            takeHosts(exchangers, types)
            return nil
        case .alias, .unanswered, nil: return .noAnswer
        }
    }

    private mutating func takeHosts(_ exchangers: [(preference: UInt16, exchange: DNSName)], _ types: [DNSType]) {
        // Stable among equals: a resolver gives what it was given.
        let best = exchangers.enumerated()
            .sorted { ($0.element.preference, $0.offset) < ($1.element.preference, $1.offset) }
            .prefix(DomainLookup.mostHosts)
        searches = []
        var hosts: [Host] = []
        for (_, exchanger) in best {
            let domain = DomainLookup.host(exchanger.exchange)
            let start = searches.count
            if domain != nil { searches += types.map { .ofExchanger(exchanger.exchange, $0) } }
            hosts.append(
                Host(preference: Int(exchanger.preference), domain: domain, searches: start..<searches.count))
        }
        stage = .hosts(hosts)
    }

    // MXR-5: a host has a name, which is no address.
    private static func host(_ exchange: DNSName) -> Domain? {
        let text = exchange.description
        return IPv4Address(parsing: text) == nil ? try? Domain(parsing: text) : nil
    }

    private func addresses() -> Lookup {
        let addresses = searches.flatMap(\.addresses)
        return addresses.isEmpty && searches.contains { $0.result == .unanswered } ? .noAnswer : .addresses(addresses)
    }

    /// All exchangers, unless one of those that mail may be sent to could not be found out and the others have no
    /// address: then there may be one, and that there is none would be a reason to give up for good.
    private func exchangers(_ hosts: [Host], _ configuration: ResolverConfiguration) -> Lookup {
        let addresses = hosts.map { searches[$0.searches].flatMap(\.addresses) }
        var own = Int.max
        for (host, addresses) in zip(hosts, addresses)
        where host.domain.map(configuration.ownNames.contains) == true
            || addresses.contains(where: configuration.ownAddresses.contains)
        {
            own = min(own, host.preference)
        }
        let usable = hosts.indices.filter { hosts[$0].preference < own }
        let isUnsure = usable.contains { searches[hosts[$0].searches].contains { $0.result == .unanswered } }
        if isUnsure, usable.allSatisfy({ addresses[$0].isEmpty }) { return .noAnswer }
        return .exchangers(
            zip(hosts, addresses).map { .init(preference: $0.preference, host: $0.domain, addresses: $1) })
    }
}

extension Domain {
    /// The address of an address literal; nil for one that no address is written like.
    var literalAddress: IPAddress? {
        let inner = folded.dropFirst().dropLast()
        let tag = "ipv6:"
        guard inner.hasPrefix(tag) else { return IPv4Address(parsing: String(inner)).map { .v4($0) } }
        return IPv6Address(parsing: String(inner.dropFirst(tag.count))).map { .v6($0) }
    }
}
