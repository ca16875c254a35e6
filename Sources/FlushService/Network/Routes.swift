import MailHost
import NIOCore
import SMTP

/// Where the hosts of domains are, and whose an address is.
struct Routes: Sendable {
    // Looked up, never walked.
    private var hosts: [Domain: SocketAddress] = [:]
    private var domains: [String: [Domain]] = [:]

    /// Mail for a domain, and for those below it, goes to a host; whoever comes from its address may ask for it.
    mutating func set(_ address: SocketAddress, for domain: Domain) {
        hosts[domain] = address
        if let ip = address.ipAddress { domains[ip, default: []].append(domain) }
    }

    /// Where the mail for a domain goes: as it is set for it or for the nearest domain above it.
    func address(for domain: Domain) -> SocketAddress? {
        var domain = domain
        while true {
            if let address = hosts[domain] { return address }
            guard let parent = domain.parent else { return nil }
            domain = parent
        }
    }

    /// Who is at an address.
    func peer(at address: SocketAddress?) -> MailHost.Peer {
        let ip = address?.ipAddress ?? ""
        return MailHost.Peer(address: ip, domains: domains[ip] ?? [])
    }
}
