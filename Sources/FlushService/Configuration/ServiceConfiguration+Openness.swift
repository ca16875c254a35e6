import MailHost
import SMTP
import Source

extension ServiceConfiguration {
    /// What is open to whom, in lines for an operator.
    public var openness: String {
        (plan.listeners.map(line) + plan.host.owners.joined().map(line) + [wayOut]).joined(separator: "\n") + "\n"
    }

    /// The accounts that domains name and that nobody has made yet, in the order of the alphabet.
    public func accounts(missingIn file: AccountsFile) -> [String] {
        plan.host.accounts.keys.sorted().filter { file.keys[$0] == nil }
    }

    private func line(about listener: MailService.Listener) -> String {
        let place = "\(listener.address) port \(listener.port)"
        switch listener.service {
        case .mail:
            let others = plan.relayNetworks.isEmpty ? "" : ", from \(networks) for all others"
            return "\(place): takes mail from anybody for the domains below\(others), and ETRN"
        case .submission: return "\(place): takes mail after AUTH" + (listener.isImplicitlySecure ? " over TLS" : "")
        case .onDemandRelay: return "\(place): takes ATRN after AUTH"
        }
    }

    private func line(about domain: Domain) -> String {
        let route = plan.routes.first { $0.domain == domain }
        let account = plan.host.accounts.keys.sorted().first { plan.host.accounts[$0]?.contains(domain) == true }
        var askers: [String] = []
        if case .at(let address, _) = route?.host { askers.append("by ETRN from \(address)") }
        if let account { askers.append((route == nil ? "by ATRN" : "by ETRN or ATRN") + " as \(account)") }
        let place = route.map { "; its host is \($0.host)" } ?? ""
        let asked = askers.isEmpty ? "asked for by nobody" : "asked for \(askers.joined(separator: ", or "))"
        return "\(domain): \(asked)\(place)"
    }

    private var wayOut: String {
        guard let smarthost = plan.smarthost else { return "other domains: no mail is taken for them" }
        let askers = plan.relayNetworks.isEmpty ? "after AUTH" : "after AUTH, or from \(networks)"
        let way = if case .at = smarthost { "goes to the host" } else { "goes" }
        return "other domains: mail is taken for them \(askers), and \(way) \(smarthost)"
    }

    private var networks: String { plan.relayNetworks.map(\.description).joined(separator: ", ") }
}

extension MailService.Route.Host: CustomStringConvertible {
    /// The host as it follows the word `host`.
    public var description: String {
        switch self {
        case .at(let address, let port): "at \(address) port \(port)"
        case .mailExchangers(let port): "where MX records say" + (port == 25 ? "" : ", port \(port)")
        case .lastAddress(let account, let port):
            "where \(account) was last proved by AUTH" + (port == 25 ? "" : ", port \(port)")
        }
    }
}
