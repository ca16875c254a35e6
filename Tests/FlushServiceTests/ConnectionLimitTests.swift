import FlushService
import MailHost
import SMTP
import TestSupport
import Testing
import Timebase

/// Clients that come in crowds and say nothing.
struct ConnectionLimitTests {
    /// What makes many connections that stay; `said` are their greetings.
    private static func crowd(of count: Int) -> String {
        """
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        crowd, said = [], []
        for _ in range(min(\(count), hard - 50)):
            said.append(connect())
            crowd.append((c, f))
            # Who is refused goes; who is not stays.
            if not said[-1].startswith("220"): crowd.pop()

        """
    }

    @Test func `of two thousand clients a hundred are let in, and they are served`() async throws {
        let site = try await Site("mail.isp.example", holds: ["branch.example"]) { $0.host.sessionLimit = 100 }
        let said = try site.octets(
            ConnectionLimitTests.crowd(of: 2_000) + """
                print(len(crowd), *sorted(set(said)), sep="\\n")
                for c, f in crowd: said.append(ask("NOOP")[:3])
                print(*set(said[-100:]))
                crowd.pop()
                while (greeting := connect())[:3] == "421": pass
                crowd.append((c, f))
                print(greeting[:3], connect()[:3])
                """)
        #expect(
            said == [
                "100", "220 mail.isp.example ESMTP", "421 Too many connections, try again later", "250",
                "220 421",
            ])
        try await site.service.shutDown()
    }

    @Test func `one address has its own limit`() async throws {
        let site = try await Site("mail.isp.example", holds: ["branch.example"]) { $0.host.sessionLimitPerAddress = 5 }
        let said = try site.octets(
            ConnectionLimitTests.crowd(of: 8) + """
                print(len(crowd), said[-1])
                """)
        #expect(said == ["5 421 Too many connections from you, try again later"])
        try await site.service.shutDown()
    }

    @Test func `who never begins the TLS that comes first is counted like anybody`() async throws {
        let site = try await Site.secured { $0.host.sessionLimit = 3 }
        let (mail, submissions) = (site.service.ports[0], site.service.ports[3])
        let said = try site.octets(
            """
            import smtplib, ssl
            crowd = [socket.create_connection(("127.0.0.1", \(submissions)), timeout=120) for _ in range(3)]
            while connect(\(mail)).startswith("220"): pass
            crowd.pop().close()
            def login():
                try: s = smtplib.SMTP_SSL("127.0.0.1", \(submissions), context=ssl._create_unverified_context())
                except smtplib.SMTPConnectError: return 421
                return s.login("branch", "pencil")[0]
            while (code := login()) == 421: pass
            print(code)
            """)
        #expect(said == ["235"])
        try await site.service.shutDown()
    }
}
