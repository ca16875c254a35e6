import SMTP
import Testing
import Timebase

/// ATRN (RFC 2645) and TURN (RFC 821 §3.8) as the server speaks them; what the queue says is scripted.
struct ReversalTests {
    /// On port 366, greeted and perhaps authenticated.
    private func relay(
        isAuthenticated: Bool = true, _ change: (inout SMTPServerConfiguration) -> Void = { _ in }
    ) throws -> ServerDriver {
        try server(isAuthenticated: isAuthenticated) {
            $0.service = .onDemandRelay
            change(&$0)
        }
    }

    private func server(
        isAuthenticated: Bool = true, _ change: (inout SMTPServerConfiguration) -> Void = { _ in }
    ) throws -> ServerDriver {
        var server = try ServerDriver(after: "EHLO c.example") {
            $0.offersATRN = true
            $0.takesTURN = true
            $0.mechanisms = [.cramMD5, .plain]
            change(&$0)
        }
        let digest = "b913a602c7eda7a495b4e6e7334d3890"
        server.proofs = [.cramMD5(user: "tim", challenge: server.challenge, digest: digest)]
        guard isAuthenticated else { return server }
        _ = server.send("AUTH CRAM-MD5\r\ndGltIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw\r\n")
        #expect(server.session.identity == "tim")
        return server
    }

    // S200: ODM-1
    @Test func `On-Demand Mail Relay lists AUTH and ATRN, and nothing that it does not take`() throws {
        var server = try relay(isAuthenticated: false) { $0.offersSTARTTLS = true }
        #expect(
            server.send("EHLO c.example\r\n") == """
                250-mx.isp.example\r
                250-ENHANCEDSTATUSCODES\r
                250-STARTTLS\r
                250-AUTH CRAM-MD5\r
                250 ATRN\r\n
                """)
    }

    @Test func `where nobody can prove who he is neither command is listed`() throws {
        var server = try server(isAuthenticated: false) { $0.mechanisms = [.plain] }
        let list = server.send("EHLO c.example\r\n")
        #expect(!list.contains("ATRN") && !list.contains("TURN"))
        server.session.configuration.mechanisms = [.cramMD5]
        #expect(server.send("EHLO c.example\r\n").contains("250-ATRN\r\n250-TURN\r\n"))
    }

    // S201: ODM-4; before EHLO, too.
    @Test(arguments: ["ATRN", "ATRN cust.example", "TURN"])
    func `without AUTH both get 530`(line: String) throws {
        var server = try server(isAuthenticated: false)
        #expect(server.send(line + "\r\n") == "530 5.7.0 Authentication required\r\n")
        var new = try ServerDriver(after: "NOOP") {
            $0.offersATRN = true
            $0.takesTURN = true
            $0.mechanisms = [.cramMD5]
        }
        #expect(new.send(line + "\r\n").replyCodes == [530])
        #expect(server.actions.isEmpty && new.actions.isEmpty)
    }

    // S202, S215: ODM-3, ODM-13, ODM-21
    @Test(arguments: [
        ("MAIL FROM:<a@x.example>", 502), ("RCPT TO:<a@x.example>", 502), ("DATA", 502), ("BDAT 0 LAST", 502),
        ("VRFY x", 502), ("EXPN x", 502), ("ETRN cust.example", 502), ("HELP", 502), ("HELO x", 502), ("TURN", 502),
        ("NOOP", 250), ("RSET", 250), ("FOO", 500), ("QUIT", 221),
    ])
    func `On-Demand Mail Relay has no other command`(line: String, code: Int) throws {
        var (before, after) = (try relay(isAuthenticated: false), try relay())
        #expect(before.send(line + "\r\n").replyCodes == [code])
        #expect(after.send(line + "\r\n").replyCodes == [code])
    }

    // S203: ODM-10, ODM-12
    @Test(arguments: [("ATRN", Reversal.atrn([])), ("atrn  ", .atrn([])), ("TURN", .turn)])
    func `when there is mail the roles are reversed`(line: String, reversal: Reversal) throws {
        var server = try server()
        let count = server.actions.count
        #expect(server.send(line + "\r\n") == "250 2.0.0 OK, now reversing the connection\r\n")
        #expect(server.actions.dropFirst(count) == [.askReversal(reversal), .reverse])
        #expect(server.session.state == .reversed)
    }

    // S204, S205, S207, S208, S217: ODM-25
    @Test(arguments: [450, 451, 453]) func `a refusal leaves the session as it was`(code: Int) throws {
        var server = try relay()
        server.reversalRefusal = SMTPReply(code, .init(4, 7, 1), "no")
        #expect(server.send("ATRN a.example,b.example\r\nATRN a.example\r\n").replyCodes == [code, code])
        server.reversalRefusal = nil
        #expect(server.send("ATRN a.example\r\n").replyCodes == [250])
    }

    // S206
    @Test(arguments: ["ATRN a.example, b.a.example", "ATRN cust", "ATRN ,"])
    func `what is no list of domains gets 501`(line: String) throws {
        var server = try relay()
        #expect(server.send(line + "\r\n").hasPrefix("501 5.5.4 "))
        server.session.configuration.offersATRN = false
        #expect(server.send(line + "\r\nATRN a.example\r\n").replyCodes == [502, 502])
    }

    @Test(arguments: ["ATRN", "TURN"]) func `neither comes inside a transaction`(line: String) throws {
        var server = try server()
        #expect(server.send("MAIL FROM:<>\r\n\(line)\r\nRSET\r\n\(line)\r\n").replyCodes == [250, 503, 250, 250])
    }

    // S209: ODM-22
    @Test(arguments: ["220 c.example ready\r\n", "NOOP\r\n", "2"])
    func `what stands behind ATRN is no greeting: the connection is closed`(rest: String) throws {
        var server = try relay()
        #expect(server.send("ATRN\r\n\(rest)").hasPrefix("421 4.7.0 "))
        #expect(server.actions.suffix(2) == [.askReversal(.atrn([])), .close])
    }

    @Test func `what comes before the queue's answer is no greeting either`() throws {
        var server = try relay()
        server.answersAtOnce = false
        #expect(server.send("ATRN\r\n").isEmpty)
        #expect(server.session.state == .reversalAsked && !server.session.wantsInput)
        #expect(server.send("220 c.example ready\r\n").isEmpty)
        #expect(server.answerWhatIsOwed().replyCodes == [421])
        #expect(server.actions.last == .close)
    }

    @Test func `behind an ATRN that is refused commands are carried out`() throws {
        var server = try relay()
        server.answersAtOnce = false
        server.reversalRefusal = SMTPReply(453, .init(4, 3, 2), "You have no mail")
        _ = server.send("ATRN\r\nQUIT\r\n")
        #expect(server.answerWhatIsOwed().replyCodes == [453, 221])
    }

    @Test func `a client that hangs up before the answer gets no mail`() throws {
        var server = try relay()
        server.answersAtOnce = false
        _ = server.send("ATRN\r\n")
        #expect(server.hangUp().isEmpty && server.answerWhatIsOwed().isEmpty)
        #expect(server.actions.last == .close)
    }

    // S214: AUT-5
    @Test func `three wrong digests end the session`() throws {
        var server = try relay(isAuthenticated: false)
        for code in [535, 535, 421] {
            #expect(server.send("AUTH CRAM-MD5\r\n").replyCodes == [334])
            server.proofs = []
            #expect(server.send("dGltIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw\r\n").replyCodes == [code])
        }
        #expect(server.hasClosed)
    }

    // MARK: The former server is a client

    private func reversed() throws -> ClientDriver {
        var server = try relay()
        _ = server.send("ATRN\r\n")
        return try ClientDriver(reversing: server.session, messages: [ClientDriver.message(recipients: 1)])
    }

    // S203, S213: ODM-12
    @Test func `the former server waits for the greeting, delivers and says QUIT`() throws {
        var client = try reversed()
        #expect(client.takeOutput().isEmpty && client.session.state == .greeting)
        #expect(client.hears("220 c.example ready") == "EHLO mx.isp.example\r\n")
        #expect(client.hears("250 c.example") == "MAIL FROM:<s@isp.example>\r\n")
        #expect(client.hears("250 ok") == "RCPT TO:<r1@d.example>\r\n")
        #expect(client.hears("250 ok") == "DATA\r\n")
        #expect(client.hears("354 go on") == "x\r\n.\r\n")
        #expect(client.hears("250 ok") == "QUIT\r\n")
        #expect(client.hears("221 bye").isEmpty)
        #expect(client.actions.last == .close)
    }

    // S210, S216: TMO-1
    @Test func `who does not greet gets no mail`() throws {
        var (refusing, busy, other, silent) = (try reversed(), try reversed(), try reversed(), try reversed())
        #expect(refusing.hears("554 no") == "QUIT\r\n")
        #expect(busy.hears("421 not now").isEmpty)
        #expect(other.hears("EHLO c.example") == "QUIT\r\n")
        #expect(silent.waits(.seconds(299)).isEmpty)
        #expect(silent.waits(.seconds(1)) == [.failed(.timedOut(.greeting)), .close])
        for client in [refusing, busy, other, silent] { #expect(!client.actions.contains(.wantsMessage)) }
    }

    @Test func `a greeting that comes before the 250 has gone out is none`() throws {
        var server = try relay()
        server.keepsOutput = true
        _ = server.send("ATRN\r\n")
        var client = try ClientDriver(reversing: server.session)
        client.take(Array("220 c.example ready\r\n".utf8))
        #expect(client.outcomes.first == .failed(.unexpectedReply(SMTPReply(220, nil, "c.example ready"))))
        #expect(client.takeOutput().replyCodes.first == 250)
    }

    @Test func `AUTH does not come a second time, and TLS goes on`() throws {
        var server = try relay(isAuthenticated: false) { $0.offersSTARTTLS = true }
        _ = server.send("STARTTLS\r\n")
        server.session.tlsStarted(at: server.now)
        _ = server.send("EHLO c.example\r\nAUTH CRAM-MD5\r\n")
        _ = server.send("dGltIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw\r\nATRN\r\n")
        let credentials = SASLCredentials(user: "a", password: [0x62])
        var client = try ClientDriver(reversing: server.session, tls: .always, credentials: credentials)
        #expect(client.session.isSecure)
        _ = client.hears("220 c.example")
        #expect(client.hears("250-c.example", "250-STARTTLS", "250 AUTH CRAM-MD5") == "QUIT\r\n")
        #expect(client.outcomes.isEmpty)
    }
}
