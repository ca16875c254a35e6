import MailHost
import NIOCore
import SMTP
import Source

/// Where the hosts of domains are, and whose an address is.
struct Routes: Sendable {
    // Looked up, never walked.
    private var hosts: [Domain: SocketAddress] = [:]
    private var domains: [String: [Domain]] = [:]
    private var smarthost: SocketAddress?
    /// Whoever comes from there may send to anybody.
    var relayNetworks: [Network] = []

    /// Mail for a domain, and for those below it, goes to a host; whoever comes from its address may ask for it.
    mutating func set(_ address: SocketAddress, for domain: Domain) {
        hosts[domain] = address
        if let ip = address.ipAddress { domains[ip, default: []].append(domain) }
    }

    /// Mail for all other domains goes to a host; nowhere when there is none.
    mutating func setDefault(_ address: SocketAddress?) { smarthost = address }

    /// Where the mail for a domain goes: as it is set for it or for the nearest domain above it.
    func address(for domain: Domain) -> SocketAddress? {
        var domain = domain
        while true {
            if let address = hosts[domain] { return address }
            guard let parent = domain.parent else { return smarthost }
            domain = parent
        }
    }

    /// Who is at an address.
    func peer(at address: SocketAddress?) -> MailHost.Peer {
        let ip = address?.ipAddress ?? ""
        return MailHost.Peer(
            address: ip, domains: domains[ip] ?? [], mayRelay: relayNetworks.contains { $0.contains(ip) })
    }
}
