import Events
import FlushService
import MailQueue
import SMTP
import TestSupport
import Testing

/// Hosts that have a reverse connection opened to them and are not what they should be.
struct HostileHostTests {
    /// What a host does on its reverse connection, `h`, and what the service says of it.
    struct Manner: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let script: String
        let reason: String
    }

    private static let manners = [
        Manner(
            testDescription: "a reply without an end",
            script: """
                tell("220 mail.branch.example")
                for _ in range(64): h.sendall(b"250-" + b"x" * 65536)
                """, reason: "not an SMTP reply"),
        Manner(
            testDescription: "lines of a reply without an end",
            script: """
                tell("220 mail.branch.example")
                for _ in range(64): h.sendall(b"250-x\\r\\n" * 1000)
                """, reason: "not an SMTP reply"),
        Manner(
            testDescription: "all replies at once",
            script: """
                codes = [220, 250, 250, 250, 354, 250, 221]
                h.sendall("".join(f"{code} mail.branch.example\\r\\n" for code in codes).encode())
                while hear(): pass
                """, reason: "unexpected reply 250 mail.branch.example"),
        Manner(
            testDescription: "no answer to the end of content",
            script: """
                tell("220 mail.branch.example")
                while (line := hear()) != "DATA": tell("250 mail.branch.example")
                tell("354 go on")
                while hear() != ".": pass
                """, reason: "connection lost"),
        Manner(
            testDescription: "somebody else's name",
            script: """
                tell("220 mail.other.example")
                hear()
                tell("250 mail.other.example")
                """, reason: "mail.other.example is not the host of branch.example"),
        Manner(testDescription: "not a word", script: "", reason: "connection lost"),
    ]

    @Test(arguments: manners) func `the mail is kept from a host that does not keep to SMTP`(
        manner: Manner
    ) async throws {
        let port = try Site.freePort()
        let site = try await Site(
            "mail.isp.example", holds: ["branch.example"],
            routes: [.init(domain: Domain(parsing: "branch.example"), address: "127.0.0.1", port: port)])
        _ = try site.smtplib("s.sendmail('a@hq.example', ['o@branch.example'], 'Subject: x\\n\\nhello\\n')")
        _ = try site.octets(
            """
            listener = socket.create_server(("127.0.0.1", \(port)))
            listener.settimeout(120)
            hello()
            ask("ETRN branch.example")
            h, _ = listener.accept()
            h.settimeout(120)
            heard = h.makefile("rb")
            def tell(line): h.sendall(line.encode() + b"\\r\\n")
            def hear(): return heard.readline().decode().rstrip()
            # Who is cut off has done what it could.
            try:
            \(manner.script.split(separator: "\n").map { "    \($0)\n" }.joined())
                h.shutdown(socket.SHUT_RDWR)
            except OSError: pass
            """)
        let end = await site.events.next(.flushFailed)
        #expect(end?.happening == .flushFailed(domain: "branch.example", reason: manner.reason))
        #expect(try await site.count(for: "branch.example") == 1)
        try await site.service.shutDown()
    }
}
