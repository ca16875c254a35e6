import TestSupport
import Testing

/// The reports of a run, as they lie in the Maildirs.
struct ReportMailTests {
    private let run: Run

    init() throws { run = try Run("reports-to-senders", "--quiet") }

    /// The fields of all reports in a Maildir that begin with a name, in the order of the reports.
    private func values(of field: String, in client: String) throws -> [String] {
        try run.mail(of: client).map { String(decoding: $0.content, as: UTF8.self) }
            .filter { $0.contains("report-type=delivery-status") }
            .compactMap { text in
                text.split(separator: "\r\n").first { $0.hasPrefix("\(field): ") }.map {
                    String($0.dropFirst(field.count + 2))
                }
            }
    }

    @Test func `a branch finds the reports among its mail`() throws {
        #expect(try values(of: "Action", in: "branch") == ["failed", "delivered", "delayed"])
        #expect(try values(of: "Status", in: "branch") == ["5.3.4", "2.1.5", "4.4.1"])
        #expect(try values(of: "Original-Envelope-Id", in: "branch") == ["drawing", "order 4711"])
        #expect(
            try values(of: "Reporting-MTA", in: "branch") == [
                "dns; mail.isp.example", "dns; mail.depot.example", "dns; mail.isp.example",
            ])
    }

    @Test func `the server keeps the reports to those whom nobody leads to`() throws {
        let names = try TemporaryFolder.names(in: run.folder.file("mail/server/new"))
        let texts = try names.map {
            String(decoding: try run.folder.octets(of: "mail/server/new/\($0)"), as: UTF8.self)
        }
        #expect(texts.map { $0.contains("Action: delivered\r\n") } == [false, true])
        #expect(texts.map { $0.contains("Action: relayed\r\n") } == [true, false])
        #expect(texts.allSatisfy { $0.contains("To: <orders@head-office.example>\r\n") })
    }

    // DSN-7: MAIL FROM:<> and no parameter that asks for a report.
    @Test func `a report crosses the line as a message from nobody`() throws {
        let commands = try run.frames(
            where: #"smtp.req.parameter matches "(?i)^from:<>""#, ["smtp.req.parameter"])
        #expect(commands.count == 5)
        #expect(commands.allSatisfy { !$0.contains("RET=") && !$0.contains("ENVID=") })
    }
}
