import Events
import FlushService
import TestSupport
import Testing

/// STARTTLS and AUTH with a real client (RFC 3207, RFC 4954), and what only who has proved its name may do.
struct SecureSessionTests {
    @Test func `PLAIN is offered under TLS only, and proves who is there`() async throws {
        let site = try await Site.secured()
        let said = try site.smtplib(
            """
            s.ehlo()
            print("PLAIN" in s.esmtp_features.get("auth", ""))
            \(Site.tls)
            s.ehlo()
            print("PLAIN" in s.esmtp_features.get("auth", ""), "starttls" in s.esmtp_features)
            print(s.login("branch", "pencil")[0])
            """)
        #expect(said == ["False", "True False", "235"])
        try await site.service.shutDown()
    }

    @Test(arguments: [("branch", "pen"), ("nobody", "pencil")])
    func `a wrong password proves nothing, nor does a name that nobody has`(name: String, word: String) async throws {
        let site = try await Site.secured()
        let said = try site.smtplib(
            """
            \(Site.tls)
            try: s.login("\(name)", "\(word)")
            except smtplib.SMTPAuthenticationError as error: print(error.smtp_code)
            """)
        #expect(said == ["535"])
        try await site.service.shutDown()
    }

    @Test func `what stands in the clear behind STARTTLS is never carried out`() async throws {
        let site = try await Site.secured()
        let said = try site.smtplib(
            """
            s.ehlo()
            s.sock.sendall(b"STARTTLS\\r\\nMAIL FROM:<mallory@evil.example>\\r\\n")
            print(s.getreply()[0])
            print(s.sock.recv(100))
            """)
        #expect(said == ["220", "b''"])
        try await site.service.shutDown()
    }

    // S148
    @Test func `a TLS handshake that comes to nothing ends the connection, and no other`() async throws {
        let site = try await Site.secured()
        let said = try site.smtplib(
            """
            s.ehlo()
            print(s.docmd("STARTTLS")[0])
            s.sock.sendall(b"this is no ClientHello\\r\\n")
            while s.sock.recv(100): pass
            print("closed")
            """)
        #expect(said == ["220", "closed"])
        #expect(try site.smtplib("print(s.noop()[0])") == ["250"])
        try await site.service.shutDown()
    }

    @Test func `nobody relays, but who has proved its name does`() async throws {
        let site = try await Site.secured()
        let said = try site.smtplib(
            """
            def relay():
                s.docmd("MAIL FROM:<anna@branch.example>")
                print(s.docmd("RCPT TO:<bob@elsewhere.example>")[0])
                s.rset()
            s.ehlo()
            relay()
            \(Site.tls)
            s.ehlo()
            relay()
            s.login("branch", "pencil")
            relay()
            """)
        #expect(said == ["550", "550", "250"])
        try await site.service.shutDown()
    }

    @Test func `submission takes mail from those alone who have proved their names`() async throws {
        let site = try await Site.secured()
        let said = try site.smtplib(
            """
            s.ehlo()
            print(s.docmd("MAIL FROM:<anna@branch.example>")[0])
            """, port: site.service.ports[2])
        #expect(said == ["530"])
        let implicit = try site.smtplib(
            """
            t = smtplib.SMTP_SSL("127.0.0.1", \(site.service.ports[3]), context=ssl._create_unverified_context())
            t.ehlo()
            print("starttls" in t.esmtp_features)
            print(t.login("branch", "pencil")[0])
            """)
        #expect(implicit == ["False", "235"])
        try await site.service.shutDown()
    }

    @Test func `ATRN turns the connection round, and the mail goes over it`() async throws {
        let site = try await Site.secured()
        let said = try site.smtplib(
            """
            s.sendmail("anna@hq.example", ["office@branch.example"], "Subject: hello\\n\\nhello\\n")
            s = smtplib.SMTP("127.0.0.1", \(site.service.ports[1]), local_hostname="mail.branch.example")
            \(Site.tls)
            s.login("branch", "pencil")
            print(s.docmd("ATRN branch.example")[0])
            s.send("220 mail.branch.example ESMTP\\r\\n")
            while True:
                line = s.file.readline().decode().rstrip() if s.file else s.sock.makefile("rb").readline()
                print(line)
                if line.startswith("EHLO"): s.send("250 mail.branch.example\\r\\n")
                elif line == "DATA":
                    s.send("354 go on\\r\\n")
                    while s.file.readline() != b".\\r\\n": pass
                    s.send("250 mine\\r\\n")
                elif line == "QUIT":
                    s.send("221 bye\\r\\n")
                    break
                else: s.send("250 ok\\r\\n")
            """)
        #expect(
            said == [
                "250", "EHLO mail.isp.example", "MAIL FROM:<anna@hq.example>", "RCPT TO:<office@branch.example>",
                "DATA", "QUIT",
            ])
        let report = try await site.events.nextFlush()
        #expect(report.delivered == 1)
        try await site.service.shutDown()
    }
}
