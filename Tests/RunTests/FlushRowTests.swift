import Testing

/// What `run.json` says of an ETRN that is for more than one domain: it has a row of its own, with the reply, and each
/// domain that it starts has another, with the connection and the messages.
struct FlushRowTests {
    private static func rows(of scenario: String) throws -> [RunFile.Flush] {
        let report = try Run(scenario, "--quiet").report()
        #expect(report.totals.flushes == report.flushes.count)
        for row in report.flushes {
            // One or the other.
            #expect((row.etrnReply == nil) == (row.reverseSyn != nil), "\(row.domain)")
            #expect((row.etrnReply == nil) == (row.etrnSent == nil), "\(row.domain)")
            #expect((row.etrnReply == nil) == (row.end != nil), "\(row.domain)")
            #expect(row.client == "branch" && row.call == 0, "\(row.domain)")
        }
        return report.flushes
    }

    @Test func `edge 2: ETRN for a domain and all below it has its own rows`() throws {
        let rows = try Self.rows(of: "at-subdomains")
        let asked = rows.filter { $0.etrnReply != nil }
        #expect(asked.allSatisfy { $0.domain == "@branch.example" })
        #expect(asked.first?.etrnReply?.text == "OK, 6 pending messages for node @branch.example started")
        #expect(asked.last?.etrnReply?.code == 251)
        let started = rows.filter { $0.etrnReply == nil }
        #expect(started.map(\.domain) == ["branch.example", "shop.branch.example", "depot.branch.example"])
        #expect(started.map(\.delivered) == [2, 1, 3] && started.map(\.octets) == [8_192, 4_096, 12_288])
    }

    @Test func `edge 2: ETRN for a queue by its name has its own rows`() throws {
        let rows = try Self.rows(of: "named-queue")
        let asked = rows.filter { $0.etrnReply != nil }
        #expect(asked.prefix(2).map(\.domain) == ["#coast", "#depots"])
        #expect(asked.prefix(2).map { $0.etrnReply?.code } == [459, 253])
        let started = rows.filter { $0.etrnReply == nil }
        #expect(started.map(\.domain) == ["north.example", "south.example"])
        #expect(started.map(\.delivered) == [2, 1])
    }
}
