import SMTP
import Testing
import Timebase

@Suite struct SMTPClientSessionTests {
    private static let group =
        "MAIL FROM:<s@isp.example>\r\nRCPT TO:<r1@d.example>\r\nRCPT TO:<r2@d.example>\r\nDATA\r\n"

    private func path(_ text: String) throws -> ForwardPath { try ForwardPath(parsing: "<\(text)@d.example>") }

    /// A client that has heard the greeting and a list of extensions, and what it said then.
    private func greeted(
        _ keywords: String..., message: OutgoingMessage? = nil
    ) throws -> (client: ClientDriver, said: String) {
        var client = try ClientDriver(messages: [message ?? ClientDriver.message()])
        _ = client.hears("220 d.example")
        let list = keywords.map { "250-\($0)\r\n" }.joined()
        let said = client.hears("250-d.example\r\n" + list + "250 HELP")
        return (client, said)
    }

    // C001
    @Test func `a server without extensions is asked step by step`() throws {
        var client = try ClientDriver(messages: [ClientDriver.message(".a\r\n")])
        #expect(client.takeOutput().isEmpty)
        #expect(client.hears("220 d.example") == "EHLO mx.isp.example\r\n")
        #expect(client.hears("250 d.example") == "MAIL FROM:<s@isp.example>\r\n")
        #expect(client.hears("250 ok") == "RCPT TO:<r1@d.example>\r\n")
        #expect(client.hears("250 ok") == "RCPT TO:<r2@d.example>\r\n")
        #expect(client.hears("250 ok") == "DATA\r\n")
        #expect(client.hears("354 go") == "..a\r\n.\r\n")
        #expect(client.hears("250 taken") == "QUIT\r\n")
        #expect(client.hears("221 bye").isEmpty)
        #expect(client.outcomes == [.messageAccepted(SMTPReply(250, nil, "taken")), .close])
    }

    // C002
    @Test(arguments: ["500 what", "502 no", "550 no"]) func `a server that does not know EHLO is greeted with HELO`(
        refusal: String
    ) throws {
        var client = try ClientDriver(messages: [ClientDriver.message()])
        _ = client.hears("220 d.example")
        #expect(client.hears(refusal) == "HELO mx.isp.example\r\n")
        #expect(client.hears("250 d.example") == "MAIL FROM:<s@isp.example>\r\n")
        #expect(client.actions.contains(.extensions(.none)))
    }

    @Test(arguments: [
        ("250 d.example at your service", "d.example"), ("250-D.Example\r\n250 HELP", "D.Example"),
        ("250 Hello there", "Hello"), ("250 what?", nil),
    ])
    func `the server is known by the name in its reply to EHLO`(reply: String, name: String?) throws {
        var client = try ClientDriver()
        _ = client.hears("220 somebody.else.example")
        _ = client.hears(reply)
        #expect(client.session.serverName?.spelling == name)
    }

    // C003
    @Test func `content with octets above 127 does not go to a server without 8BITMIME`() throws {
        let (client, said) = try greeted("PIPELINING", message: ClientDriver.message("\u{e9}\r\n"))
        #expect(said == "QUIT\r\n")
        guard case .messageRefused(let reply, permanent: true) = client.outcomes.first else {
            return #expect(Bool(false))
        }
        #expect(reply.enhancedStatus == .init(5, 6, 3))
    }

    @Test func `SIZE and BODY are given when they are offered and needed`() throws {
        let eight = try greeted("8BITMIME", "SIZE 1000", message: ClientDriver.message("\u{e9}"))
        #expect(eight.said == "MAIL FROM:<s@isp.example> SIZE=4 BODY=8BITMIME\r\n")
        let seven = try greeted("8BITMIME", "SIZE", message: ClientDriver.message("x"))
        #expect(seven.said == "MAIL FROM:<s@isp.example> SIZE=3\r\n")
    }

    // C028
    @Test func `a message larger than the server takes is not begun`() throws {
        let big = try ClientDriver.message(String(repeating: "x", count: 2_000))
        let (client, said) = try greeted("SIZE 1000", message: big)
        #expect(said == "QUIT\r\n")
        guard case .messageRefused(let reply, permanent: true) = client.outcomes.first else {
            return #expect(Bool(false))
        }
        #expect(reply.enhancedStatus == .init(5, 3, 4))
    }

    // C004 to C006
    @Test func `a server that does not greet gets QUIT`() throws {
        var closing = try ClientDriver()
        #expect(closing.hears("421 later").isEmpty)
        let busy = SMTPReply(421, nil, "later")
        #expect(closing.actions == [.greeted(busy), .failed(.serviceClosing(busy)), .close])
        var refusing = try ClientDriver()
        #expect(refusing.hears("554 no") == "QUIT\r\n")
        #expect(refusing.outcomes == [.failed(.greetingRefused(SMTPReply(554, nil, "no")))])
        #expect(refusing.hears("221 bye").isEmpty)
        #expect(refusing.actions.last == .close)
    }

    // C007
    @Test func `each answer is waited for as long as RFC 5321 says`() throws {
        let message = try ClientDriver.message()
        var client = try ClientDriver(messages: [message])
        let steps: [(Interval, SMTPClientSession.State, String)] = [
            (.minutes(5), .greeting, "220 d"), (.minutes(5), .ehlo, "250 d"), (.minutes(5), .envelope(.mail), "250 ok"),
            (.minutes(5), .envelope(.recipient(0)), "250 ok"), (.minutes(5), .envelope(.recipient(1)), "250 ok"),
            (.minutes(2), .envelope(.data), "354 go"), (.minutes(10), .contentEnd, "250 ok"),
        ]
        for (patience, state, reply) in steps {
            #expect(client.session.state == state)
            #expect(client.waits(patience - .seconds(1)).isEmpty)
            var impatient = client
            #expect(impatient.waits(.seconds(1)) == [.failed(.timedOut(state)), .close])
            _ = client.hears(reply)
        }
        // C023: the message is done even if nobody answers QUIT.
        #expect(client.waits(.minutes(5)) == [.close])
    }

    // TMO-6: every block of content that is taken starts the time anew.
    @Test func `content that is taken slowly does not time out`() throws {
        var (client, _) = try greeted("PIPELINING", message: ClientDriver.message(String(repeating: "x", count: 900)))
        _ = client.hears("250 ok", "250 ok", "250 ok")
        var outbox = Outbox<SMTPClientSession.Action>()
        let reply = Array("354 go\r\n".utf8)
        client.session.receive(reply.span.bytes, at: client.now, into: &outbox)
        var octets: [UInt8] = []
        while client.session.state == .content {
            client.now += .seconds(179)
            client.session.deadlineReached(at: client.now, into: &outbox)
            client.session.takeOutput(upTo: 100, into: &octets, at: client.now)
        }
        #expect(octets.count == 905)
        #expect(client.session.state == .contentEnd)
        #expect(client.session.deadline == client.now + .minutes(10))
    }

    // A host that writes a large message to its disk answers late, and who does not wait sends it twice (RFC 1047).
    @Test func `the reply to a large message is waited for longer`() throws {
        let envelope = try ClientDriver.message().envelope
        for (size, patience) in [(1_000, 10), (1_048_576, 12), (5_000_000, 18)] {
            let message = OutgoingMessage(
                envelope: envelope, content: [UInt8](repeating: UInt8(ascii: "x"), count: size - 2) + [13, 10])
            var (client, _) = try greeted("PIPELINING", message: message)
            _ = client.hears("250 ok", "250 ok", "250 ok", "354 go")
            #expect(client.session.state == .contentEnd)
            #expect(client.session.deadline == client.now + .minutes(Int64(patience)))
        }
    }

    // C010
    @Test func `replies are the same in pieces`() throws {
        for size in 1...60 {
            var client = try ClientDriver(messages: [ClientDriver.message()])
            _ = client.hears("220 d", inPiecesOf: size)
            #expect(client.hears("250-d", "250-PIPELINING", "250 SIZE", inPiecesOf: size).hasSuffix("DATA\r\n"))
            #expect(client.hears("250 a", "250-b", "250 b", "550 5.1.1 c", "354 d", inPiecesOf: size) == "x\r\n.\r\n")
            #expect(client.outcomes.count == 1)
        }
    }

    // C011
    @Test func `a reply outside of two to five hundred is no reply`() throws {
        var (client, _) = try greeted()
        #expect(client.hears("199 hm") == "QUIT\r\n")
        #expect(client.outcomes == [.failed(.badReply(.badCode)), .close])
    }

    // C012, C013
    @Test(arguments: [
        ("550 5.1.1 who", true), ("450 4.2.1 later", false), ("599 odd", true), ("452 4.2.2 full", false),
    ])
    func `a recipient can be refused alone`(refusal: String, isPermanent: Bool) throws {
        var (client, said) = try greeted("PIPELINING")
        #expect(said == Self.group)
        #expect(client.hears("250 ok", "250 ok", refusal, "354 go") == "x\r\n.\r\n")
        #expect(client.hears("250 ok") == "QUIT\r\n")
        let reply = try SMTPReply(parsing: Array((refusal + "\r\n").utf8))
        #expect(
            client.outcomes
                == [
                    .recipientRefused(try path("r2"), reply, permanent: isPermanent),
                    .messageAccepted(SMTPReply(250, nil, "ok")),
                ])
    }

    // C016
    @Test func `without a recipient there is no DATA, and RSET comes before the next message`() throws {
        var client = try ClientDriver(messages: [ClientDriver.message(), ClientDriver.message(recipients: 1)])
        _ = client.hears("220 d")
        _ = client.hears("250 d")
        _ = client.hears("250 ok")
        _ = client.hears("550 no")
        #expect(client.hears("550 no") == "RSET\r\n")
        #expect(client.outcomes.last == .messageRefused(SMTPReply(550, nil, "no"), permanent: true))
        #expect(client.hears("250 ok") == "MAIL FROM:<s@isp.example>\r\n")
        _ = client.hears("250 ok")
        _ = client.hears("250 ok")
        _ = client.hears("354 go")
        #expect(client.hears("250 ok") == "QUIT\r\n")
    }

    // C017, C018
    @Test(arguments: [("451 later", false), ("554 no", true)])
    func `the verdict on the content is the message's`(verdict: String, isPermanent: Bool) throws {
        var (client, _) = try greeted("PIPELINING")
        _ = client.hears("250 ok", "250 ok", "250 ok", "354 go")
        #expect(client.hears(verdict) == "QUIT\r\n")
        let reply = try SMTPReply(parsing: Array((verdict + "\r\n").utf8))
        #expect(client.outcomes == [.messageRefused(reply, permanent: isPermanent)])
    }

    // C019, C021
    @Test func `a connection that is lost inside the content decides nothing`() throws {
        var (client, _) = try greeted("PIPELINING")
        _ = client.hears("250 ok", "250 ok", "250 ok", "354 go")
        client.hangUp()
        #expect(client.outcomes == [.failed(.connectionClosed), .close])
    }

    // C022
    @Test func `250 to DATA brings no content`() throws {
        var client = try ClientDriver(messages: [ClientDriver.message(recipients: 1), ClientDriver.message()])
        _ = client.hears("220 d")
        _ = client.hears("250 d")
        _ = client.hears("250 ok")
        _ = client.hears("250 ok")
        #expect(client.hears("250 ok") == "RSET\r\n")
        #expect(client.outcomes == [.messageRefused(SMTPReply(250, nil, "ok"), permanent: false)])
    }

    // C025: RFC 2920 §3.1.
    @Test func `354 for nobody gets an empty content`() throws {
        var (client, _) = try greeted("PIPELINING")
        #expect(client.hears("250 ok", "550 a", "450 b", "354 go") == ".\r\n")
        #expect(client.hears("250 ok") == "QUIT\r\n")
        #expect(client.outcomes.last == .messageRefused(SMTPReply(450, nil, "b"), permanent: false))
    }

    // C026, C027, C029
    @Test(arguments: [("550 no", true), ("451 later", false), ("452 4.3.1 full", false)])
    func `when MAIL is refused, its reply is the one that counts`(refusal: String, isPermanent: Bool) throws {
        var (client, _) = try greeted("PIPELINING")
        #expect(client.hears(refusal, "503 a", "503 b", "503 c") == "QUIT\r\n")
        let reply = try SMTPReply(parsing: Array((refusal + "\r\n").utf8))
        #expect(client.outcomes == [.messageRefused(reply, permanent: isPermanent)])
    }

    @Test func `a second message goes out in a group with RSET if one is needed`() throws {
        var client = try ClientDriver(messages: [ClientDriver.message(), ClientDriver.message()])
        _ = client.hears("220 d")
        _ = client.hears("250-d", "250 PIPELINING")
        #expect(client.hears("250 ok", "550 a", "550 b", "554 no") == "RSET\r\n" + Self.group)
        #expect(client.hears("250 ok", "250 ok", "250 ok", "250 ok", "354 go") == "x\r\n.\r\n")
    }

    @Test func `421 in the middle ends the session without a verdict`() throws {
        var (client, _) = try greeted("PIPELINING")
        #expect(client.hears("250 ok", "421 4.3.2 stop").isEmpty)
        #expect(client.outcomes == [.failed(.serviceClosing(SMTPReply(421, .init(4, 3, 2), "stop"))), .close])
    }

    // C071
    @Test func `a reply that nobody asked for ends the session`() throws {
        var client = try ClientDriver(messages: [ClientDriver.message()])
        _ = client.hears("220 d")
        _ = client.hears("250 d", "250 ok")
        #expect(client.outcomes == [.failed(.unexpectedReply(SMTPReply(250, nil, "ok"))), .close])
    }

    // C059, C060
    @Test func `each queue is asked for, also after 4yz`() throws {
        let names = try ["a.example", "@b.example", "#c"].map { try ETRNArgument(parsing: $0) }
        var client = try ClientDriver(.etrn(names))
        _ = client.hears("220 d")
        #expect(client.hears("250-d", "250 ETRN") == "ETRN a.example\r\n")
        #expect(client.hears("459 no") == "ETRN @b.example\r\n")
        #expect(client.hears("251 nothing") == "ETRN #c\r\n")
        #expect(client.hears("253 3 messages") == "QUIT\r\n")
        #expect(client.hears("221 bye").isEmpty)
        #expect(
            client.outcomes
                == [
                    .etrnReply(SMTPReply(459, nil, "no"), names[0]),
                    .etrnReply(SMTPReply(251, nil, "nothing"), names[1]),
                    .etrnReply(SMTPReply(253, nil, "3 messages"), names[2]), .close,
                ])
    }

    // C061
    @Test(arguments: ["500 what", "501 bad", "502 no", "550 no"]) func `5yz to ETRN ends the asking`(reply: String)
        throws
    {
        let names = try ["a.example", "b.example"].map { try ETRNArgument(parsing: $0) }
        var client = try ClientDriver(.etrn(names))
        _ = client.hears("220 d")
        _ = client.hears("250-d", "250 ETRN")
        #expect(client.hears(reply) == "QUIT\r\n")
        #expect(client.outcomes.count == 1)
    }

    // C062
    @Test func `ETRN is not sent to a server that does not offer it`() throws {
        var client = try ClientDriver(.etrn([ETRNArgument(parsing: "a.example")]))
        _ = client.hears("220 d")
        #expect(client.hears("250 d") == "QUIT\r\n")
        #expect(client.hears("221 bye").isEmpty)
        #expect(client.outcomes == [.failed(.etrnNotOffered), .close])
    }

    // C033
    @Test(arguments: [
        (".a\n..b\rc", "..a\r\n...b\r\nc\r\n.\r\n"), ("", ".\r\n"), ("x", "x\r\n.\r\n"), ("x\r\n", "x\r\n.\r\n"),
        ("x\r", "x\r\n.\r\n"), (".", "..\r\n.\r\n"), ("\n.\n", "\r\n..\r\n.\r\n"), ("\r\r\n.", "\r\n\r\n..\r\n.\r\n"),
    ])
    func `content goes out in lines, stuffed, with its last line end`(content: String, wire: String) throws {
        var (client, _) = try greeted("PIPELINING", message: ClientDriver.message(content))
        #expect(client.hears("250 ok", "250 ok", "250 ok", "354 go") == wire)
    }

    @Test func `a line that is too long is sent as it is`() throws {
        let long = try ClientDriver.message("a\r\n" + String(repeating: "x", count: 999))
        #expect(long.size == 1_004)
    }

    @Test(arguments: 1...24) func `content in pieces is sent like whole content`(size: Int) throws {
        let text = ".a\r\n..\r\nb.\r\n\r\n.\r\nc\r\n"
        let whole = try ClientDriver.message(text)
        var (client, _) = try greeted(
            "PIPELINING", message: OutgoingMessage(envelope: whole.envelope, plainTextOfSize: text.utf8.count))
        var octets = Array(client.hears("250 ok", "250 ok", "250 ok", "354 go").utf8)
        #expect(octets.isEmpty)
        var rest = Array(text.utf8)[...]
        while true {
            let count = octets.count
            client.session.takeOutput(upTo: 2, into: &octets, at: client.now)
            guard octets.count == count else { continue }
            guard client.session.wantsContent else { break }
            client.session.send(content: Array(rest.prefix(size)))
            rest = rest.dropFirst(size)
        }
        #expect(rest.isEmpty)
        #expect(String(decoding: octets, as: UTF8.self) == "..a\r\n...\r\nb.\r\n\r\n..\r\nc\r\n.\r\n")
        #expect(client.session.state == .contentEnd)
    }
}
