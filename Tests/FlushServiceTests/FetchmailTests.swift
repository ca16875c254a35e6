import Events
import FlushService
import Foundation
import MailHost
import SMTP
import TestSupport
import Testing

/// fetchmail asks the service for mail (`-p ETRN`), as branch offices with Unix do.
struct FetchmailTests {
    private static func provider(for branch: Site, disablesETRN: Bool = false) async throws -> Site {
        try await Site(
            "mail.isp.example", holds: ["branch.example", "other.example"],
            routes: [
                .init(domain: Domain(parsing: "branch.example"), address: "127.0.0.1", port: branch.service.ports[0])
            ]
        ) { $0.host.smtp.offersETRN = !disablesETRN }
    }

    /// What fetchmail says about a poll of a domain by ETRN.
    private static func poll(_ domain: String, of site: Site) throws -> ExternalTool.Outcome {
        try fetchmail("proto ETRN port \(site.service.ports[0]) fetchdomains \(domain)")
    }

    private static func fetchmail(_ options: String) throws -> ExternalTool.Outcome {
        let folder = try TemporaryFolder()
        let file = folder.file("fetchmailrc")
        let line = "poll 127.0.0.1 \(options)\n"
        #expect(
            FileManager.default.createFile(
                atPath: file, contents: Data(line.utf8), attributes: [.posixPermissions: 0o600]))
        return try ExternalTool("fetchmail", package: "fetchmail")
            .outcome(
                of: ["-v", "-f", file, "--nosyslog", "--pidfile", folder.file("pid")],
                environment: ["HOME": folder.path])
    }

    @Test func `253 starts the delivery, and 251 says that nothing is left`() async throws {
        let branch = try await Site("mail.branch.example", holds: ["branch.example"])
        let provider = try await FetchmailTests.provider(for: branch)
        _ = try provider.smtplib("s.sendmail('anna@hq.example', ['office@branch.example'], 'Subject: x\\n\\nhello\\n')")
        let first = try FetchmailTests.poll("branch.example", of: provider)
        #expect(first.output.contains("fetchmail: Pending messages for branch.example started"))
        _ = await provider.events.next(.flushCompleted)
        let second = try FetchmailTests.poll("branch.example", of: provider)
        #expect(second.output.contains("fetchmail: No messages waiting for branch.example"))
        #expect(try await branch.service.messages(for: Domain(parsing: "branch.example")).count == 1)
        try await provider.service.shutDown()
        try await branch.service.shutDown()
    }

    @Test func `459 is said of a domain that is somebody else's`() async throws {
        let branch = try await Site("mail.branch.example", holds: ["branch.example"])
        let provider = try await FetchmailTests.provider(for: branch)
        let poll = try FetchmailTests.poll("other.example", of: provider)
        #expect((poll.output + poll.complaint).contains("Node other.example not allowed: not one of your domains"))
        try await provider.service.shutDown()
        try await branch.service.shutDown()
    }

    @Test func `a server with DisableETRN does not offer it`() async throws {
        let branch = try await Site("mail.branch.example", holds: ["branch.example"])
        let provider = try await FetchmailTests.provider(for: branch, disablesETRN: true)
        let poll = try FetchmailTests.poll("branch.example", of: provider)
        #expect((poll.output + poll.complaint).contains("does not support ETRN"))
        try await provider.service.shutDown()
        try await branch.service.shutDown()
    }

    // For CRAM-MD5 the service would have to keep the passwords themselves.
    @Test func `by ODMR fetchmail proves its name with CRAM-MD5 or not at all, and then the mail stays`() async throws {
        let site = try await Site.secured()
        _ = try site.smtplib("s.sendmail('anna@hq.example', ['office@branch.example'], 'Subject: x\\n\\nhello\\n')")
        let poll = try FetchmailTests.fetchmail(
            "proto ODMR port \(site.service.ports[1]) user branch password pencil fetchdomains branch.example")
        #expect(poll.output.contains("ODMR> AUTH CRAM-MD5\nfetchmail: ODMR< 504"))
        #expect(poll.output.contains("Query status=3 (AUTHFAIL)"))
        #expect(try await site.count(for: "branch.example") == 1)
        try await site.service.shutDown()
    }
}
