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
            [
                .init(name: .flushMessageStarted, count: 2) { world in
                    guard let index = DifficultHostTests.reverseConnection(in: world) else { return }
                    var outbox = Outbox<SMTPServerSession.Action>()
                    let now = world.now
                    world.conversations[index]?.server?.shutDown(at: now, into: &outbox)
                    world.conversations[index]?.isClosing = true
                    world.converse(index)
                }
            ])
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

                """, [DifficultHostTests.after { $0.limits.messageSize = 65_536 }])
        #expect(
            run.texts(of: .queueRefused) == [
                "message 1 for branch.example refused for good: 552 The message is larger than the next host takes"
            ])
        #expect(run.instants(of: .flushMessageStarted).count == 1)
        #expect(run.stored == (1, 0) && run.held == 0 && run.holds)
    }

    @Test func `a recipient that the host does not know is refused, and its mail gone`() throws {
        let run = try WorldRun(
            DifficultHostTests.branch(), [DifficultHostTests.after { $0.recipients = RecipientPolicy() }])
        #expect(run.record.totals.refused == 3)
        #expect(run.texts(of: .queueRefused).allSatisfy { $0.hasSuffix("550 Relaying denied") })
        #expect(run.stored == (0, 0) && run.held == 0 && run.holds)
        #expect(
            run.texts(of: .flushCompleted) == [
                "server ends the flush of branch.example: 0 delivered, 0 octets, 3 refused, 0 left"
            ])
    }

    /// What comes of a message that the host's replies are these to: MAIL, RCPT and DATA in one group, then the end of
    /// the content. Held mail is counted in the end.
    static let refusals: [([Int], end: Int?, told: String, held: Int)] = [
        ([451, 503, 503], nil, "server defers message 1: 451 so it is", 1),
        ([550, 503, 503], nil, "message 1 for branch.example refused for good: 550 so it is", 0),
        ([250, 450, 503], nil, "server defers message 1: 450 so it is", 1),
        ([250, 553, 503], nil, "message 1 for branch.example refused for good: 553 so it is", 0),
        ([250, 250, 451], nil, "server defers message 1: 451 so it is", 1),
        ([250, 250, 554], nil, "message 1 for branch.example refused for good: 554 so it is", 0),
        ([250, 250, 354], 452, "server defers message 1: 452 so it is", 1),
        ([250, 250, 354], 554, "message 1 for branch.example refused for good: 554 so it is", 0),
        ([250, 250, 354], 250, "server has the reply: message 1 delivered, 2,048 octets", 0),
    ]

    @Test(arguments: refusals) func `4yz keeps a message and 5yz gives it up, whichever command it answers`(
        replies: [Int], end: Int?, told: String, held: Int
    ) throws {
        let run = try WorldRun(
            Office.plain + """
                    hangs-up: {after: 60s}
                mail: [{for: branch.example, messages: 1, size: 2KiB}]
                happens:
                  - {at: +1m, branch: dial}
                  - {when: branch.flush.message, after: 10s, do: {route: {branch.example: 192.0.2.130}}}
                expects: [{lost: 0}]

                """,
            [
                .init(name: .flushGreeted) { world in
                    let hello = SMTPReply(250, lines: ["mail.branch.example", "PIPELINING"])
                    DifficultHostTests.host(in: &world, says: [hello])
                },
                .init(name: .flushMessageStarted) { world in
                    DifficultHostTests.host(in: &world, says: replies.map { SMTPReply($0, nil, "so it is") })
                },
                // The content has long been sent.
                .init(name: .routeChanged) { world in
                    DifficultHostTests.host(in: &world, says: end.map { [SMTPReply($0, nil, "so it is")] } ?? [])
                },
            ])
        let names: [Happening.Name] = [.flushDeferred, .queueRefused, .flushDelivered]
        #expect(names.flatMap { run.texts(of: $0) } == [told])
        #expect(run.instants(of: .flushConnecting).count == 1)
        #expect(run.texts(of: .flushCompleted).map { $0.hasSuffix(" \(held) left") } == [true])
        #expect(run.held == held)
    }

    @Test(arguments: [421, 450]) func `a host that does not take EHLO for the moment is tried again in the same call`(
        code: Int
    ) throws {
        let run = try WorldRun(
            DifficultHostTests.branch(),
            [
                .init(name: .flushGreeted) { world in
                    DifficultHostTests.host(in: &world, says: [SMTPReply(code, nil, "too early")])
                },
                .init(name: .flushFailed) { world in
                    // After 421 nothing is awaited, otherwise the reply to QUIT.
                    if code != 421 { DifficultHostTests.host(in: &world, says: [SMTPReply(221, nil, "bye")]) }
                },
            ])
        #expect(run.texts(of: .flushFailed).count == 1)
        let attempts = run.instants(of: .flushConnecting)
        #expect(attempts.count == 2 && run.instants(of: .modemOffHook).count == 1)
        #expect(run.stored == (3, 0) && run.held == 0)
    }

    private static func reverseConnection(in world: World) -> Int? {
        world.hosts[1].conversations.compactMap(\.self).first {
            if case .serving = world.conversations[$0]?.purpose { true } else { false }
        }
    }

    /// From the first time on, the host says nothing but what it is made to say.
    private static func host(in world: inout World, says replies: [SMTPReply]) {
        guard let index = reverseConnection(in: world) else { return }
        for reply in replies {
            var session = SMTPServerSession(configuration: world.clients[0].smtpConfiguration)
            session.connected(refusingWith: reply, at: world.now)
            world.conversations[index]?.server = session
            world.converse(index)
        }
        world.conversations[index]?.server = nil
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
