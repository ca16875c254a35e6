import Events
import Testing
import Timebase

@testable import Scenario
@testable import Simulation

/// Hours in which everything happens that a scenario can bring about, at random: every message is accounted for, and
/// nothing is left standing when all is over.
struct ChaosTests {
    @Test func `whatever happens, no message is lost and nothing is left standing`() throws {
        var sums = RunRecord().totals
        for seed in 1...150 {
            let run = try WorldRun(ChaosTests.scenario(UInt64(seed)))
            let totals = run.record.totals
            #expect(run.holds, "seed \(seed)")
            #expect(totals.queued == totals.delivered + totals.refused + totals.expired + run.held, "seed \(seed)")
            // What was stored once and never acknowledged is held still, or has expired.
            #expect((totals.delivered...totals.queued).contains(totals.stored - totals.duplicates), "seed \(seed)")
            #expect(run.conversationsLeft == 0, "seed \(seed)")
            checkWhatIsLeft(run, seed: seed)
            #expect(totals.stored == run.wholeMessages, "seed \(seed)")
            sums.delivered += totals.delivered
            sums.duplicates += totals.duplicates
            sums.refused += totals.refused
            sums.expired += totals.expired
        }
        // It was worth the trouble: each of the ends of a message has come about.
        #expect(sums.delivered > 500 && sums.duplicates > 0 && sums.refused > 0 && sums.expired > 250, "\(sums)")
    }

    // CKP-7: with transfers that have names nothing need come twice, however often a line drops.
    @Test func `where both ends know CHECKPOINT nothing comes twice`() throws {
        var resumed = 0
        for seed in 1...150 {
            let run = try WorldRun(ChaosTests.scenario(UInt64(seed), offers: "[checkpoint]"))
            #expect(run.record.totals.duplicates == 0, "seed \(seed)")
            #expect(run.record.totals.stored == run.wholeMessages, "seed \(seed)")
            resumed += run.events.count { $0.happening.name == .flushMessageResumed }
        }
        #expect(resumed > 12, "\(resumed)")
    }

    /// At the end of each flush the queue says how many messages are left, and so many there are.
    private func checkWhatIsLeft(_ run: WorldRun, seed: Int) {
        var held: [String: Int] = [:]
        for event in run.events {
            switch event.happening {
            case .mailQueued(let domain, let messages, _): held[domain, default: 0] += messages
            case .flushDelivered(let domain, _, _), .queueRefused(let domain, _, _, _), .queueExpired(let domain, _):
                held[domain, default: 0] -= 1
            case .flushCompleted(let report), .flushGaveUp(let report, _):
                #expect(held[report.domain, default: 0] == report.left, "seed \(seed), \(event.at)")
            default: break
            }
        }
    }

    private static func arrivals(_ luck: inout RandomStream) -> String {
        let domains = ["branch", "depot", "shop"]
        return (0..<6).map { _ in
            "  - {for: \(domains[Int(luck.uniform(in: 0...2))]).example, messages: \(luck.uniform(in: 1...4)), "
                + "size: 1KiB..9KiB, at: +\(luck.uniform(in: 0...3_000_000))ms}\n"
        }.joined()
    }

    private static func scenario(_ seed: UInt64, offers: String? = nil) -> String {
        var luck = RandomStream(seed: seed, thing: "chaos", purpose: "test")
        func pick<Element>(_ elements: [Element]) -> Element {
            elements[Int(luck.uniform(in: 0...Int64(elements.count - 1)))]
        }
        func time() -> String { "+\(luck.uniform(in: 0...3_000_000))ms" }
        func host() -> String { pick(["branch", "shop"]) }
        let deeds = (0..<40).map { _ in
            let trigger =
                luck.uniform(in: 0...1) == 0
                ? "at: \(time())"
                : "when: \(host())."
                    + pick(["flush.message", "link.up", "etrn.sent", "flush.completed", "mail.stored"]) + ", "
                    + "count: \(luck.uniform(in: 1...5)), after: \(pick(["0s", "20ms", "50ms", "1s", "3s"]))"
            let deed =
                switch luck.uniform(in: 0...12) {
                case 0...5: "\(host()): dial"
                case 6: "\(host()): hang-up"
                case 7, 8, 9: "do: {drop-carrier: \(host())}"
                case 10: "server: {set: {DisableETRN: \(luck.uniform(in: 0...1))}}"
                default: "do: {route: {\(host()).example: 10.0.0.\(luck.uniform(in: 1...3))}}"
                }
            return "  - {\(trigger), \(deed)}\n"
        }
        let mail = arrivals(&luck)
        let retrieves = pick(["etrn", "etrn-until-empty", "atrn", "turn"])
        let asksFor = retrieves.hasPrefix("etrn") ? pick(["[]", "[\"@branch.example\", depot.example]"]) : "[]"
        return """
            seed: \(seed)
            lasts: 4h
            server:
              name: mail.isp.example
              checks-identity: \(pick(["true", "false"]))
              address: 10.0.0.9
              ras:
                number: 555-0100
                ports: \(luck.uniform(in: 1...2))
                authentication: [\(pick(["chap", "pap"]))]
                idle-disconnect: \(pick(["30s", "5m"]))
                users:
                  branch: {password: a, address: 10.0.0.1, domains: [branch.example, depot.example]}
                  shop: {password: b, address: 10.0.0.2, domains: [shop.example]}
              accounts: {branch: {password: c, domains: [branch.example, depot.example]}}
              queue:
                lifetime: \(pick(["20m", "2d"]))
                tries-unasked: \(pick(["true", "false"]))
                connections-per-link: \(pick([1, 1, 2]))
                order: \(pick(["arrival", "small-first"]))
                patience: 5m
                budget: \(pick(["{}", "{}", "{octets: 12KiB}", "{time: 20s}"]))
            clients:
              branch:
                domains: [branch.example, depot.example]
                asks-for: \(asksFor)
                retrieves: \(retrieves)
                account: {user: branch, password: c}
                offers: \(offers ?? pick(["[]", "[chunking]", "[checkpoint]", "[chunking, checkpoint]"]))
                listens-after: \(pick(["0s", "0s", "6s"]))
                dials: {number: 555-0100, user: branch, password: a, redial: {attempts: 2, pause: 5s}}
              shop:
                domains: [shop.example]
                dials: {number: 555-0100, user: shop, password: b}
                offers: \(offers ?? pick(["[]", "[chunking, checkpoint]"]))
                hangs-up: \(pick(["{after: 45s}", "{after-idle: 20s}", "when-flushed"]))
            mail:
            \(mail)happens:
            \(deeds.joined())expects: [{lost: 0}]

            """
    }
}
