import FlushService
import MailQueue
import SMTP
import TestSupport
import Testing

/// Senders of other hands: swaks says a dialogue as it is told, smtp-source sends as much as it can.
struct SenderTests {
    /// What swaks says and hears; it ends well when everything it wants to say is taken.
    private static func swaks(_ arguments: [String], to site: Site, port: Int = 0) throws -> String {
        let server = ["--server", "127.0.0.1", "--port", "\(site.service.ports[port])", "--timeout", "120"]
        let envelope = ["--helo", "client.example", "--from", "anna@hq.example"]
        return try ExternalTool("swaks", package: "swaks").run(server + envelope + arguments)
    }

    @Test func `swaks hands a message in, and it is held`() async throws {
        let site = try await Site("mail.isp.example", holds: ["branch.example"])
        let body = ".\\n..\\n. a line with a dot\\n"
        let said = try SenderTests.swaks(["--to", "office@branch.example", "--body", body], to: site)
        #expect(said.contains("250 2.0.0 Ok: queued as m-1"))
        let held = try await site.service.messages(for: Domain(parsing: "branch.example"))
        #expect(held.map(\.envelope.reversePath.description) == ["<anna@hq.example>"])
        let text = held.first.map { String(decoding: $0.content.render(), as: UTF8.self) } ?? ""
        #expect(text.contains("\r\n\r\n.\r\n..\r\n. a line with a dot\r\n"))
        try await site.service.shutDown()
    }

    @Test func `under TLS swaks proves its name, and may then send to anybody`() async throws {
        let site = try await Site.secured()
        let to = ["--to", "bob@elsewhere.example"]
        let account = ["--auth", "PLAIN", "--auth-user", "branch", "--auth-password", "pencil"]
        let said = try SenderTests.swaks(to + account + ["-tls"], to: site)
        #expect(said.contains(" ~> AUTH PLAIN") && said.contains("<~  235 2.7.0"))
        let login = try SenderTests.swaks(
            to + ["--auth", "LOGIN", "--auth-user", "branch", "--auth-password", "pencil", "-tlsc"], to: site, port: 3)
        #expect(login.contains(" ~> AUTH LOGIN") && login.contains("<~  235 2.7.0"))
        #expect(try await site.count(for: "elsewhere.example") == 2)
        try await site.service.shutDown()
    }

    @Test func `all that smtp-source sends over ten connections at once is held`() async throws {
        let site = try await Site("mail.isp.example", holds: ["branch.example"])
        _ = try ExternalTool("smtp-source", package: "postfix")
            .run([
                "-s", "10", "-m", "300", "-l", "2000", "-M", "hq.example", "-f", "anna@hq.example", "-t",
                "office@branch.example", "127.0.0.1:\(site.service.ports[0])",
            ])
        let held = try await site.service.messages(for: Domain(parsing: "branch.example"))
        #expect(held.count == 300)
        #expect(Set(held.map(\.id)).count == 300)
        #expect(held.allSatisfy { $0.content.render().count >= 2_000 })
        try await site.service.shutDown()
        let again = try await Site("mail.isp.example", holds: ["branch.example"], in: site.folder)
        #expect(try await again.count(for: "branch.example") == 300)
        try await again.service.shutDown()
    }
}
