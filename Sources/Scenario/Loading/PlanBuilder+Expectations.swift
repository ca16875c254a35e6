import Capture
import Events
import SMTP
import Simulation
import Source
import Timebase

/// What must be true in the end: one expectation for each thing that can be right or wrong by itself.
extension PlanBuilder {
    /// The expectations of one entry.
    mutating func expectations(_ node: SourceNode) -> [Expectation] {
        switch node.pairs.first?.key {
        case "flush": return flush(node)
        case "first-message": return firstMessage(node)
        case "call": return call(node)
        case "reply": return reply(node)
        case "packets": return packets(node)
        case "event": return event(node)
        case "lost": return lost(node)
        default: return []
        }
    }

    private func expectation(_ text: String, _ check: Expectation.Check, at node: SourceNode) -> Expectation {
        let file = findings.sources[node.place.source].name
        let place = file == "--set" ? file : "\(file):\(node.place.line):\(node.place.column)"
        return Expectation(text: text, place: place, check: check)
    }

    private mutating func subjects(_ node: SourceNode?) -> [Expectation.Subject]? {
        domains(meantBy: node, areHeld: false).map { domains in
            domains.map { domain in
                Expectation.Subject(domain: domain, host: ownerOfDomain[domain].map { clientNames[$0] })
            }
        }
    }

    private mutating func flush(_ node: SourceNode) -> [Expectation] {
        guard let subjects = subjects(node["flush"]), let name = node["flush"]?.text else { return [] }
        var expectations: [Expectation] = []
        if let value = node["completes-within"], let limit = value.interval {
            expectations.append(
                expectation(
                    "the flush of \(name) completes within \(limit)", .flushCompletes(subjects, within: limit),
                    at: value))
        }
        if let value = node["messages"], let count = value.integer {
            expectations.append(
                expectation(
                    "the flush of \(name) delivers \(count.of("message"))", .flushDelivers(subjects, messages: count),
                    at: value))
        }
        if let value = node["duplicates"], let count = value.integer {
            expectations.append(
                expectation(
                    "the flush of \(name) stores \(Expectation.Bounds(atLeast: 0, atMost: count).of("duplicate"))",
                    .flushDuplicates(subjects, atMost: count), at: value))
        }
        return expectations
    }

    private mutating func firstMessage(_ node: SourceNode) -> [Expectation] {
        let subjects = self.subjects(node["first-message"])
        let event = node["of"].flatMap { pattern($0, fields: nil) }
        guard let subjects, let event, let limit = node["within"]?.interval, let value = node["within"],
            let name = node["first-message"]?.text, let of = node["of"]?.text
        else { return [] }
        return [
            expectation(
                "the first message for \(name) is stored within \(limit) of \(of)",
                .firstMessage(subjects, within: limit, of: event), at: value)
        ]
    }

    private mutating func call(_ node: SourceNode) -> [Expectation] {
        guard let hosts = clients(namedBy: node["call"]), let name = node["call"]?.text else { return [] }
        let names = hosts.map { clientNames[$0] }
        var expectations: [Expectation] = []
        if let value = node["connects-within"], let limit = value.interval {
            expectations.append(
                expectation(
                    "a call of \(name) connects within \(limit)", .callConnects(names, within: limit), at: value))
        }
        if let value = node["online-at-most"], let limit = value.interval {
            expectations.append(
                expectation(
                    "no call of \(name) is online longer than \(limit)", .callOnline(names, atMost: limit), at: value))
        }
        return expectations
    }

    private mutating func reply(_ node: SourceNode) -> [Expectation] {
        guard let hosts = clients(namedBy: node["reply"]), let name = node["reply"]?.text, let value = node["is"],
            let command = node["to"]?.text.flatMap(RunRecord.Command.init(rawValue:))
        else { return [] }
        let said = command.rawValue
        let names = hosts.map { clientNames[$0] }
        if let code = value.integer {
            return [
                expectation(
                    "every reply to \(said) of \(name) is \(code)", .everyReply(names, to: command, code: code),
                    at: value)
            ]
        }
        let codes = value.elements.compactMap(\.integer)
        guard !codes.isEmpty, codes.count == value.elements.count else { return [] }
        let list = codes.map { "\($0)" }.joined(separator: ", ")
        return [
            expectation(
                "the replies to \(said) of \(name) are \(list)", .replies(names, to: command, codes: codes), at: value)
        ]
    }

    private mutating func packets(_ node: SourceNode) -> [Expectation] {
        let bounds = bounds(node)
        guard let value = node["packets"], let text = value.text else { return [] }
        do throws(PacketFilterError) {
            let filter = try PacketFilter(text)
            guard let bounds else { return [] }
            return [
                expectation("\(bounds.of("packet")) of `\(text.abridged)`", .packets(filter, bounds), at: value)
            ]
        } catch {
            findings.report(
                "not a packet filter: \(error.message)", value, found: "`\(text.abridged)`",
                expected: "an expression as tcpdump takes it (pcap-filter(7))")
            return []
        }
    }

    private mutating func event(_ node: SourceNode) -> [Expectation] {
        guard let name = node["event"], let pattern = pattern(name, fields: node["where"]), let bounds = bounds(node)
        else { return [] }
        let fields = pattern.fields.map { "\($0.name) \("\($0.value)".abridged)" }.joined(separator: ", ")
        let text = "\(bounds.of("event")) \(name.text ?? "")" + (fields.isEmpty ? "" : " with \(fields)")
        return [expectation(text, .events(pattern, bounds), at: name)]
    }

    private mutating func bounds(_ node: SourceNode) -> Expectation.Bounds? {
        let exactly = node["count"]?.integer
        let (least, most) = (node["at-least"]?.integer, node["at-most"]?.integer)
        if exactly != nil, least != nil || most != nil {
            findings.report("`count` excludes `at-least` and `at-most`", node)
            return nil
        }
        let (lower, upper) = (exactly ?? least ?? 0, exactly ?? most)
        if let upper, upper < lower {
            findings.report("no number is that", node, found: "at least \(lower), at most \(upper)")
            return nil
        }
        return Expectation.Bounds(atLeast: lower, atMost: upper)
    }

    private mutating func lost(_ node: SourceNode) -> [Expectation] {
        guard let value = node["lost"], let count = value.integer else { return [] }
        return [expectation(count == 0 ? "no message lost" : "\(count.of("message")) lost", .lost(count), at: value)]
    }
}
