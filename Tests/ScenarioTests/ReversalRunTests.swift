import Events
import Testing
import Timebase

@testable import Scenario

/// ATRN and TURN in a world: mail goes over the connection that the office has made (RFC 2645).
struct ReversalRunTests {
    /// A branch with two domains and an account, and another address at each call.
    private static func office(
        server: String = "", branch: String = "retrieves: atrn", account: String = "user: branch, password: letters",
        mail: String = "{for: branch.example, messages: 3, size: 3KiB}, {for: quay.example, messages: 2, size: 3KiB}",
        happens: String = "{at: +1m, branch: dial}"
    ) throws -> WorldRun {
        try WorldRun(
            """
            lasts: 3h
            server:
              name: mail.isp.example
              address: 192.0.2.25
              \(server)
              ras:
                number: 555-0100
                ports: 2
                pool: {address: 192.0.2.200, count: 4}
                users:
                  branch: {password: a, domains: [branch.example, quay.example]}
                  depot: {password: b, domains: [depot.example]}
              accounts:
                branch: {password: letters, domains: [branch.example, quay.example]}
            clients:
              branch:
                domains: [branch.example, quay.example]
                dials: {number: 555-0100, user: branch, password: a}
                account: {\(account)}
                \(branch)
              depot:
                domains: [depot.example]
                dials: {number: 555-0100, user: depot, password: b}
                retrieves: atrn
                asks-for: [branch.example]
                account: {user: branch, password: letters}
            mail: [\(mail)]
            happens: [\(happens)]
            expects: [{lost: 0}]

            """)
    }

    private static func registry(_ values: String) -> String {
        "registry: {'HKLM\\System\\CurrentControlSet\\Services\\MSExchangeIMC\\Parameters': {\(values)}}"
    }

    @Test(arguments: ["atrn", "turn"]) func `all domains of the account come over the office's connection`(
        command: String
    ) throws {
        let run = try ReversalRunTests.office(branch: "retrieves: \(command)")
        #expect(run.texts(of: .reversalSent) == [command.uppercased()])
        #expect(run.texts(of: .reversalAnswered) == ["250 OK, now reversing the connection"])
        #expect(run.texts(of: .reversalConnecting) == ["connects to 192.0.2.25 port \(command == "atrn" ? 366 : 25)"])
        #expect(run.record.flushes.map(\.domain) == ["branch.example", "quay.example"])
        #expect(run.record.flushes.map(\.delivered) == [3, 2])
        #expect(run.record.flushes.allSatisfy { $0.report?.connections == 0 && $0.ended != nil })
        #expect(run.stored == (5, 0) && run.holds && run.conversationsLeft == 0)
        // Safe to hang up, and hung up: the connection has ended with QUIT.
        #expect(run.instants(of: .retrievalComplete).count == 1 && run.instants(of: .modemOnHook).count == 1)
    }

    @Test(arguments: ["cram-md5", "login", "plain"]) func `each mechanism of AUTH that is offered will do`(
        mechanism: String
    ) throws {
        let run = try ReversalRunTests.office(
            server: "mechanisms: [plain, login, cram-md5]",
            account: "user: branch, password: letters, mechanism: \(mechanism)")
        #expect(run.texts(of: .reversalAuthenticated) == ["authenticated as branch by \(mechanism.uppercased())"])
        #expect(run.stored == (5, 0))
    }

    @Test func `a mechanism that the server does not offer is not used`() throws {
        let run = try ReversalRunTests.office(account: "user: branch, password: letters, mechanism: plain")
        let complaint = "could not ask for mail: no usable mechanism of AUTH is offered"
        #expect(run.texts(of: .reversalFailed) == [complaint])
        #expect(run.held == 5 && run.holds && run.instants(of: .modemOnHook).count == 1)
    }

    @Test func `a wrong password gets nothing`() throws {
        let run = try ReversalRunTests.office(
            server: "mechanisms: [plain]", account: "user: branch, password: wrong, mechanism: plain")
        #expect(run.texts(of: .reversalFailed).map { $0.contains("535") } == [true])
        #expect(run.held == 5 && run.instants(of: .reversalSent).isEmpty)
    }

    // Q235627
    @Test(arguments: [(0, 5), (1, 0)]) func `DisableAuth takes AUTH away, and with it ATRN`(value: Int, stored: Int)
        throws
    {
        let run = try ReversalRunTests.office(server: ReversalRunTests.registry("DisableAuth: dword:\(value)"))
        #expect(run.stored == (stored, 0))
        #expect(run.texts(of: .reversalFailed).count == value)
    }

    // Q257979
    @Test(arguments: [(0, [String]()), (1, ["TURN"])]) func `AlwaysUseTURN asks where the host would not`(
        value: Int, asked: [String]
    ) throws {
        let run = try ReversalRunTests.office(
            branch: "retrieves: nothing\n    " + ReversalRunTests.registry("AlwaysUseTURN: dword:\(value)"))
        #expect(run.texts(of: .reversalSent) == asked)
    }

    // ODM-5
    @Test func `one domain may be asked for alone`() throws {
        let run = try ReversalRunTests.office(branch: "retrieves: atrn\n    asks-for: [quay.example]")
        #expect(run.texts(of: .reversalSent) == ["ATRN quay.example"])
        #expect(run.record.flushes.map(\.domain) == ["quay.example"] && run.stored == (2, 0) && run.held == 3)
    }

    // S212: ODM-26
    @Test(arguments: [1, 3, 4]) func `what a lost carrier leaves behind comes with the next call`(message: Int) throws {
        let run = try ReversalRunTests.office(
            happens: """
                {at: +1m, branch: dial},
                {when: branch.flush.message, count: \(message), after: 400ms, do: {drop-carrier: branch}},
                {when: branch.link.down, after: 1m, branch: dial}
                """)
        #expect(run.record.replies.map(\.code) == [250, 250])
        #expect(run.stored == (5, 0) && run.held == 0 && run.holds && run.conversationsLeft == 0)
        let addresses = run.events.compactMap { event in
            if case .linkUp(let address, _) = event.happening { address } else { nil }
        }
        #expect(addresses == ["192.0.2.200", "192.0.2.201"])
    }

    @Test func `with CHECKPOINT only the rest of a message is sent over the next connection`() throws {
        let run = try ReversalRunTests.office(
            branch: "retrieves: atrn\n    offers: [checkpoint]",
            mail: "{for: branch.example, messages: 1, size: 60KiB}",
            happens: """
                {at: +1m, branch: dial},
                {when: branch.flush.message, after: 8s, do: {drop-carrier: branch}},
                {when: branch.link.down, after: 1m, branch: dial}
                """)
        #expect(run.instants(of: .flushMessageResumed).count == 1)
        #expect(run.stored == (1, 0) && run.holds)
    }

    // S217: ODM-28. The depot uses the branch's account.
    @Test func `mail that is on its way is not sent a second time to somebody else`() throws {
        let run = try ReversalRunTests.office(
            mail: "{for: branch.example, messages: 20, size: 20KiB}",
            happens: "{at: +1m, branch: dial}, {at: +65s, depot: dial}")
        #expect(run.record.replies.map(\.code) == [250, 450])
        #expect(run.record.replies.last?.text == "Request refused: mail for branch.example is on its way already")
        #expect(run.stored == (20, 0))
    }

    // C068: ODM-23
    @Test func `an office takes over its own connection only what is its own`() throws {
        let run = try ReversalRunTests.office(
            mail: "{for: branch.example, messages: 2, size: 3KiB}", happens: "{at: +1m, depot: dial}")
        #expect(run.texts(of: .queueRefused).count == 2 && run.stored == (0, 0))
    }

    @Test func `a group of offices has a group of accounts`() throws {
        let run = try WorldRun(
            """
            server:
              name: mail.isp.example
              address: 192.0.2.25
              ras:
                number: 555-0100
                ports: 2
                pool: {address: 192.0.2.200, count: 2}
                users:
                  shop: {count: 2, password: a, domains: ["shop-{n}.example"]}
              accounts:
                shop: {count: 2, password: till, domains: ["shop-{n}.example"]}
            clients:
              shop:
                count: 2
                domains: ["shop-{n}.example"]
                dials: {number: 555-0100, user: "shop-{n}", password: a}
                retrieves: atrn
                account: {user: "shop-{n}", password: till}
            mail: [{for: shop-*.example, messages: 2, size: 2KiB}]
            happens: [{at: +1m, shop: dial}]
            expects: [{lost: 0}, {reply: shop, to: ATRN, is: 250}, {flush: shop-*.example, messages: 2}]

            """)
        #expect(run.holds && run.stored == (4, 0))
    }
}
