import MailHost
import NIOCore
import SMTP
import Source

/// Where the hosts of domains are, and whose an address is.
struct Routes: Sendable {
    typealias Host = MailService.Route.Host

    // Looked up, never walked.
    private var hosts: [Domain: Host] = [:]
    private var domains: [String: [Domain]] = [:]
    private var addresses: [String: String] = [:]
    /// Where mail for all other domains goes; nowhere when there is none.
    var smarthost: Host?
    /// Whoever comes from there may send to anybody.
    var relayNetworks: [Network] = []

    /// The routes of a plan.
    init(_ plan: MailService.Plan) {
        for route in plan.routes { set(route.host, for: route.domain) }
        smarthost = plan.smarthost
        relayNetworks = plan.relayNetworks
    }

    /// Other routes; who was proved where stays known.
    mutating func replace(by plan: MailService.Plan) {
        let addresses = addresses
        self = Routes(plan)
        self.addresses = addresses
    }

    /// Mail for a domain, and for those below it, goes to a host; whoever comes from its address may ask for it.
    private mutating func set(_ host: Host, for domain: Domain) {
        hosts[domain] = host
        if case .at(let address, _) = host { domains[address, default: []].append(domain) }
    }

    /// An account was proved from an address.
    /// - Returns: whether it is another one than before.
    @discardableResult
    mutating func isAt(_ address: String, _ account: String) -> Bool {
        defer { addresses[account] = address }
        return addresses[account] != address
    }

    /// Where the mail for a domain goes: as it is set for it or for the nearest domain above it.
    func host(for domain: Domain) -> Host? {
        var domain = domain
        while true {
            if let host = hosts[domain] { return host }
            guard let parent = domain.parent else { return smarthost }
            domain = parent
        }
    }

    /// Where an account was last proved.
    func address(of account: String) -> String? { addresses[account] }

    /// Who is at an address.
    func peer(at address: SocketAddress?) -> MailHost.Peer {
        let ip = address?.ipAddress ?? ""
        return MailHost.Peer(
            address: ip, domains: domains[ip] ?? [], mayRelay: relayNetworks.contains { $0.contains(ip) })
    }
}
