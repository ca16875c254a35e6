import Events
import Testing
import Timebase

@testable import Scenario

/// Mail released by Finger, in a world.
struct FingerRunTests {
    private static let parameters = "'HKLM\\System\\CurrentControlSet\\Services\\MSExchangeIMC\\Parameters'"

    /// A branch with two domains, and three messages for the first.
    private static func office(
        server: String = "answers-finger: true", branch: String = "", happens: String = "{at: +1m, branch: dial}"
    ) throws -> WorldRun {
        try Office.pair(
            server: server, branch: "retrieves: finger\n    \(branch)",
            mail: "{for: branch.example, messages: 3, size: 3KiB}, {for: depot.example, messages: 1, size: 3KiB}",
            happens: "[\(happens)]")
    }

    @Test func `each domain is asked after over a connection of its own`() throws {
        let run = try FingerRunTests.office()
        #expect(run.texts(of: .fingerConnecting) == Array(repeating: "connects to 192.0.2.25 port 79", count: 2))
        #expect(run.texts(of: .fingerSent) == ["asks after branch.example", "asks after quay.example"])
        #expect(
            run.texts(of: .fingerAnswered) == [
                "is told: OK, 3 pending messages for node branch.example started",
                "is told: OK, no messages waiting for node quay.example",
            ])
        #expect(run.stored == (3, 0) && run.holds && run.conversationsLeft == 0)
    }

    @Test func `the host cannot read the answer, and waits for a while`() throws {
        let run = try FingerRunTests.office(branch: "asks-for: [quay.example]")
        let asked = try #require(run.instants(of: .fingerAnswered).first)
        let hungUp = try #require(run.instants(of: .linkDown).first)
        #expect(hungUp - asked >= .seconds(150) && hungUp - asked < .seconds(151))
        #expect(run.instants(of: .retrievalComplete).isEmpty && run.held == 4)
    }

    @Test func `when all has come that it asked for it hangs up`() throws {
        let run = try FingerRunTests.office(branch: "asks-for: [branch.example]")
        let last = try #require(run.instants(of: .flushCompleted).first)
        let hungUp = try #require(run.instants(of: .linkDown).first)
        #expect(hungUp - last < .seconds(1) && run.stored == (3, 0))
    }

    // The permission is that of ETRN: the mail of whoever the RAS has given the address to.
    @Test func `mail of somebody else is not released`() throws {
        let run = try FingerRunTests.office(branch: "asks-for: [depot.example, nobody.example]")
        #expect(
            run.texts(of: .fingerAnswered) == [
                "is told: Node depot.example not allowed: not one of your domains",
                "is told: Node nobody.example not allowed: no mail is held for it here",
            ])
        #expect(run.instants(of: .flushConnecting).isEmpty && run.held == 4)
    }

    @Test func `a server that does not answer Finger refuses the connection`() throws {
        let run = try FingerRunTests.office(server: "")
        #expect(run.texts(of: .fingerFailed) == ["could not ask for mail: connection refused"])
        #expect(run.held == 4 && run.instants(of: .modemOnHook).count == 1 && run.conversationsLeft == 0)
    }

    @Test func `DisableETRN has no say in it`() throws {
        let run = try FingerRunTests.office(
            server: "answers-finger: true\n  registry: {\(FingerRunTests.parameters): {DisableETRN: dword:1}}")
        #expect(run.stored == (3, 0))
    }

    @Test func `the server answers Finger again after a power cut`() throws {
        let run = try FingerRunTests.office(
            happens: "{at: +10s, do: {cut-power: server, for: 10s}}, {at: +1m, branch: dial}")
        #expect(run.stored == (3, 0) && run.holds)
    }

    @Test(arguments: ["branch.finger.connecting", "branch.finger.sent", "branch.flush.message"])
    func `after a lost carrier it asks again`(event: String) throws {
        let run = try FingerRunTests.office(
            happens: """
                {at: +1m, branch: dial}, {when: \(event), after: 30ms, do: {drop-carrier: branch}},
                {when: branch.link.down, after: 1m, branch: dial}
                """)
        #expect(run.stored.all - run.stored.duplicates == 3 && run.holds && run.conversationsLeft == 0)
    }
}
