import SMTP
import Testing
import Timebase

/// STARTTLS (RFC 3207) on both sides; the handshake itself is the driver's.
struct STARTTLSTests {
    private func server(_ change: (inout SMTPServerConfiguration) -> Void = { _ in }) throws -> ServerDriver {
        try ServerDriver(after: "EHLO x.example") {
            $0.offersSTARTTLS = true
            change(&$0)
        }
    }

    // S142, S144, S145: TLS-2
    @Test func `after TLS everything begins anew, and STARTTLS is not offered again`() throws {
        var server = try server()
        #expect(server.send("EHLO x.example\r\n").contains("250-STARTTLS\r\n"))
        #expect(server.send("STARTTLS\r\n") == "220 2.0.0 Ready to start TLS\r\n")
        #expect(server.actions == [.startTLS])
        server.session.tlsStarted(at: server.now)
        #expect(server.session.isSecure && server.session.clientName == nil)
        #expect(server.send("MAIL FROM:<>\r\n").replyCodes == [503])
        #expect(!server.send("EHLO x.example\r\n").contains("STARTTLS"))
        #expect(server.send("STARTTLS\r\nNOOP\r\n").replyCodes == [503, 250])
    }

    // S143, S147, S149
    @Test
    func `STARTTLS is refused with an argument, in a transaction, without an engine, and where it is not offered`()
        throws
    {
        var server = try server()
        #expect(server.send("STARTTLS now\r\nMAIL FROM:<>\r\nSTARTTLS\r\nRSET\r\n").replyCodes == [501, 250, 503, 250])
        server.session.configuration.tlsIsAvailable = false
        #expect(server.send("STARTTLS\r\nNOOP\r\n").replyCodes == [454, 250])
        var other = try ServerDriver(after: "EHLO x.example")
        #expect(other.send("STARTTLS\r\n").replyCodes == [502])
    }

    // S146: TLS-3 (CVE-2011-0411 and its kin)
    @Test(arguments: [1, 5, 9, 10, 11, 40, Int.max]) func `what stands behind STARTTLS in the clear is never read`(
        size: Int
    )
        throws
    {
        var server = try server()
        let wire = "STARTTLS\r\nMAIL FROM:<evil@x.example>\r\nRCPT TO:<alice@isp.example>\r\n"
        #expect(server.send(Array(wire.utf8), inPiecesOf: size).replyCodes == [220])
        #expect(server.actions == [.startTLS, .close])
        server.session.tlsStarted(at: server.now)
        #expect(server.session.state == .closed)
    }

    private func client(_ policy: TLSPolicy, _ keywords: String...) throws -> (client: ClientDriver, said: String) {
        var client = try ClientDriver(messages: [ClientDriver.message(recipients: 1)], tls: policy)
        _ = client.hears("220 d.example")
        let list = ["250-d.example", "250-PIPELINING"] + keywords.map { "250-\($0)" } + ["250 HELP"]
        let said = client.hears(list.joined(separator: "\r\n"))
        return (client, said)
    }

    // C035: TLS-2
    @Test(arguments: [TLSPolicy.ifOffered, .always]) func `a client forgets what was offered before TLS`(
        policy: TLSPolicy
    ) throws {
        var (client, said) = try client(policy, "STARTTLS")
        #expect(said == "STARTTLS\r\n")
        #expect(client.hears("220 go").isEmpty)
        #expect(client.actions.last == .startTLS)
        client.session.tlsStarted(at: client.now)
        #expect(client.takeOutput() == "EHLO mx.isp.example\r\n")
        // PIPELINING is not listed any more.
        #expect(client.hears("250 d.example") == "MAIL FROM:<s@isp.example>\r\n")
    }

    // C036: TLS-3
    @Test func `plaintext behind the reply ends the session`() throws {
        for wire in ["220 go\r\n250-d.example\r\n", "220 go\r\n2"] {
            var (client, _) = try client(.ifOffered, "STARTTLS")
            client.take(Array(wire.utf8))
            #expect(client.actions.suffix(3) == [.startTLS, .failed(.plaintextBehindTLS), .close])
            #expect(client.takeOutput().isEmpty)
        }
        var (client, _) = try client(.ifOffered, "STARTTLS")
        _ = client.hears("220 go")
        _ = client.hears("250 injected")
        #expect(client.outcomes.suffix(2) == [.failed(.plaintextBehindTLS), .close])
    }

    // C037
    @Test func `a server that refuses what it offers gets no mail over this connection`() throws {
        var (client, _) = try client(.ifOffered, "STARTTLS")
        #expect(client.hears("454 4.7.0 not now") == "QUIT\r\n")
        #expect(client.outcomes == [.failed(.tlsRefused(SMTPReply(454, .init(4, 7, 0), "not now")))])
    }

    // C038: TLS-4
    @Test func `where TLS must be and is not offered nothing is sent`() throws {
        let (client, said) = try client(.always)
        #expect(said == "QUIT\r\n")
        #expect(client.outcomes == [.failed(.tlsNotOffered)])
    }

    @Test(arguments: [(TLSPolicy.never, ["STARTTLS"]), (.ifOffered, [])])
    func `without need or offer mail goes in the clear`(policy: TLSPolicy, keywords: [String]) throws {
        let (_, said) = try keywords.isEmpty ? client(policy) : client(policy, "STARTTLS")
        #expect(said.hasPrefix("MAIL FROM:"))
    }
}
