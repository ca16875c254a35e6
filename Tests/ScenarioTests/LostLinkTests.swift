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
}
