import Events
import FlushService
import Foundation
import SMTP
import TestSupport
import Testing

/// The service when its store does not take what is to be written.
struct StoreFailureTests {
    /// Another program that has the database locked, until it is let go.
    private final class Locker {
        private let process = Process()
        private let input = Pipe()

        init(_ database: String) throws {
            let script = """
                import sqlite3, sys
                d = sqlite3.connect("\(database)", isolation_level=None)
                d.execute("BEGIN EXCLUSIVE")
                print("locked", flush=True)
                sys.stdin.read()
                """
            let output = Pipe()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = ["python3", "-c", script]
            process.standardInput = input
            process.standardOutput = output
            try process.run()
            _ = output.fileHandleForReading.availableData
        }

        func letGo() throws {
            try input.fileHandleForWriting.close()
            process.waitUntilExit()
        }
    }

    @Test func `while the database is locked no mail is taken and no flush begun, and then it goes on`() async throws {
        let site = try await Site(
            "mail.isp.example", holds: ["branch.example"],
            routes: [.init(domain: Domain(parsing: "branch.example"), address: "127.0.0.1", port: 9)])
        let locker = try Locker(site.folder.file("queue.db"))
        async let sent = Task.detached {
            try site.smtplib("print(s.sendmail('a@hq.example', ['o@branch.example'], 'Subject: x\\n\\nhello\\n'))")
        }.value
        #expect(await site.events.next(.storeFailed) != nil)
        let said = try site.smtplib(
            """
            s.ehlo()
            print(s.docmd("MAIL FROM:<anna@hq.example>")[0])
            print(s.docmd("ETRN branch.example")[0])
            """)
        #expect(said == ["452", "458"])
        try locker.letGo()
        // Nobody heard 250 before it was true; now the first message has it.
        #expect(try await sent == ["{}"])
        #expect(await site.events.next(.storeRecovered) != nil)
        #expect(try await site.service.messages(for: Domain(parsing: "branch.example")).count == 1)
        #expect(try site.smtplib("s.ehlo()\nprint(s.docmd('MAIL FROM:<anna@hq.example>')[0])") == ["250"])
        try await site.service.shutDown()
    }
}
