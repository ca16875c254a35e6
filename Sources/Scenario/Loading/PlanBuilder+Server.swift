import MailQueue
import Registry
import SMTP
import Simulation
import Source
import Timebase
import Wire

extension PlanBuilder {
    /// The server host.
    mutating func server(_ node: SourceNode) -> ServerPlan? {
        let ras = node["ras"].flatMap { self.ras($0, serverAddress: node["address"]) }
        let queue = node["queue"].flatMap { self.queue($0) }
        let registry = node["registry"].flatMap { self.findings.registry($0, folder: mainFolder) }
        let routes = node["routes"].map { self.routes($0) }
        buildAccounts(node["accounts"])
        let mechanisms = self.mechanisms(node["mechanisms"])
        guard let name = node["name"]?.domain, let address = node["address"]?.address, let ras, let queue,
            let registry, let routes, let checksIdentity = node["checks-identity"]?.text,
            let personality = node["personality"].flatMap(PlanBuilder.personality),
            let diskLatency = node["disk-latency"]?.interval, let answersFinger = node["answers-finger"]?.text
        else { return nil }
        return ServerPlan(
            name: name, address: address, personality: personality, ras: ras, queue: queue, registry: registry,
            routes: routes, checksIdentity: checksIdentity == "true", diskSpace: node["disk-space"]?.octets,
            diskLatency: diskLatency, accounts: accounts, mechanisms: mechanisms,
            answersFinger: answersFinger == "true")
    }

    private static func personality(_ node: SourceNode) -> ServerPersonality? {
        let name = node.text ?? node["like"]?.text
        guard var personality = ServerPersonality.all.first(where: { $0.name == name }) else { return nil }
        for element in node["faults"]?.elements ?? [] {
            guard let fault = element.text.flatMap(ETRNPolicy.Fault.init(rawValue:)) else { return nil }
            personality.etrn.faults.insert(fault)
        }
        return personality
    }

    private mutating func ras(_ node: SourceNode, serverAddress: SourceNode?) -> RASPlan? {
        let pool = buildUsers(of: node, serverAddress: serverAddress)
        let authentication = self.authentication(node["authentication"])
        let modem = node["modem"].flatMap { self.modem($0) }
        guard let number = node["number"]?.text, let ports = node["ports"]?.integer, let modem,
            !authentication.isEmpty, let idle = node["idle-disconnect"], !idle.isRefused,
            let autoAnswer = node["auto-answer"]?.text
        else { return nil }
        return RASPlan(
            number: number, ports: ports, modem: modem, authentication: authentication, users: users,
            pool: pool, idleDisconnect: idle.interval, autoAnswer: autoAnswer == "true")
    }

    private mutating func authentication(_ node: SourceNode?) -> [RASPlan.Authentication] {
        var protocols: [RASPlan.Authentication] = []
        for element in node?.elements ?? [] {
            guard let one = element.text.flatMap(RASPlan.Authentication.init(rawValue:)) else { continue }
            if protocols.contains(one) {
                findings.report("the protocol is there twice", element, found: "`\(one.rawValue)`")
            }
            protocols.append(one)
        }
        return protocols
    }

    private mutating func queue(_ node: SourceNode) -> QueueConfiguration? {
        let oversize = node["oversize"].flatMap { self.oversize($0) }
        guard (oversize == nil) == (node["oversize"] == nil), let retry = schedule(node["retry"]),
            let lifetime = node["lifetime"]?.interval,
            let triesUnasked = node["tries-unasked"]?.text, let minimum = node["minimal-flush-interval"]?.interval,
            let concurrent = node["concurrent-flushes"]?.integer, let quick = node["quick-retry"],
            let first = quick["first"]?.interval, let longest = quick["longest"]?.interval,
            let total = quick["total"]?.interval, let order = node["order"]?.text,
            let connections = node["connections-per-link"]?.integer,
            let patience = node["patience"]?.interval
        else { return nil }
        var queue = QueueConfiguration()
        queue.order = order == "small-first" ? .smallFirst(patience: patience) : .arrival
        queue.budget.octets = node["budget"]?["octets"]?.octets
        queue.budget.time = node["budget"]?["time"]?.interval
        queue.oversize = oversize
        queue.namedQueues = namedQueues(node["named-queues"])
        queue.retry = retry
        queue.lifetime = lifetime
        queue.warning = node["warns-after"]?.interval
        queue.triesUnasked = triesUnasked == "true"
        queue.minimalFlushInterval = minimum
        queue.concurrentFlushes = concurrent
        queue.connectionsPerLink = connections
        queue.quickRetry.first = first
        queue.quickRetry.longest = longest
        queue.quickRetry.total = total
        queue.onDemandDomains = users.flatMap(\.domains)
        guard queue.isConsistent else {
            findings.report(
                "the queue's times do not fit together", node,
                expected: "a lifetime up to 365d, a longest quick pause not below the first, quick pauses up to 1d")
            return nil
        }
        return queue
    }

    private mutating func namedQueues(_ node: SourceNode?) -> [QueueConfiguration.NamedQueue] {
        let held = users.flatMap(\.domains)
        return (node?.pairs ?? []).map { pair in
            let domains = pair.value.elements.compactMap { element -> Domain? in
                guard let domain = element.domain else { return nil }
                if usersAreKnown, !held.contains(domain) {
                    findings.report(
                        "no user has this domain", element, found: "`\(domain)`",
                        expected: "a domain of server.ras.users",
                        suggestion: Suggestion.nearest(to: domain.folded, in: held.map(\.folded)))
                }
                return domain
            }
            return QueueConfiguration.NamedQueue(name: pair.key, domains: domains)
        }
    }

    private mutating func oversize(_ node: SourceNode) -> OversizeRule? {
        guard let limit = node["above"]?.octets, let from = timeOfDay(node["from"]), let to = timeOfDay(node["to"])
        else { return nil }
        guard from != to else {
            findings.report("hours that are none or all", node, expected: "two times of day that differ")
            return nil
        }
        let midnight = begins.nanosecondsSince1970 % Interval.days(1).nanoseconds
        return OversizeRule(
            limit: limit, hours: DailyHours(from: from, to: to, atBeginning: .nanoseconds(midnight)))
    }

    private mutating func timeOfDay(_ node: SourceNode?) -> Interval? {
        guard let node, let text = node.text, let moment = try? Moment(parsing: text) else { return nil }
        if case .timeOfDay(let nanoseconds) = moment { return .nanoseconds(nanoseconds) }
        findings.report("not a time of day", node, expected: "a time such as \"22:00\"")
        return nil
    }

    private mutating func schedule(_ node: SourceNode?) -> RetrySchedule? {
        let elements = node?.elements ?? []
        let pauses = elements.compactMap(\.interval)
        guard !elements.isEmpty, pauses.count == elements.count else { return nil }
        do throws(RetryScheduleError) {
            return try RetrySchedule(pauses)
        } catch {
            switch error {
            case .empty: break
            case .notPositive(let index): findings.report("nothing at all", elements[index])
            case .tooLong(let index): findings.report("too long", elements[index], expected: "at most 30d")
            case .decreasing(let index):
                findings.report(
                    "the retry list decreases", elements[index], found: "\(pauses[index]) after \(pauses[index - 1])",
                    expected: "at least \(pauses[index - 1])")
            }
            return nil
        }
    }

    private mutating func routes(_ node: SourceNode) -> [ServerPlan.Route] {
        node.pairs.compactMap { pair in
            guard let domain = knownDomain(pair), let address = pair.value.address else { return nil }
            return ServerPlan.Route(domain: domain, address: address)
        }
    }

    /// The domain that a key of `routes` or `route` names, when the server holds mail for it.
    mutating func knownDomain(_ pair: SourceNode.Pair) -> Domain? {
        guard let domain = try? Domain(parsing: pair.key) else { return nil }
        if userOfDomain[domain] != nil || !usersAreKnown { return domain }
        let held = users.lazy.flatMap(\.domains).map(\.folded)
        findings.report(
            "no user has this domain", at: pair.keyPlace, path: pair.value.path, found: "`\(pair.key.abridged)`",
            expected: "a domain of server.ras.users", suggestion: Suggestion.nearest(to: domain.folded, in: held))
        return nil
    }
}
