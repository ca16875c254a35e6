import Events
import Foundation
import Testing
import Timebase

@testable import Scenario

/// Senders hear what has become of their mail.
struct ReportTests {
    private static let queue = "queue: {lifetime: 1d, warns-after: 4h}"

    @Test func `a report to a branch waits for its next call`() throws {
        let run = try Office.pair(
            lasts: "60h", server: ReportTests.queue,
            mail: "{from: branch, for: depot.example, messages: 1, size: 2KiB}",
            happens: "[{at: +1m, branch: dial}, {at: +26h, branch: dial}]")
        #expect(
            run.texts(of: .queueReported) == [
                "reports to office@branch.example: message 1 delayed",
                "reports to office@branch.example: message 1 failed",
            ])
        #expect(run.instants(of: .mailSetAside).isEmpty)
        #expect(run.stored == (2, 0) && run.held == 0 && run.holds)
        #expect(run.record.flushes.map(\.delivered) == [0, 0, 2, 0])
    }

    @Test func `a report to somebody whom no telephone leads to is set aside`() throws {
        let run = try Office.pair(
            lasts: "60h", server: ReportTests.queue, mail: "{for: depot.example, messages: 1, size: 2KiB}",
            happens: "[]")
        #expect(
            run.texts(of: .queueReported) == [
                "reports to orders@head-office.example: message 1 delayed",
                "reports to orders@head-office.example: message 1 failed",
            ])
        #expect(
            run.texts(of: .mailSetAside).map { $0.prefix(50) } == [
                "has no way to head-office.example: sets server-1 a",
                "has no way to head-office.example: sets server-2 a",
            ])
        #expect(run.held == 0 && run.holds)
    }

    // A report that expires is the end of it.
    @Test func `a report is never reported on`() throws {
        let run = try Office.pair(
            lasts: "60h", server: ReportTests.queue,
            mail: "{from: branch, for: depot.example, messages: 1, size: 2KiB}",
            happens: "[{at: +1m, branch: dial}]")
        #expect(run.texts(of: .queueReported).count == 2)
        #expect(run.texts(of: .queueExpired).count == 3)
        #expect(run.held == 0 && run.holds)
    }

    // X04, RFC 5321 §6.3
    @Test func `a message that goes round for ever is reported once`() throws {
        try Office.withTemporaryFolder { folder in
            let header = String(repeating: "Received: from a.example by b.example;\r\n", count: 100)
            let file = folder.appending(path: "loop.eml")
            try Data((header + "From: a@hq.example\r\nDate: x\r\n\r\nhello\r\n").utf8).write(to: file)
            let run = try Office.pair(
                mail: "{for: branch.example, files: \(file.path)}", happens: "[{at: +1m, branch: dial}]")
            #expect(
                run.texts(of: .queueRefused) == [
                    "message 1 for branch.example refused for good: 554 Too many hops"
                ])
            #expect(run.texts(of: .queueReported) == ["reports to orders@head-office.example: message 1 failed"])
            #expect(run.held == 0 && run.holds)
        }
    }

    @Test func `what the server itself does not send is reported, too`() throws {
        let run = try Office.pair(
            server: "registry: {'HKLM\\System\\CurrentControlSet\\Services\\MSExchangeIMC\\Parameters': "
                + "{OutboundSizeLimit: dword:2000}}",
            mail: "{from: branch, for: depot.example, messages: 1, size: 20KiB}",
            happens: "[{at: +1m, branch: dial}, {at: +5m, depot: dial}, {at: +9m, branch: dial}]")
        #expect(run.texts(of: .queueReported) == ["reports to office@branch.example: message 1 failed"])
        #expect(run.stored == (1, 0) && run.holds)
    }

    // C040, C041, RFC 3461 §5.2.1 to §5.2.3
    @Test(arguments: ["[]", "[dsn]"])
    func `delivery is reported by the host that delivers if it can, otherwise as relayed`(offers: String) throws {
        let run = try Office.pair(
            depot: "offers: \(offers)",
            mail: "{from: branch, for: depot.example, messages: 2, size: 2KiB, notify: success}",
            happens: "[{at: +1m, branch: dial}, {at: +5m, depot: dial}, {at: +9m, branch: dial}]")
        let isReporter = offers == "[dsn]"
        #expect(
            run.texts(of: .mailReported)
                == (isReporter ? (1...2).map { "reports to office@branch.example: depot-\($0) delivered" } : []))
        #expect(
            run.texts(of: .queueReported)
                == (isReporter ? [] : (1...2).map { "reports to office@branch.example: message \($0) relayed" }))
        #expect(run.stored == (4, 0) && run.held == 0 && run.holds)
    }

    @Test(arguments: [("never", 0), ("success", 0), ("failure", 1), ("[success, delay]", 1), ("[failure, delay]", 2)])
    func `a sender hears what it has asked for`(notify: String, reports: Int) throws {
        let run = try Office.pair(
            lasts: "60h", server: ReportTests.queue,
            mail: "{from: branch, for: depot.example, messages: 1, notify: \(notify)}")
        #expect(run.texts(of: .queueReported).count == reports)
    }

    // A report to the head office goes the way that all mail of the branch goes.
    @Test func `a branch's report to somebody elsewhere leaves by the server`() throws {
        let run = try Office.pair(
            branch: "offers: [dsn, checkpoint]",
            mail: "{for: branch.example, messages: 1, size: 20KiB, notify: success}",
            happens: """
                [{at: +1m, branch: dial}, {when: branch.flush.message, after: 2s, do: {drop-carrier: branch}},
                {at: +9m, branch: dial}]
                """)
        #expect(run.texts(of: .mailReported) == ["reports to orders@head-office.example: branch-1 delivered"])
        #expect(run.texts(of: .mailSetAside).count == 1)
        #expect(run.stored == (1, 0) && run.holds)
    }

    @Test func `nobody but users and the head office is written to`() throws {
        let run = try Office.pair(
            mail: "{for: branch.example, messages: 1}",
            happens: """
                [{at: +1m, branch: dial}, {when: branch.link.up, do: {dialogue: branch, says: ["EHLO branch.example",
                "MAIL FROM:<a@branch.example> RET=FULL", "RCPT TO:<b@head-office.example> NOTIFY=NEVER",
                "RCPT TO:<b@elsewhere.example>"]}}]
                """)
        let answers = run.texts(of: .dialogueAnswered).suffix(2)
        #expect(answers.map { $0.hasSuffix("250 Recipient ok") } == [true, false])
        #expect(answers.map { $0.hasSuffix("550 Relaying denied") } == [false, true])
    }
}
