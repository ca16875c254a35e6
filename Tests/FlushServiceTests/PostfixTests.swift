import Events
import FlushService
import Foundation
import MailHost
import MailQueue
import SMTP
import TestSupport
import Testing

/// Postfix at either end: as the host of a site, and as somebody who sends to it. Only root may start one.
@Suite(.enabled(if: geteuid() == 0)) struct PostfixTests {
    private static func provider(for postfix: PostfixInstance) async throws -> Site {
        try await Site(
            "mail.isp.example", holds: ["branch.example", "hq.example"],
            routes: [.init(domain: Domain(parsing: "branch.example"), address: "127.0.0.1", port: postfix.port)])
    }

    @Test func `after ETRN all that was held is in the mailboxes`() async throws {
        try await PostfixInstance.run { postfix in
            let provider = try await PostfixTests.provider(for: postfix)
            let said = try provider.smtplib(
                """
                s.sendmail("anna@hq.example", ["office@branch.example"], "Subject: 1\\n\\n.\\n..\\n.dot\\n")
                s.sendmail("", ["office@branch.example", "sales@branch.example"], "Subject: 2\\n\\nhello\\n")
                s.sendmail("anna@hq.example", ["sales@branch.example"],
                    b"Subject: 3\\r\\n\\r\\ngr\\xc3\\xbc\\xc3\\x9fe " + b"x" * 900 + b"\\r\\n", ["BODY=8BITMIME"])
                out(s.docmd("ETRN branch.example"))
                """)
            #expect(said == ["253 2.5.0 OK, 3 pending messages for node branch.example started"])
            let report = try await provider.events.nextFlush()
            #expect(report.delivered == 3 && report.left == 0)
            #expect(try await provider.count(for: "branch.example") == 0)
            try postfix.waitUntilSent(4)
            let (office, sales) = (try postfix.mail(of: "office"), try postfix.mail(of: "sales"))
            #expect(office.count == 2 && sales.count == 2)
            #expect(
                office.contains { $0.hasPrefix("Return-Path: <anna@hq.example>") && $0.hasSuffix("\n\n.\n..\n.dot\n") })
            #expect(office.contains { $0.hasPrefix("Return-Path: <>") && $0.hasSuffix("\n\nhello\n") })
            #expect(sales.contains { $0.contains("\n\ngrüße xxx") })
            #expect(office.allSatisfy { $0.contains("by mail.isp.example with ESMTP") })
            try await provider.service.shutDown()
        }
    }

    @Test func `of whom Postfix does not know the sender is told, and the others have their mail`() async throws {
        try await PostfixInstance.run { postfix in
            let provider = try await PostfixTests.provider(for: postfix)
            _ = try provider.smtplib(
                """
                s.sendmail("anna@hq.example", ["nobody@branch.example", "office@branch.example"], "Subject: 1\\n\\n")
                s.docmd("ETRN branch.example")
                """)
            _ = await provider.events.next(.flushCompleted)
            try postfix.waitUntilSent(1)
            #expect(try postfix.mail(of: "office").count == 1)
            #expect(try await provider.count(for: "branch.example") == 0)
            let reports = try await provider.service.messages(for: Domain(parsing: "hq.example"))
            #expect(reports.map(\.envelope.forwardPaths.first?.description) == ["<anna@hq.example>"])
            let text = reports.first.map { String(decoding: $0.content.render(), as: UTF8.self) } ?? ""
            #expect(text.contains("nobody@branch.example") && text.contains("550 5.1.1"))
            try await provider.service.shutDown()
        }
    }

    @Test func `what Postfix puts off is held, and all else is delivered`() async throws {
        let refuses = "smtpd_relay_restrictions = check_recipient_access inline:{{sales@branch.example=450 later}}"
        try await PostfixInstance.run([refuses]) { postfix in
            let provider = try await PostfixTests.provider(for: postfix)
            _ = try provider.smtplib(
                """
                for name in "office", "sales":
                    s.sendmail("anna@hq.example", [name + "@branch.example"], "Subject: 1\\n\\nx\\n")
                s.docmd("ETRN branch.example")
                """)
            _ = await provider.events.next(.flushCompleted)
            try postfix.waitUntilSent(1)
            let held = try await provider.service.messages(for: Domain(parsing: "branch.example"))
            #expect(held.map(\.envelope.forwardPaths.first?.description) == ["<sales@branch.example>"])
            #expect(held.first?.lastAttempt?.reply?.code == 450)
            try await provider.service.shutDown()
        }
    }

    @Test func `to a Postfix that insists on TLS the mail goes by TLS`() async throws {
        let certificate = try Site.certificate(for: "mail.branch.example")
        let settings = [
            "smtpd_tls_security_level = encrypt", "smtpd_tls_cert_file = \(certificate.file("chain.pem"))",
            "smtpd_tls_key_file = \(certificate.file("key.pem"))",
        ]
        try await PostfixInstance.run(settings) { postfix in
            let branch = try Domain(parsing: "branch.example")
            let route = MailService.Route(domain: branch, address: "127.0.0.1", port: postfix.port)
            let provider = try await Site("mail.isp.example", holds: ["branch.example"], routes: [route]) {
                $0.host.tls = .ifOffered
            }
            _ = try provider.smtplib(
                """
                s.sendmail("anna@hq.example", ["office@branch.example"], "Subject: 1\\n\\nhello\\n")
                s.docmd("ETRN branch.example")
                """)
            _ = await provider.events.next(.flushCompleted)
            try postfix.waitUntilSent(1)
            #expect(try postfix.mail(of: "office").map { $0.contains("(Postfix) with ESMTPS id") } == [true])
            try await provider.service.shutDown()
        }
    }

    @Test func `what Postfix relays under TLS is held`() async throws {
        let site = try await Site.secured()
        let relay = ["relayhost = [127.0.0.1]:\(site.service.ports[0])", "smtp_tls_security_level = encrypt"]
        let settings = relay + ["virtual_mailbox_domains =", "myhostname = mail.hq.example"]
        try await PostfixInstance.run(settings) { postfix in
            let body = "Subject: x\n\n" + (1...20).map { "line \($0)\n.\n" }.joined()
            for number in 1...20 {
                _ = try ExternalTool("bash", package: "bash")
                    .run([
                        "-c", #"printf '%s' "$1" | "$2" -C "$3" -i -f anna@hq.example office@branch.example"#, "bash",
                        "\(body)\(number)\n", "/usr/sbin/sendmail", postfix.configuration,
                    ])
            }
            try postfix.waitUntilSent(20)
            let held = try await site.service.messages(for: Domain(parsing: "branch.example"))
            #expect(held.count == 20)
            let texts = held.map { String(decoding: $0.content.render(), as: UTF8.self) }
            #expect(texts.allSatisfy { $0.hasPrefix("Received: from mail.hq.example") && $0.contains("with ESMTPS") })
            #expect(texts.allSatisfy { $0.contains("line 1\r\n.\r\nline 2\r\n.\r\n") })
        }
        try await site.service.shutDown()
    }
}
