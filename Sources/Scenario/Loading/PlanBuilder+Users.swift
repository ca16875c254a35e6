import SMTP
import Simulation
import Source
import Wire

/// Users of the RAS; a group is many of them under one name.
extension PlanBuilder {
    /// Expands the users of a RAS and checks that names, addresses and domains are given once.
    /// - Returns: the addresses for users without one of their own.
    mutating func buildUsers(of ras: SourceNode, serverAddress: SourceNode?) -> RASPlan.Pool? {
        let node = ras["users"]
        usersAreKnown = node?.isRefused == false
        var holders: [IPv4Address: String] = [:]
        if let address = serverAddress?.address { holders[address] = "the server" }
        let pool = ras["pool"].flatMap { self.pool($0, ports: ras["ports"]?.integer, holders: &holders) }
        for pair in node?.pairs ?? [] {
            let entry = pair.value
            let count = entry["count"].map { $0.integer ?? 1 }
            guard users.count + (count ?? 1) <= PlanBuilder.mostHosts else {
                findings.report("too many users", entry, expected: "at most \(PlanBuilder.mostHosts) in all")
                return pool
            }
            let first = users.count
            if entry["address"] == nil, ras["pool"] == nil {
                findings.report(
                    "no address: neither the user nor the RAS has one", at: pair.keyPlace, path: entry.path,
                    expected: "`address`, or `pool` in server.ras")
            }
            let name = "user `\(pair.key.abridged)`"
            let addresses = self.addresses(entry["address"], count: count ?? 1, holders: &holders, name: name)
            let password = entry["password"]?.text ?? ""
            var domains = entry["domains"]?.elements ?? []
            checkNumbers(domains, in: entry)
            for number in 0..<(count ?? 1) {
                let name = count == nil ? pair.key : "\(pair.key)-\(number + 1)"
                guard userIndex[name] == nil else {
                    findings.report(
                        "two users have one name", at: pair.keyPlace, path: entry.path, found: "`\(name.abridged)`")
                    break
                }
                userIndex[name] = users.count
                let own = claim(
                    &domains, number: count == nil ? nil : number + 1, owner: users.count, in: \.userOfDomain)
                users.append(
                    RASPlan.User(
                        name: name, password: password, address: addresses?[number], domains: own))
            }
            if count != nil { userGroups[pair.key] = first..<users.count }
        }
        return pool
    }

    private mutating func pool(
        _ node: SourceNode, ports: Int?, holders: inout [IPv4Address: String]
    ) -> RASPlan.Pool? {
        guard let count = node["count"]?.integer,
            let first = addresses(node["address"], count: count, holders: &holders, name: "the pool")?.first
        else { return nil }
        guard count >= ports ?? 1 else {
            findings.report(
                "fewer addresses than ports", node, found: "\(count)", expected: "at least \(ports ?? 1)")
            return nil
        }
        return RASPlan.Pool(first: first, count: count)
    }

    private mutating func addresses(
        _ node: SourceNode?, count: Int, holders: inout [IPv4Address: String], name: String
    ) -> [IPv4Address]? {
        guard let node, let first = node.address else { return nil }
        let addresses = (0..<UInt32(count)).map { IPv4Address(rawValue: first.rawValue + $0) }
        guard addresses.allSatisfy(Scalar.isOfHost) else {
            findings.report("no address for a host", node, found: "\(first), \(count) of them")
            return nil
        }
        var isReported = false
        for address in addresses {
            if let holder = holders[address] {
                guard !isReported else { continue }
                isReported = true
                findings.report(
                    "two hosts have one address", node, found: "\(address), which \(holder) has already",
                    expected: "an address of its own")
                continue
            }
            holders[address] = name
        }
        return addresses
    }

    /// Reports a text that should have `{n}` in it and has not, or has and should not.
    mutating func checkNumbers(_ nodes: [SourceNode], in entry: SourceNode) {
        let isGroup = entry["count"] != nil
        for node in nodes {
            guard let text = node.text, text.contains("{n}") != isGroup else { continue }
            if isGroup {
                findings.report(
                    "every host of the group would have the same", node, found: "`\(text.abridged)`",
                    expected: "{n} in it, which stands for the number of the host")
            } else {
                findings.report(
                    "{n} has no meaning without `count`", node, found: "`\(text.abridged)`")
            }
        }
    }

    /// The domains of one host or user, which nobody else has. A place that was reported is refused from then on.
    /// - Parameters:
    ///   - nodes: the domains as they were written.
    ///   - number: the host's number in its group.
    ///   - owner: who has them from now on.
    ///   - table: who has which domain.
    /// - Returns: its domains, in the order in which they were written.
    mutating func claim(
        _ nodes: inout [SourceNode], number: Int?, owner: Int, in table: WritableKeyPath<PlanBuilder, [Domain: Int]>
    ) -> [Domain] {
        var own: [Domain] = []
        for index in nodes.indices {
            // {n} outside a group has been reported already.
            guard let text = nodes[index].text, number != nil || !text.contains("{n}") else { continue }
            // The table has read the name with a 1 for {n}. And mail for it goes to a mailbox, office@ in front of it.
            guard let domain = nodes[index].domain(numbered: number),
                (try? Mailbox(localPart: "office", domain: domain)) != nil
            else {
                findings.report(
                    "the domain is too long", nodes[index], found: "`\(text.numbered(number).abridged)`",
                    expected: "labels of at most 63 octets, and at most 247 in all")
                nodes[index].content = .refused
                continue
            }
            guard self[keyPath: table][domain] == nil else {
                // A group without {n} has been reported already.
                if number == nil || nodes[index].text?.contains("{n}") == true {
                    findings.report(
                        "two hosts have one domain", nodes[index], found: "`\(domain)` again",
                        expected: "a domain of its own")
                }
                nodes[index].content = .refused
                continue
            }
            self[keyPath: table][domain] = owner
            own.append(domain)
            add(domain)
        }
        return own
    }
}
