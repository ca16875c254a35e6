import Events
import FlushService
import MailHost
import MailQueue
import SMTP
import TestSupport
import Testing

/// TLS on the way to a domain's host (RFC 3207, RFC 7435).
@Suite(.timeLimit(.minutes(1))) struct DeliveryTLSTests {
    private static func provider(
        for port: Int, _ policy: TLSPolicy
    ) async throws -> Site {
        let branch = try Domain(parsing: "branch.example")
        return try await Site(
            "mail.isp.example", holds: ["branch.example"],
            routes: [.init(domain: branch, address: "127.0.0.1", port: port)]
        ) { plan in
            plan.host.tls = .ifOffered
            plan.host.tlsByDomain = [branch: policy]
        }
    }

    private static let ask = """
        s.sendmail('anna@hq.example', ['office@branch.example'], 'Subject: hello\\n\\nhello\\n')
        print(s.docmd("ETRN branch.example")[0])
        """

    @Test(arguments: [TLSPolicy.ifOffered, .always])
    func `mail goes by TLS to a host that offers it`(policy: TLSPolicy) async throws {
        let branch = try await Site.secured { plan in
            plan.host.name = (try? Domain(parsing: "mail.branch.example")) ?? plan.host.name
            plan.host.smtp.hostName = plan.host.name
        }
        let provider = try await DeliveryTLSTests.provider(for: branch.service.ports[0], policy)
        #expect(try provider.smtplib(DeliveryTLSTests.ask) == ["253"])
        #expect(await provider.events.next(.flushCompleted) != nil)
        let messages = try await branch.service.messages(for: Domain(parsing: "branch.example"))
        #expect(
            messages.map { String(decoding: $0.content.render(), as: UTF8.self).contains("with ESMTPS id") } == [true])
        try await provider.service.shutDown()
        try await branch.service.shutDown()
    }

    @Test func `mail that must go by TLS does not go to a host without it`() async throws {
        let branch = try await Site("mail.branch.example", holds: ["branch.example"])
        let provider = try await DeliveryTLSTests.provider(for: branch.service.ports[0], .always)
        #expect(try provider.smtplib(DeliveryTLSTests.ask) == ["253"])
        let failed = await provider.events.next(.flushFailed)
        #expect(
            failed?.happening == .flushFailed(domain: "branch.example", reason: "STARTTLS is not offered"))
        #expect(try await branch.service.messages(for: Domain(parsing: "branch.example")).isEmpty)
        try await provider.service.shutDown()
        try await branch.service.shutDown()
    }

    @Test func `to a host that fails at its TLS the mail goes without, over the next connection`() async throws {
        // It says that it offers TLS, and has no certificate.
        let branch = try await Site("mail.branch.example", holds: ["branch.example"]) { plan in
            plan.host.smtp.offersSTARTTLS = true
            plan.host.smtp.tlsIsAvailable = false
        }
        let provider = try await DeliveryTLSTests.provider(for: branch.service.ports[0], .ifOffered)
        #expect(try provider.smtplib(DeliveryTLSTests.ask) == ["253"])
        guard case .flushCompleted(let report)? = await provider.events.next(.flushCompleted)?.happening else {
            Issue.record("it has completed")
            return
        }
        #expect(report.delivered == 1 && report.connections == 2)
        try await provider.service.shutDown()
        try await branch.service.shutDown()
    }

    @Test func `ATRN in the clear is refused when the mail must go by TLS`() async throws {
        let site = try await Site.secured { plan in
            plan.host.tlsByDomain = Dictionary(
                uniqueKeysWithValues: plan.host.accounts["branch"]?.map { ($0, TLSPolicy.always) } ?? [])
            plan.host.smtp.takesPasswordsInClear = true
        }
        let said = try site.smtplib(
            """
            s.ehlo()
            s.login("branch", "pencil")
            print(s.docmd("ATRN branch.example")[0])
            """, port: site.service.ports[1])
        #expect(said == ["530"])
        try await site.service.shutDown()
    }
}
