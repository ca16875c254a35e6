import FlushService
import MailHost
import MailQueue
import SMTP
import TestSupport
import Testing

/// What is sent over a socket by those who know SMTP well and mean no good by it.
struct AbuseTests {
    private static func site(_ change: (inout MailService.Plan) -> Void = { _ in }) async throws -> Site {
        try await Site("mail.isp.example", holds: ["branch.example"], change)
    }

    /// What begins a transaction up to its content.
    private static let data = """
        def data():
            hello()
            for line in ["MAIL FROM:<anna@hq.example>", "RCPT TO:<office@branch.example>", "DATA"]: said = ask(line)
            return said

        """

    /// What some servers take for the end of content, as Python writes it, and what becomes of a message with it.
    private static let ends: [(octets: String, code: String)] = [
        (#"\n.\n"#, "554"), (#"\n.\r\n"#, "554"), (#"\r\n.\n"#, "554"), (#"\r.\r"#, "554"), (#"\r.\r\n"#, "554"),
        (#"\r\n.\r"#, "554"), (#"\n.\r"#, "554"), (#"\r\r\n.\r\r\n"#, "554"), (#"\r\n.\r\r\n"#, "554"),
        (#"\n\r.\n\r"#, "554"), (#"\r\n\0.\r\n"#, "554"), (#"\r\n.\0\r\n"#, "554"), (#"\x85.\x85"#, "250"),
        (#"\x0b.\x0b"#, "250"), (#"\r\n. \r\n"#, "250"), (#"\r\n .\r\n"#, "250"), (#"\r\n..\r\n"#, "250"),
    ]

    @Test(arguments: ends) func `no message is smuggled in behind what is no end of content`(
        end: (octets: String, code: String)
    ) async throws {
        let site = try await AbuseTests.site()
        let said = try site.octets(
            AbuseTests.data + """
                print(data()[:3])
                say(b"Subject: one\\r\\n\\r\\nhello\(end.octets)")
                say("MAIL FROM:<mallory@evil.example>\\r\\nRCPT TO:<office@branch.example>\\r\\nDATA\\r\\n")
                say("Subject: two\\r\\n\\r\\nsmuggled\\r\\n.\\r\\nQUIT\\r\\n")
                print(reply()[:3], reply()[:3], reply())
                """)
        #expect(said == ["354", "\(end.code) 221 closed"])
        let held = try await site.service.messages(for: Domain(parsing: "branch.example"))
        #expect(held.map(\.envelope.reversePath.description) == (end.code == "250" ? ["<anna@hq.example>"] : []))
        try await site.service.shutDown()
    }

    @Test func `what stands behind ATRN is no greeting, and no mail goes over the connection`() async throws {
        let site = try await Site.secured()
        let said = try site.smtplib(
            """
            s.sendmail("anna@hq.example", ["office@branch.example"], "Subject: hello\\n\\nhello\\n")
            s = smtplib.SMTP("127.0.0.1", \(site.service.ports[1]), local_hostname="mail.branch.example")
            \(Site.tls)
            s.login("branch", "pencil")
            greeting = b"220 mail.branch.example\\r\\n250 mail.branch.example\\r\\n"
            s.sock.sendall(b"ATRN branch.example\\r\\n" + greeting + b"250 x\\r\\n250 x\\r\\n354 x\\r\\n250 x\\r\\n")
            print(s.getreply()[0])
            print(s.sock.recv(100))
            """)
        #expect(said == ["421", "b''"])
        #expect(try await site.count(for: "branch.example") == 1)
        try await site.service.shutDown()
    }

    @Test func `eight million octets without an end are one command too long, and the session goes on`() async throws {
        let site = try await AbuseTests.site()
        let said = try site.octets(
            """
            hello()
            for _ in range(128): say(b"x" * 65536)
            print(ask("")[:3], ask("NOOP")[:3])
            """)
        #expect(said == ["500 250"])
        try await site.service.shutDown()
    }

    // A line of content may have a mebibyte, a message here 64 KiB.
    @Test(arguments: [(size: 52_428_800, code: "554"), (65_536, "552")])
    func `content without an end is read to its end and refused`(limit: (size: Int, code: String)) async throws {
        let site = try await AbuseTests.site { $0.host.smtp.limits.messageSize = limit.size }
        let said = try site.octets(
            AbuseTests.data + """
                data()
                for _ in range(32): say(b"x" * 65536)
                print(ask("\\r\\n.")[:3], ask("NOOP")[:3])
                """)
        #expect(said == ["\(limit.code) 250"])
        #expect(try await site.count(for: "branch.example") == 0)
        try await site.service.shutDown()
    }

    // That it takes no more is known when the socket has not taken an octet for a while.
    @Test func `from who reads no replies nothing more is read, and then everything is answered`() async throws {
        let site = try await AbuseTests.site()
        let said = try site.octets(
            """
            c = socket.socket()
            for option in socket.SO_RCVBUF, socket.SO_SNDBUF: c.setsockopt(socket.SOL_SOCKET, option, 16384)
            c.settimeout(1)
            c.connect(("127.0.0.1", \(site.service.ports[0])))
            line, sent = b"EHLO client.example\\r\\n", 0
            lines = line * 1000
            try:
                while sent < 1 << 26: sent += c.send(lines[sent % len(line):])
            except TimeoutError: print("held back")
            c.settimeout(120)
            begun = -(-sent // len(line))
            threading.Thread(target=say, args=[(line * begun)[sent:] + b"QUIT\\r\\n"]).start()
            f = c.makefile("rb")
            print(sum(line[3:4] == b" " for line in f) - begun)
            """)
        // The greeting and the answer to QUIT.
        #expect(said == ["held back", "2"])
        #expect(try site.smtplib("print(s.noop()[0])") == ["250"])
        try await site.service.shutDown()
    }
}
