import Events
import FlushService
import Foundation
import SMTP
import TestSupport
import Testing

/// A journal that somebody has cut, sorted or changed is refused with its line, and never stops the process.
struct SpoiledJournalTests {
    /// The journal of a site that takes mail and gives it away, and of a client that proves who it is.
    private static func journal() async throws -> [Data] {
        let folder = try TemporaryFolder()
        let branch = try await Site("mail.branch.example", holds: ["branch.example"])
        let text = """
            host-name: mail.isp.example
            postmaster: admin@branch.example
            store: spool
            listen: [{smtp: "127.0.0.1:0"}]
            domains: {branch.example: {host: "127.0.0.1:\(branch.service.ports[0])", account: branch}}

            """
        try folder.write(Array(text.utf8), to: "ringback.yaml")
        let configuration = try ServiceConfiguration(loading: folder.file("ringback.yaml"))
        let events = Site.Events()
        let service = try await MailService(
            configuration.plan, journal: .init(path: folder.file("journal.jsonl"), configuration: configuration)
        ) { events.continuation.yield($0) }
        let client = """
            import base64, smtplib
            s = smtplib.SMTP("127.0.0.1", \(service.ports[0]), local_hostname="hq.example", timeout=120)
            s.ehlo()
            s.docmd("AUTH SCRAM-SHA-256 " + base64.b64encode(b"n,,n=branch,r=abcdefgh").decode())
            s.docmd("*")
            for i in range(2): s.sendmail("a@hq.example", ["b@branch.example"], "Subject: %d\\n\\nhello\\n" % i)
            s.docmd("ETRN branch.example")
            s.quit()
            """
        _ = try ExternalTool("python3", package: "python3").run(["-c", client])
        _ = await events.next(.flushCompleted)
        try await service.shutDown()
        try await branch.service.shutDown()
        return Data(try folder.octets(of: "journal.jsonl")).split(separator: 0x0A)
    }

    @Test func `a line in the middle must be an entry, and the last one may be cut off`() async throws {
        var lines = try await SpoiledJournalTests.journal()
        lines.append(Data("{\"at\":".utf8))
        #expect(throws: Never.self) { try Replay(lines) }
        lines.swapAt(4, lines.count - 1)
        #expect(throws: Replay.Fault.malformed(line: 5)) { try Replay(lines) }
    }

    @Test func `an answer that nobody has asked for is refused`() async throws {
        let lines = try await SpoiledJournalTests.journal()
        let answer = try #require(lines.firstIndex { String(decoding: $0, as: UTF8.self).contains("scramChallenge") })
        var twice = lines
        twice.insert(lines[answer], at: answer)
        #expect(throws: Replay.Fault.malformed(line: answer + 2)) { try Replay(twice) }
    }

    @Test func `time that goes back is refused`() async throws {
        var lines = try await SpoiledJournalTests.journal()
        lines.insert(Data(#"{"at":1,"input":{"deadline":{}}}"#.utf8), at: 3)
        #expect(throws: Replay.Fault.malformed(line: 4)) { try Replay(lines) }
    }

    @Test func `lines that are changed, left out, doubled or out of order trap nobody`() async throws {
        let lines = try await SpoiledJournalTests.journal().map { [UInt8]($0) }
        var mutations = Mutations(of: "journal", telling: "0123456789-\"{}:,")
        for _ in 0..<Mutations.count(300) {
            var spoiled = lines
            for _ in 0...mutations.number(below: 3) {
                let place = mutations.number(below: spoiled.count)
                switch mutations.number(below: 4) {
                case 0: spoiled.remove(at: place)
                case 1: spoiled.insert(spoiled[place], at: place)
                case 2: spoiled.swapAt(place, mutations.number(below: spoiled.count))
                default: spoiled[place] = mutations.spoil(spoiled[place])
                }
            }
            _ = try? Replay(spoiled.map { Data($0) })
        }
    }
}
