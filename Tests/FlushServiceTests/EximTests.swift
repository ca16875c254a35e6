import FlushService
import Foundation
import MailQueue
import SMTP
import TestSupport
import Testing

/// Exim as a sender: a program for each message, which ends when the message is delivered. Only root may run it with a
/// configuration of its own.
@Suite(.enabled(if: geteuid() == 0)) struct EximTests {
    private static func configuration(in folder: TemporaryFolder, port: Int) -> String {
        """
        primary_hostname = mail.hq.example
        exim_path = /usr/local/sbin/exim4
        spool_directory = \(folder.file("spool"))
        log_file_path = \(folder.file("spool/log/%slog"))
        keep_environment =
        disable_ipv6
        begin routers
        service:
          driver = manualroute
          route_list = * 127.0.0.1 byname
          self = send
          transport = service
        begin transports
        service:
          driver = smtp
          port = \(port)
          hosts_require_tls = *
          tls_verify_certificates =
        begin retry
        * * F,1h,5m

        """
    }

    @Test func `what Exim sends under TLS is held, once for all recipients`() async throws {
        let site = try await Site.secured()
        let folder = try TemporaryFolder()
        let text = EximTests.configuration(in: folder, port: site.service.ports[0])
        try folder.write(Array(text.utf8), to: "exim.conf")
        try folder.write(Array("Subject: x\n\n.\n..\nhello\n".utf8), to: "message")
        let command =
            #"exec /usr/local/sbin/exim4 -C "$1" -odf -i -f "$2" office@branch.example sales@branch.example <"$3""#
        for sender in ["anna@hq.example", "<>"] {
            _ = try ExternalTool("bash", package: "bash")
                .run(["-c", command, "bash", folder.file("exim.conf"), sender, folder.file("message")])
        }
        let held = try await site.service.messages(for: Domain(parsing: "branch.example"))
        #expect(held.map(\.envelope.reversePath.description) == ["<anna@hq.example>", "<>"])
        #expect(held.allSatisfy { $0.envelope.forwardPaths.count == 2 })
        let texts = held.map { String(decoding: $0.content.render(), as: UTF8.self) }
        #expect(texts.allSatisfy { $0.hasPrefix("Received: from mail.hq.example") && $0.contains("with ESMTPS") })
        #expect(texts.allSatisfy { $0.hasSuffix("\r\n\r\n.\r\n..\r\nhello\r\n") })
        try await site.service.shutDown()
    }
}
