import SMTP
import Simulation
import Source

/// Who may prove a name to the mail server, and who does before ATRN or TURN.
extension PlanBuilder {
    // MARK: At the server

    /// Expands the accounts and checks that their domains are held.
    mutating func buildAccounts(_ node: SourceNode?) {
        accountsAreKnown = node?.isRefused == false
        for pair in node?.pairs ?? [] {
            let entry = pair.value
            let count = entry["count"].map { $0.integer ?? 1 }
            guard accounts.count + (count ?? 1) <= PlanBuilder.mostHosts else {
                findings.report("too many accounts", entry, expected: "at most \(PlanBuilder.mostHosts) in all")
                return
            }
            let domains = entry["domains"]?.elements ?? []
            checkNumbers(domains, in: entry)
            for number in 0..<(count ?? 1) {
                let name = count == nil ? pair.key : "\(pair.key)-\(number + 1)"
                guard accountNames.insert(name).inserted else {
                    findings.report(
                        "two accounts have one name", at: pair.keyPlace, path: entry.path, found: "`\(name.abridged)`")
                    break
                }
                let held = heldDomains(domains, number: count == nil ? nil : number + 1)
                accounts.append(
                    ServerPlan.Account(name: name, password: entry["password"]?.text ?? "", domains: held ?? []))
                guard held != nil else { break }
            }
        }
    }

    // Reports the first domain that nobody's mail is held for.
    private mutating func heldDomains(_ nodes: [SourceNode], number: Int?) -> [Domain]? {
        var domains: [Domain] = []
        for node in nodes {
            guard let text = node.text, number != nil || !text.contains("{n}") else { continue }
            guard let domain = node.domain(numbered: number) else { continue }
            guard userOfDomain[domain] != nil || !usersAreKnown else {
                let held = users.lazy.flatMap(\.domains).map(\.folded)
                findings.report(
                    "no user has this domain", node, found: "`\(domain)`", expected: "a domain of server.ras.users",
                    suggestion: Suggestion.nearest(to: domain.folded, in: held))
                return nil
            }
            domains.append(domain)
        }
        return domains
    }

    /// The mechanisms of AUTH.
    mutating func mechanisms(_ node: SourceNode?) -> [SASLMechanism] {
        var mechanisms: [SASLMechanism] = []
        for element in node?.elements ?? [] {
            guard let one = element.text.flatMap({ SASLMechanism(rawValue: $0.uppercased()) }) else { continue }
            if mechanisms.contains(one) {
                findings.report("the mechanism is there twice", element, found: "`\(element.text ?? "")`")
            }
            mechanisms.append(one)
        }
        return mechanisms
    }

    // MARK: At a client

    /// Who a client proves to be; the name of a group's account has still its `{n}`.
    func account(_ node: SourceNode?) -> ClientPlan.Account? {
        guard let user = node?["user"]?.text, let password = node?["password"]?.text,
            let mechanism = node?["mechanism"]?.text.flatMap({ SASLMechanism(rawValue: $0.uppercased()) })
        else { return nil }
        return ClientPlan.Account(user: user, password: password, mechanism: mechanism)
    }

    /// Checks that a client that asks by ATRN, TURN or Finger has what it takes.
    mutating func checkReversal(of entry: SourceNode, at place: Place) {
        let names = entry["asks-for"]?.elements ?? []
        switch entry["retrieves"]?.text {
        case "atrn":
            if entry["account"] == nil {
                findings.report(
                    "ATRN is for those who prove who they are", at: place, path: entry.path, expected: "`account`")
            }
            checkDomains(names, "ATRN names domains alone")
        case "turn":
            if let name = names.first { findings.report("TURN names nothing", name, found: name.inWords) }
        case "finger": checkDomains(names, "Finger asks after domains alone")
        default: break
        }
    }

    private mutating func checkDomains(_ names: [SourceNode], _ problem: String) {
        let odd = names.first { name in name.text.map { $0.hasPrefix("@") || $0.hasPrefix("#") } ?? false }
        guard let odd else { return }
        findings.report(problem, odd, found: odd.inWords, expected: "a domain such as branch.example")
    }

    /// Whether the server knows the account of one host; reports one that it does not know.
    mutating func checkAccount(_ node: SourceNode?, number: Int?) -> Bool {
        guard accountsAreKnown, let node, let text = node.text else { return true }
        // A group without {n} has been reported already.
        guard number == nil || text.contains("{n}") else { return false }
        let name = text.numbered(number)
        guard !accountNames.contains(name) else { return true }
        let known = accounts.map(\.name)
        findings.report(
            "no such account", node, found: "`\(name.abridged)`",
            expected: known.isEmpty ? "a name of server.accounts" : "one of \(PlanBuilder.enumerated(known))",
            suggestion: Suggestion.nearest(to: name, in: known))
        return false
    }
}
