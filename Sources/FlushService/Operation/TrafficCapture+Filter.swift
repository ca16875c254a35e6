import MailHost
import Resolver
import Source
import Wire

extension TrafficCapture {
    /// What is a service's own: what passes at its listeners, at the hosts of its domains, and at the name servers that
    /// it asks for them. Nobody can tell it from what other programs of this machine send there.
    /// - Parameters:
    ///   - plan: the service.
    ///   - ports: where its listeners are bound.
    /// - Returns: an expression in tcpdump's language.
    static func filter(for plan: MailService.Plan, boundTo ports: [Int]) -> String {
        var terms = zip(plan.listeners, ports).map { term($0.address, $1) }
        let hosts = plan.routes.map(\.host) + [plan.smarthost].compactMap { $0 }
        for host in hosts {
            switch host {
            case .at(let address, let port): terms.append(term(address, port))
            case .mailExchangers(let port), .lastAddress(_, let port): terms.append("tcp port \(port)")
            }
        }
        if hosts.contains(where: \.isLookedUp) {
            terms += ResolverConfiguration(of: plan).servers.map { "(host \($0.address) and port \($0.port))" }
        }
        var seen: Set<String> = []
        return terms.filter { seen.insert($0).inserted }.joined(separator: " or ")
    }

    private static func term(_ address: String, _ port: Int) -> String {
        ["0.0.0.0", "::"].contains(address) ? "tcp port \(port)" : "(host \(address) and tcp port \(port))"
    }
}

extension MailService.Route.Host {
    /// Whether name servers are asked where it is.
    fileprivate var isLookedUp: Bool { if case .mailExchangers = self { true } else { false } }
}
