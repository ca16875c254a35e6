import SMTP
import Simulation
import Source
import Timebase

/// The mail that comes to the server host.
extension PlanBuilder {
    /// The mail of one entry: one plan for each domain that it is for.
    mutating func mail(_ node: SourceNode) -> [MailPlan] {
        let meant = domains(meantBy: node["for"], areHeld: true)
        let source = node["files"].map { contents($0) } ?? generated(node)
        let at = node["at"].flatMap { instant($0) }
        let writer = node["from"].map { self.writer($0) }
        let further = (node["together-with"]?.elements ?? []).map { domains(meantBy: $0, areHeld: true) }
        guard let meant, let source, let at, node["every"]?.isRefused != true, writer != .some(nil),
            !further.contains(where: { $0 == nil }), let wishes = wishes(node)
        else { return [] }
        let others = further.compactMap(\.self).flatMap(\.self)
        return meant.map { domain in
            MailPlan(
                domain: domain, from: writer.flatMap(\.self), togetherWith: others.filter { $0 != domain },
                source: source, wishes: wishes, at: at, every: node["every"]?.interval)
        }
    }

    /// What its sender wants to hear; reports a name that no report could repeat.
    private mutating func wishes(_ node: SourceNode) -> MailPlan.Wishes? {
        var wishes = MailPlan.Wishes()
        if let notify = node["notify"] {
            guard !notify.isRefused else { return nil }
            wishes.notify = notify.oneOrMore.reduce(into: .never) { conditions, word in
                switch word.text {
                case "success": conditions.insert(.success)
                case "failure": conditions.insert(.failure)
                case "delay": conditions.insert(.delay)
                default: break
                }
            }
        }
        wishes.returnedContent = node["ret"]?.text.map { $0 == "full" ? .full : .headers }
        if let name = node["envid"], let text = name.text {
            guard let encoded = XText(encoding: text), encoded.encoded.utf8.count <= 100 else {
                findings.report(
                    "no name for an envelope", name, found: "`\(text.abridged)`",
                    expected: "at most 100 characters of printable US-ASCII, of which + = and blanks take three")
                return nil
            }
            wishes.envelopeID = encoded
        }
        return wishes
    }

    /// The one host that writes; reports a group.
    private mutating func writer(_ node: SourceNode) -> Int? {
        guard let hosts = clients(namedBy: node) else { return nil }
        guard hosts.count == 1, let host = hosts.first else {
            findings.report("mail is from one host", node, found: node.inWords, expected: "a host, not a group")
            return nil
        }
        return host
    }

    private mutating func generated(_ node: SourceNode) -> MailPlan.Source? {
        guard let messages = node["messages"]?.integer, let sizeNode = node["size"],
            let size = distribution(sizeNode, of: .size)
        else { return nil }
        return .generated(messages: messages, size: size)
    }

    private mutating func contents(_ node: SourceNode) -> MailPlan.Source? {
        var contents: [[UInt8]] = []
        var isComplete = !node.isRefused
        for element in node.oneOrMore {
            guard let path = element.text else {
                isComplete = false
                continue
            }
            for file in files(path, element) ?? [] {
                if let content = message(file, element) { contents.append(content) } else { isComplete = false }
            }
        }
        return isComplete && !contents.isEmpty ? .contents(contents) : nil
    }

    // The files that a name or a pattern means; reports a pattern that means none.
    private mutating func files(_ path: String, _ node: SourceNode) -> [String]? {
        let folder = FileReader.folder(of: path)
        let pattern = folder.isEmpty || folder == "/" ? path : String(path.dropFirst(folder.count + 1))
        guard pattern.contains("*") else { return [path] }
        let names = FileReader.names(in: FileReader.path(folder, in: mainFolder))
            .filter { !$0.hasPrefix(".") && FileReader.matches($0, pattern: pattern) }
        guard names.isEmpty else { return names.map { folder.isEmpty ? $0 : "\(folder)/\($0)" } }
        findings.report("no file fits the pattern", node, found: "`\(path.abridged)`")
        return nil
    }

    private mutating func message(_ path: String, _ node: SourceNode) -> [UInt8]? {
        do throws(Problem) {
            let octets = try FileReader.octets(
                of: FileReader.path(path, in: mainFolder), limit: FileReader.largestMessage)
            if let fault = MessageFileFault.first(in: octets) {
                throw Problem(
                    "not a message of RFC 5322: \(path.abridged), line \(fault.line)"
                        + (fault.problem.map { ": \($0)" } ?? ""),
                    expected: fault.expected)
            }
            return octets
        } catch {
            findings.report(error.problem, node, expected: error.expected)
            return nil
        }
    }

    // A time of the run that is the same for everybody.
    private mutating func instant(_ node: SourceNode) -> Instant? {
        guard let range = instants(node) else { return nil }
        guard range.lowerBound == range.upperBound else {
            findings.report("mail arrives at one time", node, found: node.inWords, expected: "a time, not a range")
            return nil
        }
        return Instant(nanoseconds: range.lowerBound)
    }

    /// The instants that a time means; reports one outside the run.
    mutating func instants(_ node: SourceNode) -> ClosedRange<Int64>? {
        guard let text = node.text, let moment = try? Moment(parsing: text) else { return nil }
        let range = moment.instants(begins: begins)
        guard lasts > .zero else { return range }
        guard range.lowerBound >= 0, range.upperBound < lasts.nanoseconds else {
            findings.report(
                range.lowerBound < 0 ? "before the run begins" : "after the run has ended", node, found: node.inWords,
                expected: "a time from +0s (\(begins)) to before +\(lasts)")
            return nil
        }
        return range
    }

    /// A distribution, when it stays within what its quantity allows.
    mutating func distribution(_ node: SourceNode, of quantity: Quantity) -> Distribution? {
        guard let distribution = node.distribution(of: quantity) else {
            if let normal = node["normal"], normal.elements.count > 2 {
                findings.report("too many values", normal, expected: "mean and deviation")
            }
            return nil
        }
        guard case .normal(let mean, let deviation) = distribution else { return distribution }
        // Six million deviations are added up on the way to a draw, in 64 bits.
        guard deviation <= 1_000_000_000_000, deviation <= quantity.largest, mean <= quantity.largest else {
            findings.report(
                "too wide", node,
                expected: "a deviation of at most \(quantity.text(of: min(1_000_000_000_000, quantity.largest)))")
            return nil
        }
        return distribution
    }
}
