import Events
import Foundation
import SMTP
import Testing
import Timebase

@testable import Scenario
@testable import Simulation

/// A branch's host that does not take its mail as it should.
struct DifficultHostTests {
    private static func branch(_ happens: String = "") -> String {
        Office.plain + """
            mail: [{for: branch.example, messages: 3, size: 2KiB}]
            happens: [{at: +1m, branch: dial}\(happens)]
            expects: [{lost: 0}]

            """
    }

    /// The branch's SMTP server is stopped inside the second message, and runs again at once.
    @Test func `after 421 the rest comes over another connection of the same call`() throws {
        let run = try WorldRun(
            DifficultHostTests.branch(),
            .init(name: .flushMessageStarted, count: 2) { world in
                var outbox = Outbox<SMTPServerSession.Action>()
                let now = world.now
                let index = world.hosts[1].conversations.compactMap(\.self).first {
                    world.conversations[$0]?.server != nil
                }
                guard let index else { return }
                world.conversations[index]?.server?.shutDown(at: now, into: &outbox)
                world.conversations[index]?.isClosing = true
                world.converse(index)
            })
        #expect(
            run.texts(of: .flushFailed) == [
                "reverse connection failed: 421 mail.branch.example shutting down; closing connection"
            ])
        #expect(run.instants(of: .flushConnecting).count == 2)
        #expect(run.instants(of: .modemOffHook).count == 1)
        #expect(run.stored == (3, 0))
        #expect(run.texts(of: .flushCompleted).count == 1)
        #expect(run.holds)
    }

    /// After its greeting the branch's server turns out to take less than it should.
    private static func after(
        greeting change: @escaping (inout SMTPServerConfiguration) -> Void
    ) -> WorldRun.Intervention {
        .init(name: .flushGreeted) { world in
            world.conversations.forEach { conversation in
                guard conversation.host == 1, var configuration = conversation.server?.configuration else { return }
                change(&configuration)
                conversation.server?.configuration = configuration
            }
        }
    }

    @Test func `mail larger than the host takes is refused without being begun`() throws {
        let run = try WorldRun(
            Office.plain + """
                mail: [{for: branch.example, messages: 1, size: 65KiB}, {for: branch.example, messages: 1, size: 2KiB}]
                happens: [{at: +1m, branch: dial}]
                expects: [{lost: 0}]

                """, DifficultHostTests.after { $0.limits.messageSize = 65_536 })
        #expect(
            run.texts(of: .queueRefused) == [
                "message 1 for branch.example refused for good: 552 The message is larger than the next host takes"
            ])
        #expect(run.instants(of: .flushMessageStarted).count == 1)
        #expect(run.stored == (1, 0) && run.held == 0 && run.holds)
    }

    @Test func `a recipient that the host does not know is refused, and its mail gone`() throws {
        let run = try WorldRun(
            DifficultHostTests.branch(), DifficultHostTests.after { $0.recipients = RecipientPolicy() })
        #expect(run.record.totals.refused == 3)
        #expect(run.texts(of: .queueRefused).allSatisfy { $0.hasSuffix("550 Relaying denied") })
        #expect(run.stored == (0, 0) && run.held == 0 && run.holds)
        #expect(
            run.texts(of: .flushCompleted) == ["flush of branch.example done: 0 messages, 0 octets, 0 left"])
    }

    @Test(arguments: ["chap", "pap"]) func `a wrong password ends the call, and no other one is made`(
        method: String
    ) throws {
        let run = try WorldRun(
            DifficultHostTests.branch().replacingOccurrences(
                of: "user: branch, password: dialtone}", with: "user: branch, password: x, redial: {attempts: 3}}"
            )
            .replacingOccurrences(of: "    users:", with: "    authentication: [\(method)]\n    users:"))
        #expect(
            run.texts(of: .authenticationRefused).map { $0.prefix(method.count) } == [Substring(method.uppercased())])
        #expect(run.instants(of: .linkUp).isEmpty)
        #expect(run.instants(of: .modemDials).count == 1)
        #expect(run.held == 3 && run.holds)
    }
}
