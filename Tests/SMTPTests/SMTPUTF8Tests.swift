import SMTP
import Testing
import Timebase

/// Addresses in UTF-8 (RFC 6531).
@Suite struct SMTPUTF8Tests {
    private func server(after lines: String...) throws -> ServerDriver {
        let räksmörgås = try domain("räksmörgås.example")
        var server = try ServerDriver(after: "EHLO dial1.cust.example") {
            $0.offersSMTPUTF8 = true
            $0.recipients = RecipientPolicy(localDomains: [räksmörgås])
        }
        for line in lines { _ = server.send(line + "\r\n") }
        return server
    }

    private func domain(_ text: String) throws -> Domain { try Domain(parsing: Array(text.utf8)[...], in: .utf8) }

    // U8-1
    @Test func `SMTPUTF8 is listed when it is offered`() throws {
        var server = try ServerDriver { $0.offersSMTPUTF8 = true }
        server.session.connected(at: .beginning)
        #expect(server.send("EHLO dial1.cust.example\r\n").contains("\r\n250-SMTPUTF8\r\n"))
    }

    // S139, S140, S141: U8-1, U8-2
    @Test(arguments: [
        ("MAIL FROM:<ü@x.example> SMTPUTF8", 250), ("MAIL FROM:<\"ü b\"@x.example> SMTPUTF8", 250),
        ("MAIL FROM:<a@bücher.example> SMTPUTF8 BODY=8BITMIME", 250), ("MAIL FROM:<a@x.example> SMTPUTF8", 250),
        ("MAIL FROM:<ü@x.example>", 550), ("MAIL FROM:<a@bücher.example>", 550),
        ("MAIL FROM:<a@x\u{3002}example> SMTPUTF8", 501), ("MAIL FROM:<a@x\u{a0}.example> SMTPUTF8", 501),
        ("MAIL FROM:<\u{85}@x.example> SMTPUTF8", 501),
        ("MAIL FROM:<ü@x.example> SMTPUTF8=1", 501), ("MAIL FROM:<ü@x.example> SMTPUTF8 SMTPUTF8", 501),
        ("MAIL FROM:<a@x.example> ENVID=ü SMTPUTF8", 501), ("EHLO bücher.example", 501), ("NOOP ü", 501),
        ("ETRN bücher.example", 501), ("VRFY ü SMTPUTF8", 252),
    ])
    func `addresses are taken in UTF-8 with SMTPUTF8 alone`(line: String, code: Int) throws {
        var server = try server()
        #expect(server.send(line + "\r\n").replyCodes == [code])
    }

    // S141
    @Test(arguments: [[0xc0, 0x80], [0x80], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xc3]] as [[UInt8]])
    func `what is no UTF-8 is refused`(octets: [UInt8]) throws {
        var server = try server()
        let line = Array("MAIL FROM:<".utf8) + octets + Array("@x.example> SMTPUTF8\r\n".utf8)
        #expect(server.send(line).replyCodes == [501])
    }

    // S072
    @Test func `where it is not offered nothing above 127 is an address`() throws {
        var server = try ServerDriver(after: "EHLO dial1.cust.example")
        #expect(server.send("MAIL FROM:<ü@x.example> SMTPUTF8\r\n").replyCodes == [501])
        #expect(server.send("MAIL FROM:<a@x.example> SMTPUTF8\r\n").replyCodes == [555])
        #expect(server.send("MAIL FROM:<a@x.example>\r\n").replyCodes == [250])
        #expect(server.send("RCPT TO:<ü@isp.example>\r\n").replyCodes == [501])
    }

    @Test func `a recipient in UTF-8 needs it, too, and domains match whatever the case of their ASCII`() throws {
        var plain = try server(after: "MAIL FROM:<a@x.example>")
        #expect(plain.send("RCPT TO:<ulf@räksmörgås.example>\r\n").hasPrefix("553 5.6.7 "))
        #expect(plain.send("DATA\r\n").replyCodes == [554])
        var server = try server(after: "MAIL FROM:<a@x.example> SMTPUTF8")
        #expect(server.send("RCPT TO:<ulf@Räksmörgås.EXAMPLE>\r\n").replyCodes == [250])
        #expect(server.send("DATA\r\nSubject: smörgås\r\n.\r\n").replyCodes == [354, 250])
        #expect(server.envelopes.map(\.isSMTPUTF8) == [true])
        #expect(server.envelopes[0].forwardPaths.map(\.description) == ["<ulf@Räksmörgås.EXAMPLE>"])
    }

    // RFC 6531 §3.1
    @Test func `without 8BITMIME there is no SMTPUTF8`() throws {
        var server = try ServerDriver(after: "EHLO dial1.cust.example") {
            $0.offersSMTPUTF8 = true
            $0.offersEightBitMIME = false
        }
        #expect(!server.send("EHLO dial1.cust.example\r\n").contains("SMTPUTF8"))
        #expect(server.send("MAIL FROM:<a@x.example> SMTPUTF8\r\n").replyCodes == [555])
    }

    @Test func `labels below are found by whole labels, in UTF-8, too`() throws {
        #expect(try domain("a.bücher.example").isSubdomain(of: domain("bücher.example")))
        #expect(try !domain("abücher.example").isSubdomain(of: domain("bücher.example")))
    }

    // MARK: The client

    private func message(from sender: String, _ content: String, isSMTPUTF8: Bool = false) throws -> OutgoingMessage {
        var envelope = Envelope(
            reversePath: try ReversePath(parsing: Array(sender.utf8)[...], in: .utf8),
            forwardPaths: [try ForwardPath(parsing: "<r@d.example>")])
        envelope.isSMTPUTF8 = isSMTPUTF8
        return OutgoingMessage(envelope: envelope, content: Array(content.utf8))
    }

    // C034: U8-3
    @Test func `nothing of mail in UTF-8 is said to a host without SMTPUTF8`() throws {
        for message in [
            try message(from: "<ü@isp.example>", "x\r\n"),
            try message(from: "<s@isp.example>", "Subject: smörgås\r\n", isSMTPUTF8: true),
        ] {
            var client = try ClientDriver(messages: [message])
            _ = client.hears("220 d.example")
            #expect(client.hears("250-d.example", "250 8BITMIME") == "QUIT\r\n")
            let reply = SMTPReply(553, .init(5, 6, 7), "The next host takes no addresses or header in UTF-8")
            #expect(client.outcomes.first == .messageRefused(reply, permanent: true))
        }
    }

    @Test func `without SMTPUTF8 those get the message who can be told of`() throws {
        let message = OutgoingMessage(
            envelope: Envelope(
                reversePath: .null,
                forwardPaths: try ["<ü@d.example>", "<r@d.example>"].map {
                    try ForwardPath(parsing: Array($0.utf8)[...], in: .utf8)
                }), content: Array("x\r\n".utf8))
        var client = try ClientDriver(messages: [message])
        _ = client.hears("220 d.example")
        #expect(
            client.hears("250-d.example", "250 PIPELINING") == "MAIL FROM:<>\r\nRCPT TO:<r@d.example>\r\nDATA\r\n")
        guard case .recipientRefused(let path, let reply, permanent: true) = client.outcomes.first else {
            return #expect(Bool(false))
        }
        #expect(path == message.envelope.forwardPaths[0] && reply.enhancedStatus == .init(5, 6, 7))
    }

    // A body has its own charset: for it 8BITMIME is enough.
    @Test func `8-bit content under a header in US-ASCII needs no SMTPUTF8`() throws {
        var client = try ClientDriver(
            messages: [message(from: "<s@isp.example>", "Subject: x\r\n\r\nsmörgås\r\n", isSMTPUTF8: true)])
        _ = client.hears("220 d.example")
        #expect(client.hears("250-d.example", "250 8BITMIME") == "MAIL FROM:<s@isp.example> BODY=8BITMIME\r\n")
    }

    @Test func `to a host with SMTPUTF8 MAIL says it, but not for nothing`() throws {
        func said(_ message: OutgoingMessage) throws -> String {
            var client = try ClientDriver(messages: [message])
            _ = client.hears("220 d.example")
            return client.hears("250-d.example", "250-8BITMIME", "250 SMTPUTF8")
        }
        #expect(try said(message(from: "<ü@isp.example>", "x\r\n")) == "MAIL FROM:<ü@isp.example> SMTPUTF8\r\n")
        #expect(
            try said(message(from: "<s@isp.example>", "Subject: smörgås\r\n", isSMTPUTF8: true))
                == "MAIL FROM:<s@isp.example> BODY=8BITMIME SMTPUTF8\r\n")
        #expect(
            try said(message(from: "<s@isp.example>", "x\r\n", isSMTPUTF8: true)) == "MAIL FROM:<s@isp.example>\r\n")
    }
}
