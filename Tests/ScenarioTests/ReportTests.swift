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
}
