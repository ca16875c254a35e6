import Events
import Timebase

@testable import Scenario
@testable import Simulation

/// Fifty minutes in which lines drop, the server's power fails, its disk tears what it was writing, routes lead to the
/// wrong host, listeners come late and the administrator plays with the registry; then two hours in which everybody
/// calls, what was set wrong is set right again, and less and less fails: a fault that waits for an event may come
/// late, but comes once. All of it is drawn from a seed.
struct FaultStory {
    let seed: UInt64
    /// One line each: when it happens, and what.
    var faults: [String]
    /// What stays the same while faults are taken out.
    private let mail: String
    private let hosts: String
    /// How many messages there are in all: each is to be stored.
    let messages: Int

    init(seed: UInt64) {
        self.seed = seed
        var luck = RandomStream(seed: seed, thing: "faults", purpose: "test")
        var (lines, count) = ("", 0)
        for _ in 0..<6 {
            let (domain, host) = luck.pick([("branch", "shop"), ("depot", "shop"), ("shop", "branch")])
            let messages = Int(luck.uniform(in: 1...3))
            count += messages
            let from = luck.uniform(in: 0...2) == 0 ? ", from: \(host)" : ""
            lines +=
                "  - {for: \(domain).example, messages: \(messages), size: 1KiB..9KiB, at: \(FaultStory.time(&luck))"
                + "\(from)}\n"
        }
        mail = lines
        messages = count
        hosts = FaultStory.hosts(&luck)
        faults = (0..<20).map { _ in FaultStory.fault(&luck) }
    }

    private static func time(_ luck: inout RandomStream) -> String { "+\(luck.uniform(in: 0...3_000_000))ms" }

    private static func fault(_ luck: inout RandomStream) -> String {
        let host = luck.pick(["branch", "shop"])
        let events = ["flush.message", "link.up", "etrn.sent", "mail.stored", "submission.accepted", "flush.delivered"]
        let trigger =
            luck.uniform(in: 0...1) == 0
            ? "at: \(time(&luck))"
            : "when: \(host).\(luck.pick(events)), count: \(luck.uniform(in: 1...5)), "
                + "after: \(luck.pick(["0s", "20ms", "50ms", "1s", "3s"]))"
        let deed =
            switch luck.uniform(in: 0...11) {
            case 0...4: "\(host): dial"
            case 5, 6: "do: {drop-carrier: \(host)}"
            case 7, 8, 9: "do: {cut-power: server, for: \(luck.uniform(in: 1...90))s}"
            case 10: "server: {set: {DisableETRN: \(luck.uniform(in: 0...1))}}"
            default: "do: {route: {\(host).example: 10.0.0.\(luck.uniform(in: 1...3))}}"
            }
        return "  - {\(trigger), \(deed)}\n"
    }

    private static func hosts(_ luck: inout RandomStream) -> String {
        let offers = ["[]", "[chunking]", "[checkpoint]", "[chunking, checkpoint, dsn]"]
        return """
            server:
              name: mail.isp.example
              address: 10.0.0.9
              disk-latency: \(luck.pick(["0s", "15ms", "15ms", "2s", "20s"]))
              ras:
                number: 555-0100
                ports: 2
                users:
                  branch: {password: a, address: 10.0.0.1, domains: [branch.example, depot.example]}
                  shop: {password: b, address: 10.0.0.2, domains: [shop.example]}
              queue:
                tries-unasked: \(luck.pick(["true", "false"]))
                order: \(luck.pick(["arrival", "small-first"]))
            clients:
              branch:
                domains: [branch.example, depot.example]
                retrieves: etrn-until-empty
                hangs-up: when-flushed
                offers: \(luck.pick(offers))
                listens-after: \(luck.pick(["0s", "0s", "6s"]))
                dials: {number: 555-0100, user: branch, password: a, redial: {attempts: 2, pause: 5s}}
              shop:
                domains: [shop.example]
                retrieves: etrn-until-empty
                hangs-up: when-flushed
                offers: \(luck.pick(offers))
                dials: {number: 555-0100, user: shop, password: b, redial: {attempts: 2, pause: 5s}}

            """
    }

    /// The story as a scenario file.
    var text: String {
        """
        seed: \(seed)
        lasts: 3h
        \(hosts)mail:
        \(mail)happens:
        \(faults.joined())  - {at: +60m, every: 10m, server: {set: {DisableETRN: 0}}}
          - {at: +60m, every: 10m, do: {route: {branch.example: 10.0.0.1, depot.example: 10.0.0.1}}}
          - {at: +60m, every: 10m, do: {route: {shop.example: 10.0.0.2}}}
          - {at: +62m, every: 10m, branch: dial}
          - {at: +64m, every: 10m, shop: dial}
        expects: [{lost: 0}]

        """
    }

    /// Runs it and judges what came of it; nil when all is well.
    /// - Parameters:
    ///   - interventions: what goes wrong besides.
    ///   - prepare: what is changed of the world before it begins.
    /// - Returns: what is wrong.
    /// - Throws: what keeps it from running.
    func complaint(
        _ interventions: [WorldRun.Intervention] = [], preparing prepare: (inout World) throws -> Void = { _ in }
    ) throws -> String? {
        let run = try WorldRun(text, interventions, preparing: prepare)
        let stored = run.stored.all - run.stored.duplicates
        if !run.holds { return run.results.compactMap(\.cause).joined(separator: "; ") }
        if let event = run.events.first(where: isForSomebodyElse) { return "stored by the wrong host: \(event)" }
        if stored != messages { return "\(stored) of \(messages) messages stored, \(run.held) held in the end" }
        if run.held > 0 { return "\(run.held) messages held in the end" }
        let risks = run.events.reduce(0) { $0 + risk(of: $1.happening) }
        if run.stored.duplicates > risks { return "\(run.stored.duplicates) duplicates, and \(risks) were counted" }
        if run.conversationsLeft > 0 { return "\(run.conversationsLeft) connections left standing" }
        return nil
    }

    private func isForSomebodyElse(_ event: Event) -> Bool {
        guard case .mailStored(let domain, _, _, _) = event.happening else { return false }
        return (event.host == "shop") != (domain == "shop.example")
    }

    /// How many messages may come twice because of what an event tells (RFC 1047).
    private func risk(of happening: Happening) -> Int {
        switch happening {
        case .flushCompleted(let report), .flushGaveUp(let report, _): report.unanswered
        case .powerFailed(_, let open): open
        case .powerRestored(_, let again): again
        // The reply to the end of data may have been lost: the host sends the message again.
        case .submissionFailed: 1
        default: 0
        }
    }

    /// The story without the faults that it fails without, too.
    func shrunk(
        _ interventions: [WorldRun.Intervention] = [], preparing prepare: (inout World) throws -> Void = { _ in }
    ) throws -> FaultStory {
        var story = self
        for index in faults.indices.reversed() {
            var shorter = story
            shorter.faults.remove(at: index)
            if try shorter.complaint(interventions, preparing: prepare) != nil { story = shorter }
        }
        return story
    }
}

extension RandomStream {
    fileprivate mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int(uniform(in: 0...Int64(elements.count - 1)))]
    }
}
