import Events
import Foundation
import SMTP
import Testing
import Timebase

@testable import Scenario
@testable import Simulation

/// The cases of ETRN in which servers differ, by their numbers, where they show in a whole call only.
struct ETRNEdgeRunTests {
    private static func branch(
        mail: String = "[{for: branch.example, messages: 3, size: 2KiB}]", server: String = "", branch: String = "",
        happens: String = "", _ interventions: [WorldRun.Intervention] = []
    ) throws -> WorldRun {
        try WorldRun(
            Office.plain.replacingOccurrences(of: "clients:", with: "\(server)\nclients:") + """
                \(branch)
                mail: \(mail)
                happens: [{at: +1m, branch: dial}\(happens)]
                expects: [{lost: 0}]

                """, interventions)
    }

    @Test func `edge 6: who is named beside the asker is not tried`() throws {
        let run = try WorldRun(
            Office.shops + """
                mail: [{for: shop-1.example, together-with: [branch.example], messages: 2, size: 4KiB}]
                happens: [{at: +1m, shop-1: dial}]

                """)
        #expect(run.texts(of: .flushConnecting).count == 1)
        #expect(run.stored == (2, 0) && run.held == 2)
    }

    @Test func `edge 7: mail that arrives while a message is on its way comes over the same connection`() throws {
        let run = try Self.branch(
            mail: """
                [{for: branch.example, messages: 1, size: 30KiB},
                {for: branch.example, messages: 1, size: 2KiB, at: +80s}]
                """)
        let arrival = try #require(run.instants(of: .mailQueued).last)
        #expect(try #require(run.instants(of: .flushMessageStarted).first) < arrival)
        #expect(arrival < (try #require(run.instants(of: .flushDelivered).first)))
        #expect(run.instants(of: .flushConnecting).count == 1 && run.stored == (2, 0))
    }

    @Test(arguments: [1, 5, 12]) func `edge 9: a connection that is refused at first comes when the host listens`(
        seconds: Int
    ) throws {
        let run = try Self.branch(branch: "    listens-after: \(seconds)s")
        #expect(run.stored == (3, 0) && run.holds && run.instants(of: .modemOffHook).count == 1)
    }

    /// The branch's host accepts, and lets go of the connection without a word.
    @Test(arguments: [Happening.Name.flushGreeted, .flushMessageStarted])
    func `edge 9: a connection that is accepted and dropped is tried again`(when name: Happening.Name) throws {
        let run = try Self.branch([
            .init(name: name) { world in
                for index in world.hosts[1].conversations {
                    if case .serving = world.conversations[index]?.purpose {
                        world.abandon(index)
                        world.pump(1)
                    }
                }
            }
        ])
        #expect(run.instants(of: .flushConnecting).count == 2)
        #expect(run.stored == (3, 0) && run.holds && run.instants(of: .modemOffHook).count == 1)
    }

    /// From the second call on the branch is elsewhere; the provider hears of it during that call.
    @Test func `edge 9: an address that has changed since the last call is found when the route is`() throws {
        let run = try Self.branch(
            server: "  routes: {branch.example: 192.0.2.77}",
            happens: ", {when: branch.flush.connecting, count: 2, do: {route: {branch.example: 192.0.2.130}}}")
        #expect(run.texts(of: .flushConnecting).map { $0.contains("192.0.2.130") }.last == true)
        #expect(run.stored == (3, 0) && run.held == 0 && run.instants(of: .modemOffHook).count == 1)
    }
}
