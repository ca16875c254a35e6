import Events
import Foundation
import Testing
import Timebase

@testable import Scenario

/// A link that is lost: what becomes of the flush, of the mail, and of the connections that stood on it.
struct LostLinkTests {
    /// A branch with an old modem, and how its line fails.
    private static func branch(messages: Int, _ happens: String, expects: String = "[]") -> String {
        Office.plain.replacingOccurrences(of: "    dials:", with: "    modem: v22bis\n    dials:") + """
            mail: [{for: branch.example, messages: \(messages), size: 4KiB}]
            happens: [\(happens)]
            expects: \(expects)

            """
    }

    /// Until the session of a broken connection has waited its five minutes for more, the next call is well under way.
    @Test func `connections of a broken call do not end the next one`() throws {
        let run = try WorldRun(
            LostLinkTests.branch(
                messages: 30,
                "{at: +1m, branch: dial}, {when: branch.flush.message, count: 2, do: {drop-carrier: branch}}, "
                    + "{when: branch.carrier.lost, after: 20s, branch: dial}"))
        let drop = try #require(run.instants(of: .carrierDropped).first)
        let end = try #require(run.instants(of: .flushCompleted).last)
        #expect(end - drop > .minutes(6))
        #expect(run.record.flushes.map(\.delivered) == [1, 29])
        #expect(run.texts(of: .linkDown) == ["link down: carrier lost", "link down: hung up"])
    }

    @Test func `a request that the link does not outlive has failed`() throws {
        let run = try WorldRun(
            LostLinkTests.branch(
                messages: 1, "{at: +1m, branch: dial}, {when: branch.etrn.connected, do: {drop-carrier: branch}}"))
        #expect(run.texts(of: .etrnFailed) == ["could not ask for mail: the link went down"])
        #expect(run.instants(of: .etrnFailed) == run.instants(of: .linkDown))
    }

    @Test func `a flush that its link does not outlive is not complete`() throws {
        let run = try WorldRun(
            LostLinkTests.branch(
                messages: 3,
                "{at: +1m, branch: dial}, {when: branch.flush.message, count: 2, do: {drop-carrier: branch}}",
                expects: "[{flush: branch.example, completes-within: 1h}]"))
        #expect(
            run.texts(of: .flushGaveUp) == [
                "server gives up the flush of branch.example, the link went down: "
                    + "1 delivered, 4,096 octets, 0 refused, 2 left"
            ])
        #expect(run.results.map(\.holds) == [false])
        #expect(run.results.map(\.got) == ["not complete, 1 message delivered"])
    }

    /// RFC 1845 §3 asks for 48 hours at the least; here no time ends a transfer, but 32 younger ones do.
    @Test func `S179: of a message that broke off two days and an hour ago only the rest is sent`() throws {
        let run = try Office.pair(
            lasts: "4d", server: "queue: {lifetime: 4d}", branch: "offers: [checkpoint]",
            mail: "{for: branch.example, messages: 1, size: 60KiB}",
            happens: "[{at: +1m, branch: dial}, {when: branch.flush.message, after: 8s, do: {drop-carrier: branch}}, "
                + "{when: branch.carrier.lost, after: 49h, branch: dial}]")
        #expect(run.instants(of: .flushMessageResumed).count == 1)
        #expect(run.stored == (1, 0) && run.holds)
    }

    /// Whenever the carrier fails between the link's coming up and its going down, the branch calls again, and every
    /// message is there: once, or twice when the reply to its end of data was lost (RFC 1047).
    @Test func `wherever the carrier drops, nothing is lost and duplicates are told`() throws {
        let whole = try WorldRun(LostLinkTests.branch(messages: 2, "{at: +1m, branch: dial}"))
        let up = try #require(whole.instants(of: .linkUp).first)
        let down = try #require(whole.instants(of: .linkDown).first)
        let anywhere = (0..<30).map { step in up + Interval(nanoseconds: (down - up).nanoseconds / 30 * Int64(step)) }
        // While the reply to the end of data is on its way.
        let afterStoring = whole.instants(of: .mailStored).map { $0 + .milliseconds(1) }
        var duplicates = 0
        for drop in anywhere + afterStoring {
            let run = try WorldRun(
                LostLinkTests.branch(
                    messages: 2,
                    "{at: +1m, branch: dial}, {at: +\(drop - .beginning), do: {drop-carrier: branch}}, "
                        + "{when: branch.carrier.lost, after: 10s, branch: dial}",
                    expects: "[{lost: 0}]"))
            #expect(run.record.totals.delivered == 2, "drop at \(drop)")
            #expect(run.stored == (2 + run.record.totals.duplicates, run.record.totals.duplicates), "drop at \(drop)")
            #expect(run.held == 0 && run.holds, "drop at \(drop)")
            duplicates += run.record.totals.duplicates
        }
        #expect(duplicates >= afterStoring.count)
    }
}
