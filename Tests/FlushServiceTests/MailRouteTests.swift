import Events
import FlushService
import MailHost
import MailQueue
import SMTP
import Source
import TestSupport
import Testing

/// The ways to a domain's host: its MX records, or where its owner was last.
@Suite(.timeLimit(.minutes(1))) struct MailRouteTests {
    private static let hello = """
        s.sendmail('anna@hq.example', ['office@branch.example'], 'Subject: hello\\n\\nhello\\n')
        """

    /// The host of branch.example, at an address that is not the provider's own: mail would loop back there.
    private static func branch() async throws -> Site {
        try await Site("mail.branch.example", holds: ["branch.example"]) { plan in
            plan.listeners = [.init(address: "127.0.0.2", port: 0)]
        }
    }

    /// A provider that tries its mail unasked, and finds the hosts of branch.example by asking a name server.
    private static func provider(
        asking names: DnsmasqInstance, port: Int, _ change: (inout MailService.Plan) -> Void = { _ in }
    ) async throws -> Site {
        let branch = try Domain(parsing: "branch.example")
        return try await Site(
            "mail.isp.example", holds: ["branch.example"],
            routes: [.init(domain: branch, host: .mailExchangers(port: port))]
        ) { plan in
            plan.nameServers = [names.server]
            plan.host.queue.retriedDomains = [branch]
            change(&plan)
        }
    }

    @Test func `MXR-1: mail goes to the host that the MX record names`() async throws {
        let branch = try await MailRouteTests.branch()
        let names = try DnsmasqInstance([
            "--mx-host=branch.example,mail.branch.example,10", "--host-record=mail.branch.example,127.0.0.2",
        ])
        let provider = try await MailRouteTests.provider(asking: names, port: branch.service.ports[0])
        _ = try provider.smtplib(MailRouteTests.hello)
        #expect(await provider.events.next(.flushCompleted) != nil)
        #expect(try await branch.service.messages(for: Domain(parsing: "branch.example")).count == 1)
        try await provider.service.shutDown()
        try await branch.service.shutDown()
    }

    @Test func `MXR-8: where the best host does not answer the next one is tried`() async throws {
        let branch = try await MailRouteTests.branch()
        // Nobody listens at 127.0.0.99.
        let names = try DnsmasqInstance([
            "--mx-host=branch.example,away.branch.example,10", "--host-record=away.branch.example,127.0.0.99",
            "--mx-host=branch.example,mail.branch.example,20", "--host-record=mail.branch.example,127.0.0.2",
        ])
        let provider = try await MailRouteTests.provider(asking: names, port: branch.service.ports[0])
        _ = try provider.smtplib(MailRouteTests.hello)
        for address in ["127.0.0.99", "127.0.0.2"] {
            let connecting = await provider.events.next(.flushConnecting)
            #expect(
                connecting?.happening
                    == .flushConnecting(domain: "branch.example", address: address, port: branch.service.ports[0]))
        }
        #expect(await provider.events.next(.flushCompleted) != nil)
        try await provider.service.shutDown()
        try await branch.service.shutDown()
    }

    @Test func `mail that is held waits while its domain is not known, and its sender is told nothing`() async throws {
        let names = try DnsmasqInstance([])
        let provider = try await MailRouteTests.provider(asking: names, port: 25)
        _ = try provider.smtplib(MailRouteTests.hello)
        guard case .flushGaveUp(let report, let reason)? = await provider.events.next(.flushGaveUp)?.happening else {
            Issue.record("it has given up")
            return
        }
        #expect(report.left == 1 && reason == "There is no such domain")
        try await provider.service.shutDown()
    }

    @Test(arguments: [
        ("nowhere.example", [], 550, "There is no such domain"),
        ("null.example", ["--mx-host=null.example,.,0"], 556, "The domain takes no mail"),
    ])
    func `MXR-1 and MXR-6: mail for others is refused where there is no host`(
        domain: String, options: [String], code: Int, text: String
    ) async throws {
        let names = try DnsmasqInstance(options)
        let provider = try await MailRouteTests.provider(asking: names, port: 25) { plan in
            plan.smarthost = .mailExchangers(port: 25)
            plan.relayLoopback()
        }
        _ = try provider.smtplib("s.sendmail('a@branch.example', ['b@\(domain)'], 'Subject: hello\\n\\nhello\\n')")
        let refused = await provider.events.next(.queueRefused)
        #expect(refused?.happening == .queueRefused(domain: domain, message: 1, code: code, text: text))
        // The sender hears of it.
        let reported = await provider.events.next(.queueReported)
        #expect(reported?.happening == .queueReported(action: .failed, to: "a@branch.example", message: 1))
        try await provider.service.shutDown()
    }

    @Test func `mail goes where the account was last proved, also after a restart`() async throws {
        let branch = try await Site("mail.branch.example", holds: ["branch.example"])
        let domain = try Domain(parsing: "branch.example")
        let route = MailService.Route(
            domain: domain, host: .lastAddress(account: "branch", port: branch.service.ports[0]))
        let provider = try await Site.secured(routes: [route])
        let said = try provider.smtplib(
            """
            \(Site.tls)
            \(MailRouteTests.hello)
            print(s.docmd("ETRN branch.example")[0])
            s.login("branch", "pencil")
            print(s.docmd("ETRN branch.example")[0])
            """)
        #expect(said == ["459", "253"])
        #expect(await provider.events.next(.flushCompleted) != nil)
        try await provider.service.shutDown()
        let again = try await Site(
            "mail.isp.example", holds: ["branch.example"], routes: [route], in: provider.folder
        ) { $0.host.queue.retriedDomains = [domain] }
        _ = try again.smtplib(MailRouteTests.hello)
        #expect(await again.events.next(.flushCompleted) != nil)
        #expect(try await branch.service.messages(for: domain).count == 2)
        try await again.service.shutDown()
        try await branch.service.shutDown()
    }
}

extension MailService.Plan {
    /// Whoever is on loopback may send to anybody.
    fileprivate mutating func relayLoopback() { relayNetworks = Network(parsing: "127.0.0.0/8").map { [$0] } ?? [] }
}
