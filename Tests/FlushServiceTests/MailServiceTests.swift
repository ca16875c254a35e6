import Events
import FlushService
import MailQueue
import SMTP
import TestSupport
import Testing

/// The service on real sockets, with Python's smtplib as its client.
struct MailServiceTests {
    private static let send = """
        s.sendmail("anna@hq.example", ["office@branch.example"], "Subject: hello\\n\\nhello\\n")
        """

    @Test func `mail is taken, held, and there again after a restart`() async throws {
        let site = try await Site("mail.isp.example", holds: ["branch.example"])
        #expect(try site.smtplib(MailServiceTests.send + "\nprint(s.quit()[0])") == ["221"])
        let queued = await site.events.next(.mailQueued)
        #expect(queued?.happening.name == .mailQueued)
        try await site.service.shutDown()

        let again = try await Site("mail.isp.example", holds: ["branch.example"], in: site.folder)
        let held = try await again.service.messages(for: Domain(parsing: "branch.example"))
        #expect(held.count == 1)
        #expect(held.first?.envelope.reversePath.description == "<anna@hq.example>")
        let text = try #require(held.first.map { String(decoding: $0.content.render(), as: UTF8.self) })
        #expect(text.hasPrefix("Received: from client.example"))
        #expect(text.hasSuffix("Subject: hello\r\n\r\nhello\r\n"))
        try await again.service.shutDown()
    }

    @Test func `ETRN opens a reverse connection to the domain's host, and the mail goes over it`() async throws {
        let branch = try await Site("mail.branch.example", holds: ["branch.example"])
        let provider = try await Site(
            "mail.isp.example", holds: ["branch.example"],
            routes: [
                .init(domain: Domain(parsing: "branch.example"), address: "127.0.0.1", port: branch.service.ports[0])
            ])
        _ = try provider.smtplib(MailServiceTests.send)
        let replies = try provider.smtplib("s.ehlo()\nout(s.docmd('ETRN branch.example'))")
        #expect(replies == ["253 2.5.0 OK, 1 pending messages for node branch.example started"])
        let report = try await provider.events.nextFlush()
        #expect(report.delivered == 1 && report.left == 0)
        #expect(try await branch.service.messages(for: Domain(parsing: "branch.example")).count == 1)
        #expect(try await provider.service.messages(for: Domain(parsing: "branch.example")).isEmpty)
        try await provider.service.shutDown()
        try await branch.service.shutDown()
    }
}
