import Events
import SMTP
import Simulation
import Timebase

/// Holds what was seen against what was expected.
struct Judgement {
    /// What was seen of one domain or host.
    struct Finding {
        /// Whose it is.
        var name: String
        /// Whether it is as expected.
        var holds: Bool
        /// What was found, with its unit.
        var got: String
        /// Why, when it does not hold.
        var cause: String?
        /// How bad it is, to find the worst of many.
        var badness: Int64
    }

    let observer: ExpectationObserver
    let outcome: ExpectationObserver.Outcome
    // Places in the record, by host and by domain in lower case; looked up, never walked.
    private(set) var callsOfHost: [String: [Int]] = [:]
    private(set) var flushesOfDomain: [String: [Int]] = [:]
    private(set) var repliesOfHost: [String: [Int]] = [:]

    init(observer: ExpectationObserver, outcome: ExpectationObserver.Outcome) {
        self.observer = observer
        self.outcome = outcome
        for (index, call) in outcome.record.calls.enumerated() { callsOfHost[call.client, default: []].append(index) }
        for (index, flush) in outcome.record.flushes.enumerated() {
            flushesOfDomain[flush.domain.lowercased(), default: []].append(index)
        }
        for (index, reply) in outcome.record.replies.enumerated() {
            repliesOfHost[reply.client, default: []].append(index)
        }
    }

    /// The result of one expectation.
    func result(of index: Int) -> ExpectationResult {
        let expectation = observer.expectations[index]
        switch expectation.check {
        case .flushCompletes(let subjects, let limit):
            return result(expectation, "at most \(limit)", subjects.map { completion(of: $0, within: limit) })
        case .flushDelivers(let subjects, let messages):
            return result(expectation, exactly: messages.of("message"), subjects.map { delivery(of: $0, messages) })
        case .flushDuplicates(let subjects, let most):
            let bounds = Expectation.Bounds(atLeast: 0, atMost: most)
            return result(
                expectation, bounds.of("duplicate"), subjects.map { duplicates(of: $0, atMost: most) },
                most == 0 ? .exact : .less)
        case .firstMessage(let subjects, let limit, let pattern):
            let findings = subjects.indices.map {
                firstMessage(of: subjects[$0], observer.firstMessages[index][$0], within: limit, of: pattern)
            }
            return result(expectation, "at most \(limit)", findings)
        case .callConnects(let hosts, let limit):
            return result(expectation, "at most \(limit)", hosts.map { connection(of: $0, within: limit) })
        case .callOnline(let hosts, let limit):
            return result(expectation, "at most \(limit)", hosts.map { online(of: $0, atMost: limit) })
        case .everyReply(let hosts, let command, let code):
            return result(expectation, exactly: "\(code)", hosts.map { replies(of: $0, to: command, every: code) })
        case .replies(let hosts, let command, let codes):
            let list = codes.map { "\($0)" }.joined(separator: ", ")
            return result(expectation, exactly: list, hosts.map { replies(of: $0, to: command, codes) })
        case .packets(_, let bounds):
            let seen = observer.sightings[index]
            return result(expectation, count: seen.count, bounds, "packet", cause(ofPackets: seen))
        case .events(let pattern, let bounds):
            let seen = observer.sightings[index]
            return result(expectation, count: seen.count, bounds, "event", cause(ofEvents: seen, pattern))
        case .lost(let count): return lost(expectation, count)
        }
    }

    // One result of many findings: all must hold, and the worst is told.
    private func result(
        _ expectation: Expectation, _ expected: String, _ findings: [Finding],
        _ tolerance: ExpectationResult.Tolerance = .less
    ) -> ExpectationResult {
        let failed = findings.filter { !$0.holds }
        let pool = failed.isEmpty ? findings : failed
        // The first of several that are equally bad: `max` would take the last.
        let worst = pool.dropFirst().reduce(pool.first) { $1.badness > $0?.badness ?? .min ? $1 : $0 }
        return ExpectationResult(
            text: expectation.text, place: expectation.place, holds: failed.isEmpty,
            got: worst.map { Judgement.got($0, of: findings) } ?? "nothing", expected: expected, tolerance: tolerance,
            cause: failed.isEmpty ? nil : worst?.cause)
    }

    private static func got(_ worst: Finding, of findings: [Finding]) -> String {
        guard findings.count > 1 else { return worst.got }
        let failures = findings.count { !$0.holds }
        if failures > 0 { return "\(worst.got) for \(worst.name); \(failures) of \(findings.count) fail" }
        if findings.allSatisfy({ $0.got == worst.got }) { return "\(worst.got) each" }
        return "\(worst.got) for \(worst.name), the worst of \(findings.count)"
    }

    private func result(
        _ expectation: Expectation, exactly expected: String, _ findings: [Finding]
    ) -> ExpectationResult {
        result(expectation, expected, findings, .exact)
    }

    private func result(
        _ expectation: Expectation, count: Int, _ bounds: Expectation.Bounds, _ thing: String, _ cause: String
    ) -> ExpectationResult {
        let holds = bounds.contains(count)
        return ExpectationResult(
            text: expectation.text, place: expectation.place, holds: holds, got: count.of(thing),
            expected: bounds.of(thing), tolerance: bounds.atLeast == bounds.atMost ? .exact : .bounds,
            cause: holds ? nil : cause)
    }
}
