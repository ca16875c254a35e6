import Events
import FlushService
import MailQueue
import SMTP
import TestSupport
import Testing

/// Whoever tries to send to others than the service holds mail for, in all the ways that have once worked somewhere.
struct RelayTests {
    /// Recipients that are somebody else's, or nobody's.
    private static let refused = [
        "bob@elsewhere.example", "bob%elsewhere.example@mail.isp.example", "bob@mail.isp.example",
        "@branch.example:bob@elsewhere.example", "@branch.example,@mail.isp.example:bob@elsewhere.example",
        "\"bob@elsewhere.example\"", "\"bob@elsewhere.example\"@mail.isp.example", "elsewhere.example!bob",
        "bob@elsewhere.example@branch.example", "bob@branch.example@elsewhere.example", "bob@branch.example.",
        "bob@office.branch.example", "bob@notbranch.example", "bob@branch.example.elsewhere.example", "bob",
        "bob@elsewhere.example.branch.example", "bob@[127.0.0.1]", "bob@[IPv6:::1]", "bob@localhost", "bob@example",
        "postmaster@elsewhere.example", "bob@branch.example,bob@elsewhere.example", "@branch.example",
        "bob@branch.example\0.elsewhere.example", "bob@elsewhere.example\n<bob@branch.example",
        "bob@branch.example> <bob@elsewhere.example", "bob@elsewhere.example(@branch.example)",
        "bob;elsewhere.example@mail.isp.example",
    ]

    /// Recipients that look like it, and are the site's own affair.
    private static let held = [
        "bob%elsewhere.example@branch.example", "elsewhere.example!bob@branch.example", "bob+elsewhere@branch.example",
        "\"bob@elsewhere.example\"@branch.example", "@elsewhere.example:bob@branch.example", "bob@BRANCH.example",
    ]

    @Test(arguments: ["", "anna@hq.example", "anna@branch.example", "postmaster@mail.isp.example", "bob@localhost"])
    func `nobody relays, whoever it claims to be and however it writes it`(sender: String) async throws {
        let site = try await Site("mail.isp.example", holds: ["branch.example"])
        let said = try site.octets(
            """
            for path in \(RelayTests.refused):
                hello()
                if not ask("MAIL FROM:<\(sender)>").startswith("250"): print("no MAIL")
                if not (said := ask(f"RCPT TO:<{path}>")).startswith("5"): print(path, said)
                if not (said := ask("DATA")).startswith(("503", "554")): print(path, said)
            print("end")
            """)
        #expect(said == ["end"])
        try await site.service.shutDown()
    }

    @Test func `what only looks like it goes to the site's host and to no other`() async throws {
        let branch = try await Site("mail.branch.example", holds: ["branch.example"])
        let site = try await Site(
            "mail.isp.example", holds: ["branch.example"],
            routes: [
                .init(domain: Domain(parsing: "branch.example"), address: "127.0.0.1", port: branch.service.ports[0])
            ])
        let said = try site.octets(
            """
            hello()
            for path in \(RelayTests.held):
                for line in "MAIL FROM:<anna@hq.example>", f"RCPT TO:<{path}>", "DATA": ask(line)
                print(ask("Subject: x\\r\\n\\r\\nhello\\r\\n.")[:3])
            print(ask("ETRN branch.example")[:3])
            """)
        #expect(said == RelayTests.held.map { _ in "250" } + ["253"])
        let report = try await site.events.nextFlush()
        #expect(report.delivered == RelayTests.held.count)
        #expect(try await branch.count(for: "branch.example") == RelayTests.held.count)
        try await site.service.shutDown()
        try await branch.service.shutDown()
    }

    @Test func `On-Demand Mail Relay takes no mail, and submission none before AUTH`() async throws {
        let site = try await Site.secured()
        let said = try site.smtplib(
            """
            for port in \(site.service.ports[1...2]):
                s = smtplib.SMTP("127.0.0.1", port)
                s.ehlo()
                for line in "MAIL FROM:<a@branch.example>", "RCPT TO:<bob@elsewhere.example>", "DATA":
                    print(s.docmd(line)[0])
            s = smtplib.SMTP("127.0.0.1", \(site.service.ports[1]))
            \(Site.tls)
            s.login("branch", "pencil")
            print(s.docmd("MAIL FROM:<a@branch.example>")[0])
            """)
        #expect(said == ["502", "502", "502", "530", "530", "530", "502"])
        try await site.service.shutDown()
    }
}
