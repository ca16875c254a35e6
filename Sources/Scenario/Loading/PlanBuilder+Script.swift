import Events
import Registry
import SMTP
import Simulation
import Source
import Timebase
import Wire

/// What happens, and when.
extension PlanBuilder {
    /// The steps of one entry: one for each of the domains that a `route` names, one otherwise.
    mutating func steps(_ node: SourceNode) -> [ScriptStep] {
        guard !node.isRefused else { return [] }
        let trigger = self.trigger(node)
        let deeds = self.deeds(node)
        guard let trigger, let deeds else { return [] }
        return deeds.map { ScriptStep(trigger: trigger, deed: $0) }
    }

    private mutating func trigger(_ node: SourceNode) -> ScriptStep.Trigger? {
        if let at = node["at"] {
            guard let range = instants(at) else { return nil }
            return .at(
                range.lowerBound == range.upperBound ? .fixed(range.lowerBound) : .uniform(range),
                every: node["every"]?.interval)
        }
        guard let when = node["when"], let pattern = pattern(when, fields: node["where"]),
            let count = node["count"]?.integer, let after = node["after"]?.interval
        else { return nil }
        return .when(pattern, count: count, after: after)
    }

    private mutating func deeds(_ node: SourceNode) -> [ScriptStep.Deed]? {
        let triggerKeys = ["at", "every", "when", "count", "where", "after"]
        let deeds = node.pairs.filter { !triggerKeys.contains($0.key) }
            .sorted { ($0.keyPlace.line, $0.keyPlace.column) < ($1.keyPlace.line, $1.keyPlace.column) }
        guard let deed = deeds.first else {
            findings.report(
                "nothing is done", node, expected: "a host with dial or hang-up, `server: {set: …}` or `do: {…}`")
            return nil
        }
        if deeds.count > 1 {
            findings.report(
                "one thing is done at a time", at: deeds[1].keyPlace, path: deeds[1].value.path,
                found: "`\(deed.key)` and `\(deeds[1].key)`", expected: "an entry for each")
        }
        switch deed.key {
        case "server": return (deed.value["set"]).map { settings($0) }
        case "do": return self.deeds(done: deed.value)
        default:
            guard let hosts = clients(named: deed.key, at: deed.keyPlace, path: deed.value.path) else { return nil }
            return deed.value.text.map { [$0 == "dial" ? .dial(hosts) : .hangUp(hosts)] }
        }
    }

    private mutating func deeds(done node: SourceNode) -> [ScriptStep.Deed]? {
        guard let deed = node.pairs.first else { return nil }
        switch deed.key {
        case "route":
            return deed.value.pairs.compactMap { pair in
                guard let domain = knownDomain(pair), let address = pair.value.address else { return nil }
                return .setRoute(domain, address)
            }
        case "cut-power": return node["for"]?.interval.map { [.crash(for: $0)] }
        case "dial": return clients(namedBy: deed.value).map { [.dial($0)] }
        case "dialogue":
            let lines = (node["says"]?.elements ?? []).compactMap(\.text)
            return clients(namedBy: deed.value).map { [.speak($0, lines)] }
        case "hang-up": return clients(namedBy: deed.value).map { [.hangUp($0)] }
        default: return clients(namedBy: deed.value).map { [.dropCarrier($0)] }
        }
    }

    private mutating func settings(_ node: SourceNode) -> [ScriptStep.Deed] {
        node.pairs.compactMap { pair in
            guard case .scalar(let text, let isPlain) = pair.value.content,
                let value = try? Scalar.registryValue(text, isPlain: isPlain)
            else { return nil }
            guard pair.key.lowercased() == ExchangeParameters.disableETRN.lowercased() else {
                findings.report(
                    "no such setting of a running server", at: pair.keyPlace, path: pair.value.path,
                    found: "`\(pair.key.abridged)`", expected: ExchangeParameters.disableETRN,
                    suggestion: Suggestion.nearest(to: pair.key, in: [ExchangeParameters.disableETRN]))
                return nil
            }
            var hive = RegistryHive()
            hive.set(pair.key, in: ExchangeParameters.key, to: value)
            do throws(ExchangeParametersError) {
                return .setDisableETRN(try ExchangeParameters(hive).disablesETRN)
            } catch {
                findings.report(
                    "\(ExchangeParameters.disableETRN) cannot mean this", pair.value,
                    found: "\(value.typeName) \(value)",
                    expected: error.expected)
                return nil
            }
        }
    }

    /// Which events a name and its fields mean; reports a host that is none and a field that the event has not.
    mutating func pattern(_ node: SourceNode, fields: SourceNode?) -> EventPattern? {
        guard let text = node.text, let event = try? EventName(parsing: text) else { return nil }
        let hosts: EventPattern.Hosts
        if event.name.isOfServer || event.hosts == "server" {
            guard event.hosts == "server", event.name.isOfServer else {
                findings.report(
                    event.name.isOfServer
                        ? "`\(event.name.rawValue)` is told of the server"
                        : "`\(event.name.rawValue)` is told of the hosts that dial",
                    node, found: "`\(text.abridged)`",
                    suggestion: event.name.isOfServer ? "server.\(event.name.rawValue)" : nil)
                return nil
            }
            hosts = .named("server")
        } else {
            guard knownClients(named: event.hosts, at: node.place, path: node.path) != nil else { return nil }
            switch HostSelector(parsing: event.hosts) {
            case .group(let name): hosts = .group(prefix: "\(name)-")
            default: hosts = groups[event.hosts] == nil ? .named(event.hosts) : .group(prefix: "\(event.hosts)-")
            }
        }
        guard let fields = self.fields(fields, of: event.name) else { return nil }
        return EventPattern(hosts: hosts, name: event.name, fields: fields)
    }

    private mutating func fields(_ node: SourceNode?, of name: Happening.Name) -> [Field]? {
        let known = name.fields
        var fields: [Field] = []
        for pair in node?.pairs ?? [] {
            guard let text = pair.value.text else { return nil }
            switch known.first(where: { $0.name == pair.key })?.value {
            case .text:
                guard isPossible(pair.value, of: pair.key, in: name) else { return nil }
                fields.append(.text(pair.key, text))
            case .number:
                guard let number = Int(text) else {
                    findings.report(
                        "not a whole number", pair.value, found: pair.value.inWords, expected: "a number")
                    return nil
                }
                fields.append(.number(pair.key, number))
            case nil:
                findings.report(
                    "the event has no such field", at: pair.keyPlace, path: pair.value.path,
                    found: "`\(pair.key.abridged)`",
                    expected: known.isEmpty
                        ? "no field: `\(name.rawValue)` has none"
                        : "one of \(known.map(\.name).joined(separator: ", "))",
                    suggestion: Suggestion.nearest(to: pair.key, in: known.map(\.name)))
                return nil
            }
        }
        return fields
    }

    // A misspelt word would never match, and nobody would be told.
    private mutating func isPossible(_ value: SourceNode, of field: String, in name: Happening.Name) -> Bool {
        guard let text = value.text, let words = Happening.words(of: field, in: name), !words.contains(text)
        else { return true }
        findings.report(
            "the field never has this value", value, found: value.inWords,
            expected: "one of \(words.joined(separator: ", "))", suggestion: Suggestion.nearest(to: text, in: words))
        return false
    }
}
