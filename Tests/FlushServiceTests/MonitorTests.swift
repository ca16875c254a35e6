import Events
import FlushService
import SMTP
import TestSupport
import Testing

/// What the service tells those who watch it.
@Suite(.timeLimit(.minutes(1))) struct MonitorTests {
    private static func site() async throws -> Site {
        try await Site("mail.isp.example", holds: ["branch.example"]) { plan in
            plan.monitor = .init(address: "127.0.0.1", port: 0)
        }
    }

    /// Asks for some paths; the status and the text of each.
    private static func ask(_ site: Site, _ paths: String..., method: String = "GET") throws -> [String] {
        let script = """
            import http.client
            for path in \(paths):
                c = http.client.HTTPConnection("127.0.0.1", \(site.service.monitorPort ?? 0), timeout=120)
                c.request("\(method)", path)
                r = c.getresponse()
                print(r.status, r.read().decode().replace("\\n", "|"))
            """
        return try ExternalTool("python3", package: "python3").run(["-c", script])
            .split(separator: "\n").map(String.init)
    }

    @Test func `it lives, and is ready`() async throws {
        let site = try await MonitorTests.site()
        #expect(try MonitorTests.ask(site, "/health", "/ready") == ["200 alive|", "200 ready|"])
        #expect(try MonitorTests.ask(site, "/").first?.hasPrefix("404 ") == true)
        #expect(try MonitorTests.ask(site, "/metrics", method: "POST") == ["405 GET only|"])
        try await site.service.shutDown()
    }

    @Test func `Prometheus reads what is held and what has happened`() async throws {
        let site = try await MonitorTests.site()
        _ = try site.smtplib("s.sendmail('a@hq.example', ['b@branch.example'], 'Subject: hello\\n\\nhello\\n')")
        let lines = try MonitorTests.ask(site, "/metrics").joined().split(separator: "|").map(String.init)
        #expect(lines.contains("ringback_messages_held 1"))
        #expect(lines.contains("ringback_store_works 1"))
        #expect(lines.contains("ringback_events_total{event=\"mail.queued\"} 1"))
        #expect(lines.contains("ringback_events_total{event=\"flush.completed\"} 0"))
        #expect(!lines.contains { $0.contains("modem.") })
        // Each family is explained before its first value, and has no value twice.
        var families: Set<Substring> = []
        for line in lines.dropFirst() where !line.hasPrefix("#") {
            families.insert(line.prefix { $0 != " " && $0 != "{" })
        }
        for family in families {
            let name = ["_sum", "_count"].reduce(family) { $0.hasSuffix($1) ? $0.dropLast($1.count) : $0 }
            #expect(lines.contains { $0.hasPrefix("# TYPE \(name) ") }, "\(family)")
        }
        #expect(Set(lines).count == lines.count)
        try await site.service.shutDown()
    }
}
