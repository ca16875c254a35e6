import Events
import MailQueue
import Registry
import SMTP
import Simulation
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
    var domains: [Domain] = []

    /// A scenario may have so many hosts, and so many users.
    static let mostHosts = 100_000

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
        switch HostSelector(parsing: text) {
        case .group(let name):
            if let group = groups[name] { return Array(group) }
        case .named(let name):
            if let group = groups[name] { return Array(group) }
            if let index = clientIndex[name] { return [index] }
        case nil: break
        }
        guard clientsAreKnown else { return nil }
        let nearest = Suggestion.nearest(to: text, in: hostNames)
        findings.report(
            "no such host", at: place, path: path, found: "`\(text.abridged)`",
            expected: hostNames.isEmpty
                ? "a host, but the scenario has no clients" : "one of \(PlanBuilder.enumerated(hostNames))",
            suggestion: nearest)
        return nil
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

    /// The domains that a name or a pattern means; reports one that means none.
    mutating func domains(meantBy node: SourceNode?, among known: [Domain], what: String) -> [Domain]? {
        guard let node, let text = node.text else { return nil }
        let folded = text.lowercased()
        let meant =
            folded.contains("*")
            ? known.filter { FileReader.matches($0.folded, pattern: folded) }
            : known.filter { $0.folded == folded }
        guard meant.isEmpty, usersAreKnown, clientsAreKnown else { return meant }
        findings.report(
            "nobody has this domain", node, found: "`\(text.abridged)`", expected: what,
            suggestion: Suggestion.nearest(to: folded, in: known.lazy.map(\.folded)))
        return nil
    }

    /// Some names as a list that is not too long.
    static func enumerated(_ names: [String]) -> String {
        names.prefix(8).joined(separator: ", ") + (names.count > 8 ? " and \(names.count - 8) more" : "")
    }
}
