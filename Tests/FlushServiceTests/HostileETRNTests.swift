import Events
import FlushService
import SMTP
import TestSupport
import Testing

/// ETRN from those who mean no good by it (RFC 1985 §8).
struct HostileETRNTests {
    private static func site(port: Int = 9) async throws -> Site {
        try await Site(
            "mail.isp.example", holds: ["branch.example", "ship.example"],
            routes: [.init(domain: Domain(parsing: "branch.example"), address: "127.0.0.1", port: port)])
    }

    @Test func `what names no queue is refused, and nothing else happens`() async throws {
        let site = try await HostileETRNTests.site()
        let said = try site.octets(
            """
            none = [
                "x", "@", "@.", "..", "*", "@*", "*.example", "#", "#" + "q" * 256, "[127.0.0.1]", "-branch.example",
                "branch..example", "branch.example ship.example", "branch.example;ship.example",
                "ship.example,branch.example", "../../etc/passwd", "|id", "$(id)", "`id`", "%s%n%x", "' OR 1=1; --",
                "a" * 64 + ".example", "x." * 130 + "example", "", " ", "branch.example\\0", "branch.ex\\0ample",
                "branch.example\\nETRN branch.example", "branch.example\\rX", "bränch.example", "\\u202ebranch",
                "q" * 3000,
            ]
            for name in none:
                hello()
                print(ask("ETRN " + name)[:3], ask("NOOP")[:3])
            """)
        #expect(said.count == 32)
        #expect(Set(said) == ["500 250", "501 250"])
        _ = try site.smtplib("s.sendmail('a@hq.example', ['o@branch.example'], 'Subject: x\\n\\nhello\\n')")
        #expect(await site.events.count(.flushConnecting, before: .mailQueued) == 0)
        try await site.service.shutDown()
    }

    @Test func `whatever form a name has, nobody gets at a domain of somebody else's`() async throws {
        let site = try await HostileETRNTests.site()
        _ = try site.smtplib("s.sendmail('a@hq.example', ['o@ship.example'], 'Subject: x\\n\\nhello\\n')")
        let names = ["ship.example", "SHIP.example", "ship.example.", "@ship.example", "@example", "#ship", "#0"]
        let said = try site.octets("hello()\nfor name in \(names): print(ask('ETRN ' + name)[:3])")
        #expect(said == Array(repeating: "459", count: names.count))
        #expect(try await site.count(for: "ship.example") == 1)
        try await site.service.shutDown()
    }

    @Test func `who names nothing twenty times is told to go`() async throws {
        let site = try await HostileETRNTests.site()
        let said = try site.octets(
            """
            hello()
            say("ETRN x\\r\\n" * 30)
            print(*[reply()[:3] for _ in range(20)], reply())
            """)
        #expect(said == [Array(repeating: "501", count: 19).joined(separator: " ") + " 421 closed"])
        try await site.service.shutDown()
    }

    @Test func `two thousand requests at once are all answered, and open one connection`() async throws {
        let branch = try await Site("mail.branch.example", holds: ["branch.example"])
        let site = try await HostileETRNTests.site(port: branch.service.ports[0])
        _ = try site.smtplib("s.sendmail('a@hq.example', ['o@branch.example'], 'Subject: x\\n\\nhello\\n')")
        let said = try site.octets(
            """
            hello()
            say("ETRN branch.example\\r\\n" * 2000)
            said = [reply()[:3] for _ in range(2000)]
            print(said[0], *sorted(set(said[1:])))
            print(ask("NOOP")[:3])
            """)
        #expect(said.first?.hasPrefix("253 ") == true)
        #expect(Set((said.first ?? "").split(separator: " ").dropFirst()).isSubset(of: ["250", "251", "458"]))
        #expect(said.last == "250")
        #expect(await site.events.count(.flushConnecting, before: .flushCompleted) == 1)
        #expect(try await branch.count(for: "branch.example") == 1)
        try await site.service.shutDown()
        try await branch.service.shutDown()
    }
}
