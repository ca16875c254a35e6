import MailHost
import MailQueue
import Registry
import Resolver
import SMTP
import Source
import Timebase
import Wire

/// Makes the plan of a service from a tree that has been held against the table of keys.
///
/// What the table cannot say is checked here. Everything is looked at, so that one pass reports all there is.
struct ServiceBuilder {
    /// What was found wrong.
    var findings: Findings
    /// The folder that file names are relative to.
    let folder: String

    init(findings: Findings, folder: String) {
        self.findings = findings
        self.folder = folder
    }

    /// The plan; nil when something was found wrong, now or before.
    mutating func build(_ root: SourceNode) -> MailService.Plan? {
        let host = host(root)
        let listeners = root["listen"]?.elements.compactMap { listener($0, hasTLS: root["tls"] != nil) } ?? []
        let routes = root["domains"]?.pairs.compactMap { route($0) } ?? []
        let smarthost = root["relay"]?["smarthost"].flatMap { self.host($0, account: nil) }
        let nameServers = root["name-servers"]?.elements.compactMap(ServiceBuilder.nameServer) ?? []
        let networks = root["relay"]?["networks"]?.elements.compactMap { network($0) } ?? []
        guard findings.isEmpty, let host, let store = root["store"]?.text else { return nil }
        var plan = MailService.Plan(
            host: host, listeners: listeners, store: FileReader.path(store, in: folder), routes: routes)
        plan.smarthost = smarthost
        plan.nameServers = nameServers
        plan.user = root["user"]?.text
        plan.monitor = root["monitor"].flatMap(ServiceBuilder.endpoint).map {
            .init(address: $0.address, port: $0.port)
        }
        plan.relayNetworks = networks
        if let tls = root["tls"], let chain = tls["certificate"]?.text, let key = tls["key"]?.text {
            plan.certificate = (FileReader.path(chain, in: folder), FileReader.path(key, in: folder))
        }
        return plan
    }

    // MARK: The mail host

    private mutating func host(_ root: SourceNode) -> MailHostConfiguration? {
        guard let name = root["host-name"]?.domain, let limits = root["limits"], let domains = root["domains"],
            let postmaster = root["postmaster"]?.text.flatMap({ try? Mailbox(parsing: $0) }),
            let queue = root["queue"].flatMap({ self.queue($0, domains) })
        else { return nil }
        var configuration = MailHostConfiguration(
            name: name, label: "m", begins: CalendarDate(nanosecondsSince1970: 0), smtp: smtp(root, name, limits),
            queue: queue, owners: owners(domains))
        configuration.postmaster = postmaster
        configuration.queuesAllMail = true
        configuration.accounts = accounts(domains)
        setTLS(root, domains, in: &configuration)
        configuration.mechanisms = root["tls"] == nil ? [.scramSHA256] : Authenticator.mechanisms
        configuration.sessionLimit = limits["connections"]?.integer ?? configuration.sessionLimit
        configuration.sessionLimitPerAddress =
            limits["connections-per-address"]?.integer ?? configuration.sessionLimitPerAddress
        applyRegistry(root["registry"], limits, to: &configuration)
        setLimits(domains, in: &configuration)
        configuration.contentLimit = contentLimit(limits, largest: configuration.smtp.limits.messageSize)
        return configuration
    }

    private func smtp(_ root: SourceNode, _ name: Domain, _ limits: SourceNode) -> SMTPServerConfiguration {
        let personality = ServerPersonality.all.first { $0.name == root["personality"]?.text } ?? .generic
        var smtp = SMTPServerConfiguration(hostName: name, personality: personality)
        smtp.recipients = RecipientPolicy(
            localDomains: [name], relayDomains: Set(root["domains"]?.pairs.compactMap(\.domain) ?? []), mailboxes: [])
        smtp.relaysForAuthenticated = root["relay"]?["smarthost"] != nil
        smtp.offersDSN = personality.offers("DSN")
        smtp.offersSTARTTLS = root["tls"] != nil
        smtp.limits.messageSize = limits["message"]?.octets ?? smtp.limits.messageSize
        smtp.limits.recipients = limits["recipients"]?.integer ?? smtp.limits.recipients
        smtp.limits.errors = limits["errors"]?.integer ?? smtp.limits.errors
        smtp.timeout = limits["idle"]?.interval ?? smtp.timeout
        return smtp
    }

    private mutating func queue(_ node: SourceNode, _ domains: SourceNode) -> QueueConfiguration? {
        var queue = QueueConfiguration()
        guard let times = times(node, over: queue) else { return nil }
        queue.times = times
        queue.retriedDomains = domains.pairs.filter { $0.value["held"]?.text == "retried" }.compactMap(\.domain)
        for pair in domains.pairs {
            guard let domain = pair.domain, let own = pair.value["queue"] else { continue }
            queue.timesByDomain[domain] = self.times(own, over: queue)
        }
        return queue
    }

    /// The times of a queue, where they are set; the others are those of a configuration.
    private mutating func times(_ node: SourceNode, over general: QueueConfiguration) -> QueueConfiguration.Times? {
        var queue = general
        if let retry = node["retry"] {
            do throws(RetryScheduleError) {
                queue.retry = try RetrySchedule(retry.elements.compactMap(\.interval))
            } catch {
                if !retry.isRefused {
                    findings.report(
                        "no retry schedule", retry, expected: "pauses that never get shorter, of 30d at most")
                }
            }
        }
        queue.lifetime = node["lifetime"]?.interval ?? queue.lifetime
        // There is a warning that never comes, which is not the one of the others.
        if let warning = node["warning"] { queue.warning = warning.interval }
        queue.minimalFlushInterval = node["flush-interval"]?.interval ?? queue.minimalFlushInterval
        guard queue.isConsistent else {
            findings.report(
                "the times of the queue are not in order", node, expected: "a lifetime of a minute to a year")
            return nil
        }
        return queue.times
    }

    private func setLimits(_ domains: SourceNode, in configuration: inout MailHostConfiguration) {
        for pair in domains.pairs {
            guard let domain = pair.domain, let limits = pair.value["limits"] else { continue }
            configuration.smtp.recipients.limits[domain] = .init(messageSize: limits["message"]?.octets)
            configuration.heldLimits[domain] = limits["held"]?.octets
        }
    }

    /// The domains of each owner: those of one account belong together, and those of one host.
    private func owners(_ domains: SourceNode) -> [[Domain]] {
        var owners: [(key: String, domains: [Domain])] = []
        for pair in domains.pairs {
            guard let domain = pair.domain else { continue }
            let host = pair.value["host"]?.text ?? ""
            // Behind the MX records of two domains may be two hosts.
            let key =
                pair.value["account"]?.text ?? (Endpoint(parsing: host) == nil ? "domain \(domain)" : "host \(host)")
            if let index = owners.firstIndex(where: { $0.key == key }) {
                owners[index].domains.append(domain)
            } else {
                owners.append((key, [domain]))
            }
        }
        return owners.map(\.domains)
    }

    private func accounts(_ domains: SourceNode) -> [String: [Domain]] {
        var accounts: [String: [Domain]] = [:]
        for pair in domains.pairs {
            if let name = pair.value["account"]?.text, let domain = pair.domain {
                accounts[name, default: []].append(domain)
            }
        }
        return accounts
    }

    /// How much of messages is kept in memory: at least the largest, which would never be taken otherwise.
    private mutating func contentLimit(_ limits: SourceNode, largest: Int) -> Int {
        guard let node = limits["content"], let limit = node.octets else { return largest }
        if let message = limits["message"]?.octets, limit < message {
            findings.report("the largest message would never be taken", node, expected: "`message` at least")
        }
        return max(limit, largest)
    }

    /// The limits of the file stand where the registry says nothing of its own.
    private mutating func applyRegistry(
        _ node: SourceNode?, _ limits: SourceNode, to configuration: inout MailHostConfiguration
    ) {
        let messageSize = configuration.smtp.limits.messageSize
        let hive = node.flatMap { findings.registry($0, folder: folder) } ?? RegistryHive()
        guard let parameters = try? ExchangeParameters(hive) else { return }
        configuration.apply(parameters)
        if parameters.inboundSizeLimit == nil { configuration.smtp.limits.messageSize = messageSize }
        if hive.value(ExchangeValue.diskSpaceLowWaterMark.rawValue, in: ExchangeParameters.key) == nil {
            configuration.lowWaterMark = limits["free-disk"]?.octets ?? configuration.lowWaterMark
        }
    }

    // MARK: Listeners, networks and routes

    /// A network that may send to anybody; half of the world may not.
    private mutating func network(_ node: SourceNode) -> Network? {
        guard let network = node.text.flatMap(Network.init) else { return nil }
        guard !network.isTooWide else {
            findings.report(
                "this would be an open relay: anybody could send to anybody", node,
                expected: "a network of your own, at least /8, or /16 of IPv6")
            return nil
        }
        return network
    }

    private mutating func listener(_ node: SourceNode, hasTLS: Bool) -> MailService.Listener? {
        guard let pair = node.pairs.first, let endpoint = ServiceBuilder.endpoint(pair.value) else { return nil }
        var listener = MailService.Listener(address: endpoint.address, port: endpoint.port)
        switch pair.key {
        case "submission": listener.service = .submission
        case "submissions": (listener.service, listener.isImplicitlySecure) = (.submission, true)
        case "odmr": listener.service = .onDemandRelay
        default: break
        }
        guard hasTLS || !listener.isImplicitlySecure else {
            findings.report("`submissions` needs a certificate", at: pair.keyPlace, path: node.path, expected: "`tls`")
            return nil
        }
        return listener
    }

    private mutating func route(_ pair: SourceNode.Pair) -> MailService.Route? {
        guard let domain = pair.domain, let node = pair.value["host"],
            let host = self.host(node, account: pair.value["account"]?.text)
        else { return nil }
        if case .mailExchangers = host, pair.value["account"] == nil, pair.value["held"]?.text != "retried" {
            findings.report(
                "nobody could ask for its mail", node,
                expected: "an `account` that asks, an address that asks, or `held: retried`")
            return nil
        }
        return MailService.Route(domain: domain, host: host)
    }

    private mutating func host(_ node: SourceNode, account: String?) -> MailService.Route.Host? {
        switch node.text.flatMap({ Destination(parsing: $0, words: ["mx", "last-address"]) }) {
        case .at(let endpoint): return .at(address: endpoint.address, port: endpoint.port)
        case .word("mx", let port): return .mailExchangers(port: port ?? 25)
        case .word(_, let port):
            guard let account else {
                findings.report("nobody's last address", node, expected: "an `account`, whose last address it is")
                return nil
            }
            return .lastAddress(account: account, port: port ?? 25)
        case nil: return nil
        }
    }

    private static func nameServer(_ node: SourceNode) -> NameServer? {
        guard let endpoint = endpoint(node), let address = IPAddress(parsing: endpoint.address) else { return nil }
        return NameServer(address, port: UInt16(clamping: endpoint.port))
    }

    private func setTLS(_ root: SourceNode, _ domains: SourceNode, in configuration: inout MailHostConfiguration) {
        configuration.tls = root["relay"]?["tls"]?.text.flatMap(TLSPolicy.init) ?? .ifOffered
        for pair in domains.pairs {
            if let domain = pair.domain {
                configuration.tlsByDomain[domain] = pair.value["tls"]?.text.flatMap(TLSPolicy.init)
            }
        }
    }

    private static func endpoint(_ node: SourceNode) -> Endpoint? { node.text.flatMap(Endpoint.init) }
}

extension TLSPolicy {
    fileprivate init?(_ word: String) {
        switch word {
        case "never": self = .never
        case "if-offered": self = .ifOffered
        case "always": self = .always
        default: return nil
        }
    }
}

extension SourceNode.Pair {
    /// The key as a domain.
    fileprivate var domain: Domain? { try? Domain(parsing: key) }
}
