import SMTP
import Testing
import Timebase

/// Reports (RFC 3461), priorities (RFC 6710) and times by when (RFC 2852), asked of a server.
struct DeliveryOptionsTests {
    private func server(_ change: (inout SMTPServerConfiguration) -> Void = { _ in }) throws -> ServerDriver {
        try ServerDriver(after: "EHLO x.example") {
            $0.offersDSN = true
            $0.offersPriority = true
            $0.offersDeliverBy = true
            $0.leastDeliverBy = 60
            change(&$0)
        }
    }

    @Test func `each extension is listed when it is offered`() throws {
        var server = try server()
        let list = server.send("EHLO x.example\r\n")
        for keyword in ["250-DSN", "250-MT-PRIORITY", "250-DELIVERBY 60"] { #expect(list.contains(keyword + "\r\n")) }
    }

    // DSN-1, DSN-2
    @Test func `what was asked for is in the envelope, and changes no reply`() throws {
        var server = try server { $0.trustsPriority = true }
        let said = server.send(
            "MAIL FROM:<a@x.example> ret=hdrs ENVID=a+2Bb MT-PRIORITY=-3 BY=+120;RT\r\n"
                + "RCPT TO:<alice@isp.example> NOTIFY=success,DELAY ORCPT=rfc822;Al+2Bice@X\r\n"
                + "RCPT TO:<bob@isp.example> NOTIFY=NEVER\r\nRCPT TO:<carol@cust.example>\r\nDATA\r\nx\r\n.\r\n")
        #expect(said.replyCodes == [250, 250, 250, 250, 354, 250] && said.contains("2.1.0 Sender ok"))
        let envelope = try #require(server.envelopes.first)
        let options = envelope.options
        #expect(options.returnedContent == .headers && options.envelopeID?.encoded == "a+2Bb")
        #expect(options.envelopeID?.decoded == Array("a+b".utf8))
        #expect(options.priority == MessagePriority(-3))
        #expect(options.deliverBy?.seconds == 120 && options.deliverBy?.mode == .return)
        #expect(options.deliverBy?.traces == true)
        let paths = envelope.forwardPaths
        #expect(options.recipients[paths[0]]?.notify == [.success, .delay])
        #expect(options.recipients[paths[0]]?.originalRecipient == "rfc822;Al+2Bice@X")
        #expect(options.recipients[paths[1]]?.notify == .never && options.recipients[paths[2]] == nil)
    }

    // RFC 3461 §4
    @Test func `xtext holds any printable text, and a report what is printable of it`() throws {
        let name = try #require(XText(encoding: "order 4711 = a+b"))
        #expect(name.encoded == "order+204711+20+3D+20a+2Bb" && name.printable == "order 4711 = a+b")
        #expect(XText(encoding: "") == nil && XText(encoding: "gr\u{FC}n") == nil && XText(encoding: "a\r\nb") == nil)
        var server = try server()
        _ = server.send("MAIL FROM:<a@x.example> ENVID=a+0D+0Ab\r\nRCPT TO:<bob@isp.example>\r\nDATA\r\nx\r\n.\r\n")
        #expect(server.envelopes.first?.options.envelopeID?.printable == "a+0D+0Ab")
    }

    @Test(arguments: [
        "MAIL FROM:<a@x> RET=FULL", "MAIL FROM:<a@x> ENVID=1", "MAIL FROM:<a@x> MT-PRIORITY=1",
        "MAIL FROM:<a@x> BY=9;N",
    ])
    func `what is not offered gets 555`(line: String) throws {
        var server = try ServerDriver(after: "EHLO x.example")
        #expect(server.send(line + "\r\n").replyCodes == [555])
        var old = try serverAfterHELO()
        #expect(old.send(line + "\r\n").replyCodes == [555])
    }

    private func serverAfterHELO() throws -> ServerDriver {
        try ServerDriver(after: "HELO x.example") {
            $0.offersDSN = true
            $0.offersPriority = true
            $0.offersDeliverBy = true
        }
    }

    @Test func `NOTIFY gets 555 where reports are not offered`() throws {
        var server = try ServerDriver(after: "EHLO x.example", "MAIL FROM:<>")
        #expect(server.send("RCPT TO:<alice@isp.example> NOTIFY=NEVER\r\n").replyCodes == [555])
    }

    // S165, PRI-2
    @Test(arguments: [(5, "250 2.3.6 ", 0), (0, "250 2.1.0 ", 0), (-4, "250 2.1.0 ", -4)])
    func `nobody untrusted is preferred`(asked: Int, reply: String, granted: Int) throws {
        var server = try server()
        #expect(server.send("MAIL FROM:<> MT-PRIORITY=\(asked)\r\n").hasPrefix(reply))
        _ = server.send("RCPT TO:<alice@isp.example>\r\nDATA\r\n.\r\n")
        #expect(server.envelopes.first?.options.priority == MessagePriority(granted))
    }

    // S167, S169
    @Test(arguments: [("120;R", 250), ("60;R", 250), ("-5;N", 250), ("0;N", 250), ("120;RT", 250), ("30;R", 554)])
    func `a time that cannot be promised is refused`(time: String, code: Int) throws {
        var server = try server()
        #expect(server.send("MAIL FROM:<a@x.example> BY=\(time)\r\n").replyCodes == [code])
    }

    @Test func `a message that asks for nothing holds nothing`() {
        var envelope = Envelope(reversePath: .null)
        let plain = envelope
        envelope.options.priority = .normal
        #expect(envelope == plain)
    }
}

/// The same, handed on by a client.
struct DeliveryOptionsClientTests {
    private func message(deliverBy: String = "120;N") throws -> OutgoingMessage {
        let command = try SMTPCommand(
            parsing: "MAIL FROM:<s@isp.example> RET=HDRS ENVID=a+2Bb MT-PRIORITY=4 BY=\(deliverBy)")
        guard case .mail(let path, let parameters) = command,
            case .rcpt(let recipient, let asked) = try SMTPCommand(
                parsing: "RCPT TO:<r@d.example> NOTIFY=SUCCESS ORCPT=rfc822;X@Y")
        else { throw CommandError.badArgument }
        var envelope = Envelope(reversePath: path, forwardPaths: [recipient])
        envelope.options.returnedContent = parameters.returnedContent
        envelope.options.envelopeID = parameters.envelopeID
        envelope.options.priority = try #require(parameters.priority)
        envelope.options.deliverBy = parameters.deliverBy
        envelope.options.recipients[recipient] = asked
        return OutgoingMessage(envelope: envelope, content: Array("x\r\n".utf8))
    }

    private func said(_ message: OutgoingMessage, to keywords: String...) throws -> String {
        var client = try ClientDriver(messages: [message])
        _ = client.hears("220 d.example")
        let list = (["250-d.example", "250-PIPELINING"] + keywords.map { "250-\($0)" } + ["250 HELP"])
        return client.hears(list.joined(separator: "\r\n"))
    }

    // C040: DSN-4
    @Test func `a server that offers all hears all, exactly`() throws {
        #expect(
            try said(message(), to: "DSN", "MT-PRIORITY", "DELIVERBY")
                == "MAIL FROM:<s@isp.example> RET=HDRS ENVID=a+2Bb MT-PRIORITY=4 BY=120;N\r\n"
                + "RCPT TO:<r@d.example> NOTIFY=SUCCESS ORCPT=rfc822;X@Y\r\nDATA\r\n")
    }

    // C041: DSN-5
    @Test func `a server that offers nothing hears nothing`() throws {
        #expect(try said(message()) == "MAIL FROM:<s@isp.example>\r\nRCPT TO:<r@d.example>\r\nDATA\r\n")
    }

    // DBY-2
    @Test(arguments: [[], ["DELIVERBY 240"]]) func `what must come back in time goes only where that is promised`(
        keywords: [String]
    ) throws {
        var client = try ClientDriver(messages: [message(deliverBy: "120;R")])
        _ = client.hears("220 d.example")
        let list = ["250-d.example"] + keywords.map { "250-\($0)" } + ["250 HELP"]
        #expect(client.hears(list.joined(separator: "\r\n")) == "QUIT\r\n")
        guard case .messageRefused(let reply, permanent: true) = client.outcomes.first else {
            return #expect(Bool(false))
        }
        #expect(reply.enhancedStatus == .init(5, 4, 7))
        #expect(try said(message(deliverBy: "120;R"), to: "DELIVERBY 60").contains(" BY=120;R\r\n"))
    }
}
