import Registry
import SMTP
import Simulation
import Source
import Telephony
import Wire

/// The hosts that dial; a group is many of them under one name.
extension PlanBuilder {
    /// Expands the clients and checks whom they call, as whom, and for what.
    mutating func buildClients(_ node: SourceNode?, number: SourceNode?) {
        clientsAreKnown = node?.isRefused == false
        var callerOfUser: [String: String] = [:]
        for pair in node?.pairs ?? [] {
            let entry = pair.value
            let count = entry["count"].map { $0.integer ?? 1 }
            guard clientNames.count + (count ?? 1) <= PlanBuilder.mostHosts else {
                findings.report("too many hosts", entry, expected: "at most \(PlanBuilder.mostHosts) in all")
                return
            }
            let first = clientNames.count
            checkNumber(entry["dials"]?["number"], against: number)
            let template = self.template(of: entry)
            var domains = entry["domains"]?.elements ?? []
            let users = [entry["dials"]?["user"], entry["account"]?["user"]].compactMap(\.self)
            checkNumbers(domains + users, in: entry)
            checkReversal(of: entry, at: pair.keyPlace)
            if domains.isEmpty, entry["retrieves"]?.text != "nothing",
                entry["domains"]?.isRefused == false
            {
                findings.report(
                    "nothing to retrieve: the host has no domain", at: pair.keyPlace, path: entry.path,
                    expected: "`domains`, or `retrieves: nothing`")
            }
            for index in 0..<(count ?? 1) {
                let name = count == nil ? pair.key : "\(pair.key)-\(index + 1)"
                guard clientIndex[name] == nil, groups[name] == nil else {
                    findings.report(
                        "two hosts have one name", at: pair.keyPlace, path: entry.path, found: "`\(name)`")
                    break
                }
                let number = count == nil ? nil : index + 1
                let own = claim(&domains, number: number, owner: clientNames.count, in: \.ownerOfDomain)
                clientIndex[name] = clientNames.count
                clientNames.append(name)
                if var host = template?.host(name: name, domains: own, number: number) {
                    let named = etrnArguments(entry["asks-for"], number: number)
                    if !named.isEmpty { host.asksFor = named }
                    clients.append(host)
                }
                let isKnown = checkUser(entry["dials"]?["user"], number: number, name: name, callers: &callerOfUser)
                guard isKnown, checkAccount(entry["account"]?["user"], number: number) else { break }
            }
            if count != nil { groups[pair.key] = first..<clientNames.count }
        }
    }

    private mutating func template(of node: SourceNode) -> ClientPlan? {
        let parameters = self.parameters(node["registry"])
        let modem = node["modem"].flatMap { self.modem($0) }
        guard let dials = node["dials"], let number = dials["number"]?.text, let user = dials["user"]?.text,
            let password = dials["password"]?.text, let attempts = dials["redial"]?["attempts"]?.integer,
            let pause = dials["redial"]?["pause"]?.interval, let modem,
            let retrieves = node["retrieves"]?.text.flatMap(ClientPlan.Retrieval.init(rawValue:)),
            let listensAfter = node["listens-after"]?.interval,
            let asksLike = node["asks-like"]?.text.flatMap(ClientPlan.Manner.init(rawValue:)),
            let hangsUp = hangUp(node["hangs-up"]), let parameters
        else { return nil }
        return ClientPlan(
            name: "", domains: [], modem: modem,
            dials: ClientPlan.PhoneBookEntry(
                number: number, user: user, password: password, attempts: attempts, pause: pause),
            retrieves: retrieves == .nothing ? parameters.retrieval : retrieves, account: account(node["account"]),
            asksFor: parameters.siteDomain.flatMap { try? Domain(parsing: $0) }.map { [.domain($0)] } ?? [],
            asksLike: asksLike,
            offers: Set((node["offers"]?.elements ?? []).compactMap { $0.text.flatMap(ClientPlan.Extension.init) }),
            listensAfter: listensAfter, hangsUp: hangsUp)
    }

    /// What its registry says of Exchange; the site's domain is one of its own.
    private mutating func parameters(_ node: SourceNode?) -> ExchangeParameters? {
        guard let node, let hive = findings.registry(node, folder: mainFolder),
            let parameters = try? ExchangeParameters(hive)
        else { return nil }
        guard let name = parameters.siteDomain else { return parameters }
        guard let domain = try? Domain(parsing: name), userOfDomain[domain] != nil || !usersAreKnown else {
            let held = users.lazy.flatMap(\.domains).map(\.folded)
            findings.report(
                "no user has this domain", node, found: "SiteDomain `\(name.abridged)`",
                expected: "a domain of server.ras.users", suggestion: Suggestion.nearest(to: name, in: held))
            return nil
        }
        return parameters
    }

    private func etrnArguments(_ node: SourceNode?, number: Int?) -> [ETRNArgument] {
        (node?.elements ?? []).compactMap { element in
            element.text.flatMap { try? ETRNArgument(parsing: $0.numbered(number)) }
        }
    }

    private func hangUp(_ node: SourceNode?) -> ClientPlan.HangUp? {
        switch node?.text {
        case "when-flushed": return .whenFlushed
        case "never": return .never
        default: break
        }
        if let idle = node?["after-idle"]?.interval { return .afterIdle(idle) }
        return (node?["after"]?.interval).map { .after($0) }
    }

    private mutating func checkNumber(_ node: SourceNode?, against known: SourceNode?) {
        guard let node, let dialled = node.text, let known = known?.text, dialled != known else { return }
        findings.report(
            "nobody answers this number", node, found: "`\(dialled)`", expected: "`\(known)`, the number of server.ras",
            suggestion: Suggestion.nearest(to: dialled, in: [known]))
    }

    // Whether the host calls as a user that there is and that no other host calls as.
    private mutating func checkUser(
        _ node: SourceNode?, number: Int?, name: String, callers: inout [String: String]
    ) -> Bool {
        guard usersAreKnown, let node, let text = node.text else { return true }
        // A group without {n} has been reported already.
        guard number == nil || text.contains("{n}") else { return false }
        let user = text.numbered(number)
        if let index = userIndex[user] {
            guard let other = callers[user] else {
                callers[user] = name
                return true
            }
            let address = users[index].address?.description ?? "from the pool"
            findings.report(
                "two hosts have one address", node,
                found: "user `\(user.abridged)`, whose address \(address) `\(other)` has already",
                expected: "a user of its own")
            return false
        }
        let known = users.map(\.name)
        findings.report(
            "no such user", node, found: "`\(user.abridged)`",
            expected: known.isEmpty ? "a user of server.ras.users" : "one of \(PlanBuilder.enumerated(known))",
            suggestion: Suggestion.nearest(to: user, in: known))
        return false
    }
}

extension ClientPlan {
    /// This plan for one host of its group.
    fileprivate func host(name: String, domains: [Domain], number: Int?) -> ClientPlan {
        var host = self
        host.name = name
        host.domains = domains
        host.dials.user = dials.user.numbered(number)
        host.account?.user = account?.user.numbered(number) ?? ""
        return host
    }
}

extension ExchangeParameters {
    /// How Exchange asks where nothing else is said: TURN or ETRN to every host that offers it.
    fileprivate var retrieval: ClientPlan.Retrieval { alwaysUsesTURN ? .turn : alwaysUsesETRN ? .etrn : .nothing }
}
