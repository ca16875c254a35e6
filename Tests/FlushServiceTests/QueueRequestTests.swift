import Events
import FlushService
import Foundation
import SMTP
import TestSupport
import Testing

/// What an operator asks of the queue, with the service running and without it.
struct QueueRequestTests {
    static func configuration(
        _ folder: TemporaryFolder, port: Int = 9, store: String = "spool"
    ) throws -> ServiceConfiguration {
        let text = """
            host-name: mail.isp.example
            postmaster: admin@branch.example
            store: \(store)
            listen: [{smtp: "127.0.0.1:0"}]
            domains: {branch.example: {host: "127.0.0.1:\(port)"}, ship.example: {account: ship}}

            """
        try folder.write(Array(text.utf8), to: "ringback.yaml")
        return try ServiceConfiguration(loading: folder.file("ringback.yaml"))
    }

    private static func send(to port: Int) throws {
        let script = """
            import smtplib
            s = smtplib.SMTP("127.0.0.1", \(port), local_hostname="hq.example", timeout=120)
            s.sendmail("anna@hq.example", ["office@branch.example"], "Subject: one\\n\\nhello\\n")
            s.sendmail("anna@hq.example", ["bridge@ship.example"], "Subject: two\\n\\nhello\\n")
            """
        _ = try ExternalTool("python3", package: "python3").run(["-c", script])
    }

    @Test func `a message is exported octet for octet, whatever it is written in`() throws {
        let folder = try TemporaryFolder()
        let configuration = try QueueRequestTests.configuration(folder)
        // Latin-1, which is no UTF-8.
        let content = Array("Subject: x\r\n\r\nGr".utf8) + [0xFC, 0xDF, 0x65, 0x0D, 0x0A]
        let request = QueueRequest.take(
            envelope: ["MAIL FROM:<a@hq.example> BODY=8BITMIME", "RCPT TO:<office@branch.example>"],
            content: Data(content))
        #expect(try request.ask(configuration).isDone)
        #expect(try Array(QueueRequest.export(1).ask(configuration).octets) == content)
    }

    private static func expectTwo(_ configuration: ServiceConfiguration) throws {
        let list = try QueueRequest.list(domain: nil).ask(configuration).text.split(separator: "\n")
        #expect(list.count == 3)
        #expect(list[0].hasPrefix("1  branch.example  ") && list[0].hasSuffix("  from <anna@hq.example>"))
        #expect(list[2].hasPrefix("2 messages, "))
        #expect(try QueueRequest.list(domain: "ship.example").ask(configuration).text.hasPrefix("2  ship.example  "))
        let shown = try QueueRequest.show(1).ask(configuration)
        #expect(shown.isDone && shown.text.contains("\nRCPT TO:<office@branch.example>\n0 attempts\n"))
        #expect(try QueueRequest.export(2).ask(configuration).text.hasSuffix("Subject: two\r\n\r\nhello\r\n"))
        #expect(try !QueueRequest.show(3).ask(configuration).isDone)
        #expect(try QueueRequest.verify.ask(configuration).text == "the store is whole\n")
    }

    @Test func `the running service answers, and so does its store when it is gone`() async throws {
        let folder = try TemporaryFolder()
        let configuration = try QueueRequestTests.configuration(folder)
        let service = try await MailService(configuration.plan) { _ in }
        try QueueRequestTests.send(to: service.ports[0])
        try QueueRequestTests.expectTwo(configuration)
        try await service.shutDown()
        try QueueRequestTests.expectTwo(configuration)
    }

    private static func expectFlush(_ configuration: ServiceConfiguration) throws {
        let list = try QueueRequest.flushes(domain: "Branch.example", most: 10).ask(configuration).text
        #expect(
            list.hasPrefix("1  ") && list.contains("  branch.example  1 delivered, ") && list.contains(" 0 left, in "))
        #expect(try QueueRequest.flushes(domain: "ship.example", most: 10).ask(configuration).text == "")
        let report = try QueueRequest.flushReport(1).ask(configuration).text
        #expect(report.hasPrefix("flush 1 of branch.example, completed\nbegan "))
        #expect(try !QueueRequest.flushReport(2).ask(configuration).isDone)
    }

    @Test func `a flush is begun by the service, and by nobody else`() async throws {
        let folder = try TemporaryFolder()
        let branch = try await Site("mail.branch.example", holds: ["branch.example"])
        let configuration = try QueueRequestTests.configuration(folder, port: branch.service.ports[0])
        let events = Site.Events()
        let service = try await MailService(configuration.plan) { events.continuation.yield($0) }
        try QueueRequestTests.send(to: service.ports[0])
        let answer = try QueueRequest.flush("branch.example").ask(configuration)
        #expect(answer.text == "253 OK, 1 pending messages for node branch.example started\n")
        _ = await events.next(.flushCompleted)
        try QueueRequestTests.expectFlush(configuration)
        #expect(try await branch.service.messages(for: Domain(parsing: "branch.example")).count == 1)
        #expect(try !QueueRequest.flush("not a domain").ask(configuration).isDone)
        try await service.shutDown()
        try await branch.service.shutDown()
        try QueueRequestTests.expectFlush(configuration)
        #expect(
            try QueueRequest.flush("branch.example").ask(configuration).text
                == "the service does not run: nothing can be delivered\n")
    }

    private static let letter = QueueRequest.take(
        envelope: ["MAIL FROM:<anna@hq.example>", "RCPT TO:<office@branch.example>"],
        content: Data("Subject: three\r\n\r\nhello\r\n".utf8))

    private static func expectChanges(_ configuration: ServiceConfiguration) throws {
        func ask(_ request: QueueRequest) throws -> String { try request.ask(configuration).text }
        #expect(try ask(.hold(1)) == "message 1 is on hold\n")
        #expect(try ask(.hold(1)) == "message 1 is on hold already\n")
        #expect(try ask(.list(domain: "branch.example")).contains("  on hold  from <anna@hq.example>\n1 messages"))
        #expect(try ask(.show(1)).contains("\non hold until it is released\n"))
        #expect(try ask(.release(1)) == "message 1 is released\n")
        #expect(try ask(.release(1)) == "message 1 is not on hold\n")
        #expect(try ask(letter) == "taken for <office@branch.example>, 25 octets\n")
        #expect(try ask(.list(domain: "branch.example")).contains("\n2 messages, "))
        #expect(try ask(.remove(2)) == "message 2 is removed\n")
        #expect(try ask(.remove(2)) == "message 2 is not there\n")
        #expect(try ask(.export(3)) == "Subject: three\r\n\r\nhello\r\n")
    }

    @Test func `messages are held back, released, removed and taken while the service runs`() async throws {
        let folder = try TemporaryFolder()
        let configuration = try QueueRequestTests.configuration(folder)
        let service = try await MailService(configuration.plan) { _ in }
        try QueueRequestTests.send(to: service.ports[0])
        try QueueRequestTests.expectChanges(configuration)
        try await service.shutDown()
        #expect(try QueueRequest.export(3).ask(configuration).isDone)
    }

    @Test func `messages are held back, released, removed and taken without the service`() async throws {
        let folder = try TemporaryFolder()
        let configuration = try QueueRequestTests.configuration(folder)
        let service = try await MailService(configuration.plan) { _ in }
        try QueueRequestTests.send(to: service.ports[0])
        try await service.shutDown()
        try QueueRequestTests.expectChanges(configuration)
    }

    @Test func `what an operator changes is in the journal`() async throws {
        let folder = try TemporaryFolder()
        let branch = try await Site("mail.branch.example", holds: ["branch.example"])
        let configuration = try QueueRequestTests.configuration(folder, port: branch.service.ports[0])
        let events = Site.Events()
        let service = try await MailService(
            configuration.plan, journal: .init(path: folder.file("journal.jsonl"), configuration: configuration)
        ) { events.continuation.yield($0) }
        try QueueRequestTests.send(to: service.ports[0])
        try QueueRequestTests.expectChanges(configuration)
        _ = try QueueRequest.flush("branch.example").ask(configuration)
        _ = await events.next(.flushCompleted)
        try await service.shutDown()
        try await branch.service.shutDown()
        let replay = try Replay(Data(folder.octets(of: "journal.jsonl")).split(separator: 0x0A))
        #expect(replay.entries > 20)
    }

    @Test func `where no store is, none is made`() throws {
        let folder = try TemporaryFolder()
        let configuration = try QueueRequestTests.configuration(folder)
        #expect(throws: StoreError.unusable(path: folder.file("spool"), reason: "there is no store yet")) {
            try QueueRequest.list(domain: nil).ask(configuration)
        }
        #expect(try folder.files == ["ringback.yaml"])
    }
}
