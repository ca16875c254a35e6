import Events
import MailQueue
import Registry
import SMTP
import Simulation
import Source
import Telephony
import Timebase
import Wire

/// Makes the plan of a world from a tree that has been held against the table of keys.
///
/// What the table cannot say is checked here: names that mean somebody, addresses that are given once, times within the
/// run. Everything is looked at, whatever was found before, so that one pass reports all there is.
struct PlanBuilder {
    /// What was found wrong.
    var findings: Findings
    /// The folder that file names are relative to.
    let mainFolder: String

    /// When the run begins.
    private(set) var begins = CalendarDate(nanosecondsSince1970: 0)
    /// How long it lasts.
    private(set) var lasts = Interval.zero
    /// Whether the users could be read at all: otherwise nobody is reported as unknown.
    var usersAreKnown = false
    /// Whether the clients could be read at all.
    var clientsAreKnown = false
    /// The users of the RAS, groups expanded.
    var users: [RASPlan.User] = []
    /// Who each user is, by name.
    var userIndex: [String: Int] = [:]
    /// The accounts of the mail server, groups expanded.
    var accounts: [ServerPlan.Account] = []
    /// Their names; looked up, never walked.
    var accountNames: Set<String> = []
    /// Whether the accounts could be read at all.
    var accountsAreKnown = false
    /// The users' groups.
    var userGroups: [String: Range<Int>] = [:]
    /// The names of the client hosts, groups expanded.
    var clientNames: [String] = []
    /// The client hosts, as far as nothing was refused.
    var clients: [ClientPlan] = []
    /// Which client a name means.
    var clientIndex: [String: Int] = [:]
    /// The client hosts' groups.
    var groups: [String: Range<Int>] = [:]
    /// Which client has a domain.
    var ownerOfDomain: [Domain: Int] = [:]
    /// Which user has a domain.
    var userOfDomain: [Domain: Int] = [:]
    /// Every domain of a user or a client, in the order of the file.
    private(set) var domains: [Domain] = []
    private var placeOfDomain: [Domain: Int] = [:]
    private var meantCount = 0

    /// A scenario may have so many hosts, and so many users.
    static let mostHosts = 100_000
    /// All entries together may mean so many hosts and domains: what each means is kept, and a short file of entries
    /// that each mean a large group would fill the memory.
    static let mostMeant = 2_000_000

    init(findings: Findings, mainFolder: String) {
        self.findings = findings
        self.mainFolder = mainFolder
    }

    /// The plan and the expectations; nil when something was found wrong, now or before.
    mutating func build(_ root: SourceNode) -> (plan: WorldPlan, expectations: [Expectation])? {
        begins = root["begins"]?.text.flatMap(CalendarDate.init(parsing:)) ?? begins
        lasts = root["lasts"]?.interval ?? .zero
        let exchange = root["exchange"].flatMap { self.exchange($0) }
        let server = root["server"].flatMap { self.server($0) }
        buildClients(root["clients"], number: root["server"]?["ras"]?["number"])
        let mail = root["mail"]?.elements.flatMap { self.mail($0) } ?? []
        let script = root["happens"]?.elements.flatMap { steps($0) } ?? []
        let expectations = root["expects"]?.elements.flatMap { self.expectations($0) } ?? []
        guard findings.isEmpty, let exchange, let server, let title = root["title"]?.text,
            let seed = root["seed"]?.text.flatMap(UInt64.init)
        else { return nil }
        let plan = WorldPlan(
            title: title, seed: seed, begins: begins, lasts: lasts, exchange: exchange, server: server,
            clients: clients, mail: mail, script: script)
        return (plan, expectations)
    }

    /// The places in the plan of the clients that a name means; reports a name that means nobody.
    mutating func clients(namedBy node: SourceNode?) -> [Int]? {
        guard let node, let text = node.text else { return nil }
        return clients(named: text, at: node.place, path: node.path)
    }

    /// The places in the plan of the clients that a name means; reports a name that means nobody.
    mutating func clients(named text: String, at place: Place, path: String) -> [Int]? {
        guard let range = knownClients(named: text, at: place, path: path),
            mayMean(range.count, at: place, path: path)
        else { return nil }
        return Array(range)
    }

    /// The range of clients that a name means; reports a name that means nobody.
    mutating func knownClients(named text: String, at place: Place, path: String) -> Range<Int>? {
        if case .group(let name)? = HostSelector(parsing: text), let group = groups[name] { return group }
        if let group = groups[text] { return group }
        if let index = clientIndex[text] { return index..<index + 1 }
        guard clientsAreKnown else { return nil }
        let names = findings.isFull ? [] : hostNames
        findings.report(
            "no such host", at: place, path: path, found: "`\(text.abridged)`",
            expected: names.isEmpty
                ? "a host, but the scenario has no clients" : "one of \(PlanBuilder.enumerated(names))",
            suggestion: Suggestion.nearest(to: text, in: names))
        return nil
    }

    // Whether an entry may mean so many hosts or domains more; reports the first that may not.
    private mutating func mayMean(_ count: Int, at place: Place, path: String) -> Bool {
        let before = meantCount
        meantCount += count
        guard meantCount > PlanBuilder.mostMeant else { return true }
        if before <= PlanBuilder.mostMeant {
            findings.report(
                "too many hosts and domains are meant", at: place, path: path,
                expected: "at most \(PlanBuilder.mostMeant) by all entries together")
        }
        return false
    }

    /// The names that clients have in the file: hosts, and groups as `branch-*`.
    var hostNames: [String] {
        var names: [String] = []
        var index = 0
        while index < clientNames.count {
            // A group's first host is followed by the rest of its group.
            if let dash = clientNames[index].utf8.lastIndex(of: UInt8(ascii: "-")),
                case let name = String(clientNames[index][..<dash]), let group = groups[name], group.contains(index)
            {
                names.append("\(name)-*")
                index = group.upperBound
            } else {
                names.append(clientNames[index])
                index += 1
            }
        }
        return names
    }

    /// Takes a domain in that a user or a client has.
    mutating func add(_ domain: Domain) {
        guard placeOfDomain[domain] == nil else { return }
        placeOfDomain[domain] = domains.count
        domains.append(domain)
    }

    /// The domains that a name or a pattern means; reports one that means none.
    /// - Parameters:
    ///   - node: the name or the pattern.
    ///   - areHeld: whether only those count for which the server holds mail.
    /// - Returns: the domains, in the order of the file.
    mutating func domains(meantBy node: SourceNode?, areHeld: Bool) -> [Domain]? {
        guard let node, let text = node.text else { return nil }
        let known = text.contains("*") ? domains(matching: text.lowercased()) : domain(named: text)
        let meant = areHeld ? known.filter { userOfDomain[$0] != nil } : known
        guard meant.isEmpty, usersAreKnown, clientsAreKnown else {
            return mayMean(meant.count, at: node.place, path: node.path) ? meant : nil
        }
        let candidates = findings.isFull ? [] : areHeld ? domains.filter { userOfDomain[$0] != nil } : domains
        findings.report(
            "nobody has this domain", node, found: "`\(text.abridged)`",
            expected: areHeld ? "a domain of server.ras.users" : "a domain of a host or a user",
            suggestion: Suggestion.nearest(to: text, in: candidates.lazy.map(\.folded)))
        return nil
    }

    private func domains(matching pattern: String) -> [Domain] {
        domains.filter { FileReader.matches($0.folded, pattern: pattern) }
    }

    private func domain(named text: String) -> [Domain] {
        guard let domain = try? Domain(parsing: text), let place = placeOfDomain[domain] else { return [] }
        return [domains[place]]
    }

    /// Some names as a list that is not too long.
    static func enumerated(_ names: [String]) -> String {
        names.prefix(8).joined(separator: ", ") + (names.count > 8 ? " and \(names.count - 8) more" : "")
    }
}
