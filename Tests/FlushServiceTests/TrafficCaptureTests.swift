import Events
import FlushService
import Glibc
import SMTP
import TestSupport
import Testing

/// A capture of the service's own traffic, as Wireshark's command-line twin reads it.
@Suite(.enabled(if: geteuid() == 0, "only root sees packets"), .timeLimit(.minutes(1)))
struct TrafficCaptureTests {
    private let folder: TemporaryFolder
    private let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.file("live.pcapng")
    }

    /// What tshark shows of the capture: of every frame the fields that it has, separated by a bar.
    private func shown(_ fields: [String], where filter: String, smtpAt ports: [Int]) throws -> [String] {
        let output = try ExternalTool("tshark", package: "tshark").run(
            ["-n", "-r", path, "-Y", filter, "-T", "fields", "-E", "separator=|"]
                + ports.flatMap { ["-d", "tcp.port==\($0),smtp"] } + fields.flatMap { ["-e", $0] })
        return output.split(separator: "\n").map(String.init)
    }

    @Test func `a flush is in it from ETRN to QUIT, with the events between the packets`() async throws {
        let branch = try await Site("mail.branch.example", holds: ["branch.example"])
        let branchPort = branch.service.ports[0]
        let provider = try await Site(
            "mail.isp.example", holds: ["branch.example"],
            routes: [.init(domain: Domain(parsing: "branch.example"), address: "127.0.0.1", port: branchPort)],
            capturing: .init(path: path))
        let port = provider.service.ports[0]
        _ = try provider.smtplib(
            """
            s.sendmail('anna@hq.example', ['office@branch.example'], 'Subject: hello\\n\\nhello\\n')
            s.docmd("ETRN branch.example")
            s.quit()
            """)
        #expect(try await provider.events.nextFlush().delivered == 1)
        try await provider.service.shutDown()
        try await branch.service.shutDown()
        let story = try shown(
            ["smtp.req.command", "systemd_journal.message"],
            where: "smtp.req.command == ETRN or smtp.req and tcp.dstport == \(branchPort) or systemd_journal",
            smtpAt: [port, branchPort])
        #expect(
            story == [
                "|accepts 1 message for branch.example, 175 octets", "ETRN|",
                "|reverse connection: server connects to 127.0.0.1 port \(branchPort)",
                "|reverse connection established", "|127.0.0.1 greets the server with 220", "EHLO|",
                "|server offers message 1, 175 octets", "MAIL,RCPT,DATA|",
                "|server has the reply: message 1 delivered, 175 octets", "QUIT|",
                "|server ends the flush of branch.example: 1 delivered, 175 octets, 0 refused, 0 left",
            ])
        let ends = try shown(["tcp.srcport"], where: "tcp.flags.fin == 1", smtpAt: [])
        #expect(Set(ends).count == 4, "the last packets of both connections are in it")
        #expect(
            try ExternalTool("capinfos", package: "tshark").run(["-o", path]).contains("Strict time order:   True"))
    }

    @Test(arguments: [(true, ["ehlo", "STAR", "NOOP", "ETRN", "quit"]), (false, ["ehlo", "STAR"])])
    func `what goes by TLS can be read in it if the secrets were asked for, and not without`(
        withSecrets: Bool, commands: [String]
    ) async throws {
        let provider = try await Site.secured(capturing: .init(path: path, withSecrets: withSecrets))
        let port = provider.service.ports[0]
        _ = try provider.smtplib(
            "s.ehlo()\n" + Site.tls + "s.docmd('NOOP')\ns.docmd('ETRN branch.example')\ns.quit()")
        try await provider.service.shutDown()
        // tshark shows four letters of each.
        let read = try shown(["smtp.req.command"], where: "smtp.req", smtpAt: [port])
        #expect(read == commands)
    }
}
