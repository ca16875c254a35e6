import Events
import FlushService
import Foundation
import MailQueue
import SMTP
import TestSupport
import Testing

/// A journal, told again to a mail host, comes to the same words.
struct ReplayTests {
    private static let text = """
        host-name: mail.isp.example
        postmaster: admin@branch.example
        store: spool
        listen: [{smtp: "127.0.0.1:0"}]
        domains: {branch.example: {host: "127.0.0.1:PORT", account: branch}}

        """

    private static func configuration(_ folder: TemporaryFolder, port: Int) throws -> ServiceConfiguration {
        try folder.write(Array(text.replacing("PORT", with: "\(port)").utf8), to: "ringback.yaml")
        return try ServiceConfiguration(loading: folder.file("ringback.yaml"))
    }

    private static func serve(
        _ configuration: ServiceConfiguration, journal path: String, _ client: (Int) throws -> Void
    ) async throws {
        let events = Site.Events()
        let service = try await MailService(
            configuration.plan, journal: .init(path: path, configuration: configuration)
        ) { events.continuation.yield($0) }
        try client(service.ports[0])
        _ = await events.next(.flushCompleted)
        try await service.shutDown()
    }

    private static func lines(of name: String, in folder: TemporaryFolder) throws -> [Data] {
        Data(try folder.octets(of: name)).split(separator: 0x0A)
    }

    private static let client = """
        import smtplib
        s = smtplib.SMTP("127.0.0.1", PORT, local_hostname="hq.example", timeout=120)
        for i in range(3): s.sendmail("anna@hq.example", ["office@branch.example"], "Subject: %d\\n\\nhello\\n" % i)
        s.docmd("RCPT TO:<nobody@elsewhere.example>")
        s.docmd("ETRN branch.example")
        s.quit()
        """

    private static func smtplib(_ port: Int) throws {
        _ = try ExternalTool("python3", package: "python3")
            .run(["-c", client.replacing("PORT", with: "\(port)")])
    }

    @Test func `what was served is said again, word for word`() async throws {
        let folder = try TemporaryFolder()
        let branch = try await Site("mail.branch.example", holds: ["branch.example"])
        let configuration = try ReplayTests.configuration(folder, port: branch.service.ports[0])
        try await ReplayTests.serve(configuration, journal: folder.file("first.jsonl"), ReplayTests.smtplib)
        // Another run, with what the first one has left.
        try await ReplayTests.serve(configuration, journal: folder.file("second.jsonl"), ReplayTests.smtplib)
        try await branch.service.shutDown()
        for name in ["first.jsonl", "second.jsonl"] {
            let replay = try Replay(ReplayTests.lines(of: name, in: folder))
            #expect(replay.octets > 1_000 && replay.entries > 20)
        }
    }

    @Test func `a journal in which something else was said is found out`() async throws {
        let folder = try TemporaryFolder()
        let branch = try await Site("mail.branch.example", holds: ["branch.example"])
        let configuration = try ReplayTests.configuration(folder, port: branch.service.ports[0])
        try await ReplayTests.serve(configuration, journal: folder.file("journal.jsonl"), ReplayTests.smtplib)
        try await branch.service.shutDown()
        var lines = try ReplayTests.lines(of: "journal.jsonl", in: folder)
        let received = try #require(lines.firstIndex { String(decoding: $0, as: UTF8.self).contains("received") })
        lines.remove(at: received)
        #expect(throws: Replay.Fault.self) { try Replay(lines) }
    }

    @Test func `what is no journal is refused`() throws {
        #expect(throws: Replay.Fault.malformed(line: 1)) { try Replay([Data("hello".utf8)]) }
        #expect(throws: Replay.Fault.malformed(line: 1)) {
            try Replay([Data(#"{"at":1,"input":{"deadline":{}}}"#.utf8)])
        }
    }

    @Test func `a journal that is there already is not written over`() async throws {
        let folder = try TemporaryFolder()
        let configuration = try ReplayTests.configuration(folder, port: 9)
        try folder.write([1], to: "journal.jsonl")
        await #expect(throws: StoreError.self) {
            try await MailService(
                configuration.plan, journal: .init(path: folder.file("journal.jsonl"), configuration: configuration)
            ) { _ in }
        }
    }
}
