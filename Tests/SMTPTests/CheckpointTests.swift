import SMTP
import Testing
import Timebase

/// Transfers that break off and go on (RFC 1845), as the server sees them.
struct CheckpointTests {
    private static let mail = "MAIL FROM:<a@x.example> TRANSID=<q1@x.example>\r\n"
    private static let recipient = "RCPT TO:<alice@isp.example>\r\n"

    private func server(_ kept: [TransactionID: Checkpoint] = [:]) throws -> ServerDriver {
        var server = try ServerDriver(after: "EHLO x.example") { $0.offersCheckpoint = true }
        server.checkpoints = kept
        return server
    }

    private var id: TransactionID { get throws { try #require(TransactionID(parsing: "<q1@x.example>")) } }

    private func kept(offset: Int) throws -> [TransactionID: Checkpoint] {
        let envelope = Envelope(
            reversePath: try ReversePath(parsing: "<a@x.example>"),
            forwardPaths: [try ForwardPath(parsing: "<alice@isp.example>")])
        return [try id: Checkpoint(envelope: envelope, offset: offset)]
    }

    // CKP-1, CKP-12
    @Test func `CHECKPOINT is listed when it is offered, and TRANSID gets 555 when it is not`() throws {
        var offering = try server()
        #expect(offering.send("EHLO x.example\r\n").contains("250-CHECKPOINT\r\n"))
        var other = try ServerDriver(after: "EHLO x.example")
        #expect(other.send(Self.mail).replyCodes == [555])
    }

    // S172
    @Test func `content that breaks off is kept with its envelope`() throws {
        var server = try server()
        #expect(server.send(Self.mail + Self.recipient + "DATA\r\none\r\ntwo\r\nthr").replyCodes == [250, 250, 354])
        _ = server.hangUp()
        let envelope = try #require(kept(offset: 0)[id]?.envelope)
        #expect(server.actions.suffix(2) == [.keepContent(try id, envelope), .close])
    }

    // S172, S173: no RCPT is needed, and the content is what comes now.
    @Test func `a transfer goes on where it broke off, for the recipients of the first time`() throws {
        var server = try server(kept(offset: 5))
        #expect(server.send(Self.mail).hasPrefix("355 5 "))
        #expect(server.send(Self.recipient).replyCodes == [503])
        #expect(server.send("DATA\r\n..two\r\n.\r\n").replyCodes == [354, 250])
        #expect(server.stored == [".two\r\n"])
        #expect(server.envelopes == [try #require(kept(offset: 0)[id]?.envelope)])
    }

    // S175
    @Test func `a transfer that is whole takes the final dot alone`() throws {
        var server = try server(kept(offset: 500))
        #expect(server.send(Self.mail + "DATA\r\n.\r\n").replyCodes == [355, 354, 250])
        #expect(server.stored == [""])
    }

    // CKP-10
    @Test(arguments: [
        "MAIL FROM:<b@x.example> TRANSID=<q1@x.example>", "MAIL FROM:<a@x.example> SIZE=9 TRANSID=<q1@x.example>",
    ])
    func `MAIL that says something else begins anew`(line: String) throws {
        var server = try server(kept(offset: 5))
        #expect(server.send(line + "\r\n").replyCodes == [250])
        #expect(server.actions == [.findCheckpoint(try id), .forgetCheckpoint(try id)])
    }

    // S176, CKP-3
    @Test(arguments: ["NOOP", "QUIT", "MAIL FROM:<>"]) func `after the reply the next command shows that it was heard`(
        command: String
    ) throws {
        var server = try server()
        _ = server.send(Self.mail + Self.recipient + "DATA\r\nx\r\n.\r\n")
        #expect(!server.actions.contains(.forgetCheckpoint(try id)))
        _ = server.send(command + "\r\n")
        #expect(server.actions.contains(.forgetCheckpoint(try id)))
    }

    @Test func `RSET gives a transfer up`() throws {
        var server = try server(kept(offset: 5))
        #expect(server.send(Self.mail + "RSET\r\n").replyCodes == [355, 250])
        #expect(server.actions.last == .forgetCheckpoint(try id))
    }

    @Test func `what was sent before counts for the size limit`() throws {
        var server = try server(kept(offset: 999_999))
        #expect(server.send(Self.mail + "DATA\r\nx\r\n.\r\n").replyCodes == [355, 354, 552])
    }

    @Test func `what is pipelined waits for the answer about the transfer`() throws {
        var server = try server()
        server.answersAtOnce = false
        #expect(server.send(Self.mail + Self.recipient + "NOOP\r\n").isEmpty)
        #expect(server.answerWhatIsOwed().replyCodes == [250, 250, 250])
    }

    // S177
    @Test(arguments: [
        "x", "<a@b@c>", "<a>", "<@b>", "<a..b@c>", "<a(b@c>", "<a@b", "<" + String(repeating: "a", count: 77) + "@b>",
    ])
    func `what is no name of a transfer gets 501`(text: String) throws {
        #expect(TransactionID(parsing: text) == nil)
        var server = try server()
        #expect(server.send("MAIL FROM:<a@x.example> TRANSID=\(text)\r\n").replyCodes == [501])
    }

    // S174
    @Test func `letters in either case are different names`() {
        #expect(TransactionID(parsing: "<Q1@x>") != TransactionID(parsing: "<q1@x>"))
    }
}

/// The same, as the client goes on.
struct CheckpointClientTests {
    private func greeted(_ content: String, mayResume: Bool = true) throws -> (client: ClientDriver, said: String) {
        var message = try ClientDriver.message(content, recipients: 1)
        message.transactionID = TransactionID(parsing: "<7.1@isp.example>")
        message.mayResume = mayResume
        var client = try ClientDriver(messages: [message])
        _ = client.hears("220 d.example")
        let said = client.hears("250-d.example", "250-PIPELINING", "250-CHECKPOINT", "250 HELP")
        return (client, said)
    }

    // C054: CKP-5
    @Test func `after 355 there is no RCPT, and content goes on from the offset`() throws {
        var (client, said) = try greeted("one\r\n.two\r\nthree\r\n")
        #expect(said == "MAIL FROM:<s@isp.example> TRANSID=<7.1@isp.example>\r\n")
        #expect(client.hears("355 5 octets are here already") == "DATA\r\n")
        #expect(client.hears("354 go") == "..two\r\nthree\r\n.\r\n")
        #expect(client.hears("250 stored") == "QUIT\r\n")
        #expect(client.outcomes == [.resumed(at: 5), .messageAccepted(SMTPReply(250, nil, "stored"))])
    }

    // CKP-7
    @Test func `when all of it is there only the final dot is sent`() throws {
        var (client, _) = try greeted("one\r\ntwo")
        _ = client.hears("355 10")
        #expect(client.hears("354 go") == ".\r\n")
    }

    @Test func `a first attempt goes in a group, since there is nothing to go on from`() throws {
        let (_, said) = try greeted("one\r\n", mayResume: false)
        #expect(said.hasSuffix("RCPT TO:<r1@d.example>\r\nDATA\r\n") && said.contains(" TRANSID=<7.1@isp.example>\r\n"))
    }

    @Test func `250 to MAIL begins anew`() throws {
        var (client, _) = try greeted("one\r\n")
        #expect(client.hears("250 ok") == "RCPT TO:<r1@d.example>\r\n")
    }

    // C055: CKP-11
    @Test(arguments: ["355 11 beyond the end", "355 2 inside a line", "355 many"])
    func `an offset that is no place in the content is answered with RSET and the whole`(reply: String) throws {
        var (client, _) = try greeted("one\r\ntwo\r\n")
        #expect(
            client.hears(reply)
                == "RSET\r\nMAIL FROM:<s@isp.example>\r\nRCPT TO:<r1@d.example>\r\nDATA\r\n")
        #expect(client.hears("250 ok", "250 ok", "250 ok", "354 go") == "one\r\ntwo\r\n.\r\n")
    }

    // After its 355 the server takes DATA, which is in the group, and QUIT would be content.
    @Test func `after 355 to a group that was no second attempt nothing more is said`() throws {
        var (client, said) = try greeted("one\r\ntwo\r\n", mayResume: false)
        #expect(said.hasSuffix("DATA\r\n"))
        #expect(client.hears("355 5") == "")
        #expect(client.outcomes == [.failed(.unexpectedReply(SMTPReply(355, nil, "5"))), .close])
    }

    // C056: CKP-12
    @Test func `355 without a name is an error`() throws {
        var client = try ClientDriver(messages: [ClientDriver.message(recipients: 1)])
        _ = client.hears("220 d.example")
        _ = client.hears("250-d.example", "250 CHECKPOINT")
        #expect(client.hears("355 0") == "QUIT\r\n")
        #expect(client.outcomes == [.failed(.unexpectedReply(SMTPReply(355, nil, "0"))), .close])
    }
}
