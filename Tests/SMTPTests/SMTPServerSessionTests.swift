import SMTP
import Testing
import Timebase

@Suite struct SMTPServerSessionTests {
    private static let hello = "EHLO dial1.cust.example"
    private static let mail = "MAIL FROM:<a@x.example>"
    private static let recipient = "RCPT TO:<alice@isp.example>"

    // Before EHLO, after it, after MAIL, after RCPT, after a refused greeting.
    static let sequence: [(String, [Int])] = [
        ("EHLO again.example", [250, 250, 250, 250, 503]), ("HELO again.example", [250, 250, 250, 250, 503]),
        ("MAIL FROM:<b@x.example>", [503, 250, 503, 503, 503]),
        ("RCPT TO:<bob@isp.example>", [503, 503, 250, 250, 503]),
        ("DATA", [503, 503, 503, 354, 503]), ("RSET", [250, 250, 250, 250, 503]), ("NOOP", [250, 250, 250, 250, 503]),
        ("HELP", [214, 214, 214, 214, 503]), ("VRFY alice", [252, 252, 252, 252, 503]),
        ("EXPN team", [502, 502, 502, 502, 503]), ("ETRN cust.example", [503, 253, 503, 503, 503]),
        ("ETRN", [500, 500, 500, 500, 503]), ("STARTTLS", [502, 502, 502, 502, 503]),
        ("AUTH PLAIN", [502, 502, 502, 502, 503]), ("BDAT 3", [502, 502, 502, 502, 503]),
        ("ATRN", [502, 502, 502, 502, 503]), ("TURN", [502, 502, 502, 502, 503]), ("FOO", [500, 500, 500, 500, 503]),
        ("EHLO bad_name", [501, 501, 501, 501, 503]), ("QUIT", [221, 221, 221, 221, 221]),
    ]

    @Test func `short of storage, mail gets 452 and all else its answer`() throws {
        var server = try ServerDriver(after: "EHLO c.example") { $0.isShortOfStorage = true }
        #expect(server.send("MAIL FROM:<a@c.example>\r\n") == "452 4.3.1 Insufficient system storage\r\n")
        #expect(server.send("ETRN cust.example\r\n").hasPrefix("253 "))
        server.session.configuration.isShortOfStorage = false
        #expect(server.send("MAIL FROM:<a@c.example>\r\n").hasPrefix("250 "))
    }

    @Test(arguments: sequence) func `each command gets its reply in each phase`(line: String, codes: [Int]) throws {
        var phases = [
            try ServerDriver(after: "NOOP"), try ServerDriver(after: Self.hello),
            try ServerDriver(after: Self.hello, Self.mail),
            try ServerDriver(after: Self.hello, Self.mail, Self.recipient), try ServerDriver(),
        ]
        phases[4].session.connected(refusingWith: SMTPReply(554, nil, "No service"), at: .beginning)
        #expect(phases[4].takeOutput() == "554 No service\r\n")
        for (phase, code) in codes.enumerated() {
            #expect(phases[phase].send(line + "\r\n").replyCodes == [code], "phase \(phase)")
        }
    }

    // S010, S011, S016: a refused command changes nothing, a repeated greeting ends the transaction.
    @Test(arguments: [
        ("EHLO again.example", 503), ("EHLO bad_name", 354), ("DATA now", 354), ("RSET", 503), ("RSET now", 354),
        ("MAIL FROM:<b@x.example>", 354), ("ETRN cust.example", 354), ("FOO", 354), ("NOOP", 354),
    ])
    func `what leaves a transaction open and what ends it`(line: String, dataCode: Int) throws {
        var server = try ServerDriver(after: Self.hello, Self.mail, Self.recipient)
        _ = server.send(line + "\r\n")
        #expect(server.send("DATA\r\n").replyCodes == [dataCode])
    }

    // S023, S123: LIN-3 of RFC 5321 §2.4.
    @Test func `splitting changes neither replies nor actions`() throws {
        let script = Array(
            """
            EHLO dial1.cust.example\r\nRSET\r\nMAIL FROM:<a@x.example> SIZE=20\r\nRCPT TO:<nobody@isp.example>\r
            RCPT TO:<alice@isp.example>\r\nDATA\r\nSubject: x\r\n\r\n..a\r\n...\r\n.b\r\n\t\u{e9}\r\n.\r
            ETRN cust.example\r\nNOOP \nQUIT\r\nMAIL FROM:<>\r\nRCPT TO:<bob@isp.example>\r\nDATA\r\nx\n.\n\r\n.\r
            MAIL FROM:<>\r\nRCPT TO:<u@cust.example>\r\nDATA\r\n.\r\nNOOP \(String(repeating: "x", count: 3_000))\r
            FOO\r\nQUIT\r\nNOOP\r\n
            """.utf8)
        var whole = try ServerDriver(after: "NOOP")
        let expected = whole.send(script)
        #expect(
            expected.replyCodes
                == [250, 250, 250, 550, 250, 354, 250, 253, 501, 250, 250, 354, 554, 250, 250, 354, 250, 500, 500, 221])
        #expect(whole.stored == ["Subject: x\r\n\r\n.a\r\n..\r\nb\r\n\t\u{e9}\r\n", ""])
        for size in 1...400 {
            var pieces = try ServerDriver(after: "NOOP")
            #expect(pieces.send(script, inPiecesOf: size) == expected, "pieces of \(size)")
            #expect(pieces.actions == whole.actions, "pieces of \(size)")
        }
    }

    @Test func `what is pipelined waits while an answer is due`() throws {
        var server = try ServerDriver(after: Self.hello)
        server.answersAtOnce = false
        #expect(server.send("ETRN a.cust.example\r\nETRN cust.example\r\nQUIT\r\n").isEmpty)
        #expect(server.session.state == .queueAsked)
        #expect(!server.session.wantsInput)
        #expect(server.session.deadline == nil)
        // S195: both replies, in order.
        #expect(server.answerWhatIsOwed().replyCodes == [253, 253, 221])
        #expect(server.hasClosed)
    }

    @Test func `a client that hangs up while an answer is due gets what it asked before`() throws {
        var server = try ServerDriver(after: Self.hello)
        server.answersAtOnce = false
        _ = server.send("ETRN cust.example\r\nNOOP\r\n")
        #expect(server.hangUp().isEmpty)
        #expect(server.answerWhatIsOwed().replyCodes == [253, 250])
        #expect(server.hasClosed)
    }

    // S032, S108: an open transaction is dropped.
    @Test func `a client that hangs up inside the content has sent nothing`() throws {
        var server = try ServerDriver(after: Self.hello, Self.mail, Self.recipient, "DATA", "half a message")
        #expect(server.hangUp().isEmpty)
        #expect(server.messages.isEmpty && server.actions.suffix(2) == [.discardContent, .close])
    }

    // S029: RFC 5321 §4.5.3.2.7.
    @Test func `silence of five minutes ends the session with 421`() throws {
        var server = try ServerDriver(after: Self.hello)
        #expect(server.waits(.seconds(299)).isEmpty)
        #expect(server.send("NOOP\r\n").replyCodes == [250])
        #expect(server.waits(.seconds(299)).isEmpty)
        #expect(server.waits(.seconds(1)).hasPrefix("421 4.4.2 "))
        #expect(server.hasClosed)
        #expect(server.waits(.seconds(300)).isEmpty)
        #expect(server.send("NOOP\r\n").isEmpty)
    }

    // S033
    @Test func `a server that stops says 421`() throws {
        var server = try ServerDriver(after: Self.hello)
        #expect(server.shutDown().hasPrefix("421 4.3.2 "))
        #expect(server.hasClosed)
    }

    @Test(arguments: ["ETRN cust.example", "MAIL FROM:<>\r\nRCPT TO:<alice@isp.example>\r\nDATA\r\n."])
    func `an answer that comes after the end is told to nobody`(lines: String) throws {
        var server = try ServerDriver(after: Self.hello)
        server.answersAtOnce = false
        _ = server.send(lines + "\r\n")
        let count = server.actions.count
        #expect(server.shutDown().hasPrefix("421 4.3.2 "))
        #expect(server.answerWhatIsOwed().isEmpty)
        #expect(server.actions.dropFirst(count) == [.close])
    }

    // S027
    @Test func `the twentieth error ends the session with 421`() throws {
        var server = try ServerDriver(after: Self.hello)
        let codes = server.send(String(repeating: "FOO\r\n", count: 25)).replyCodes
        #expect(codes == Array(repeating: 500, count: 19) + [421])
        #expect(server.hasClosed)
    }

    // S115, S116
    @Test(arguments: ["GET / HTTP/1.1\r\n", "POST / HTTP/1.1\r\n", "\u{16}\u{3}\u{1}\u{2}"])
    func `another protocol is shown the door`(text: String) throws {
        var server = try ServerDriver()
        server.session.connected(at: .beginning)
        _ = server.takeOutput()
        #expect(server.send(text).replyCodes == [554])
        #expect(server.hasClosed)
    }

    // S024, S025, S026
    @Test func `a line over the limit gets one 500 after its end`() throws {
        var server = try ServerDriver(after: Self.hello, change: { $0.limits.commandLineLength = 512 })
        #expect(server.send("NOOP " + String(repeating: "x", count: 505) + "\r\n").replyCodes == [250])
        #expect(server.send("NOOP " + String(repeating: "x", count: 506) + "\r\n").replyCodes == [500])
        for _ in 0..<100 { #expect(server.send(String(repeating: "\n", count: 10_000)).isEmpty) }
        #expect(server.send("\r").isEmpty)
        #expect(server.send("\n").replyCodes == [500])
        #expect(server.send("NOOP\r\n").replyCodes == [250])
    }

    // S122: output waits for a client that reads late, in any amount of room.
    @Test func `output is taken in any room and comes whole`() throws {
        var server = try ServerDriver(after: Self.hello)
        var outbox = Outbox<SMTPServerSession.Action>()
        let commands = Array(String(repeating: "NOOP\r\n", count: 1_000).utf8)
        server.session.receive(commands.span.bytes, at: .beginning, into: &outbox)
        #expect(server.session.pendingOutputCount == 14_000)
        var octets: [UInt8] = []
        while server.session.pendingOutputCount > 0 { server.session.takeOutput(upTo: 13, into: &octets) }
        #expect(octets == Array(String(repeating: "250 2.0.0 Ok\r\n", count: 1_000).utf8))
    }

    // S069, S070, S071
    @Test func `recipients beyond the limit get 452, the others the message`() throws {
        var server = try ServerDriver(after: Self.hello, Self.mail)
        let recipients = (0..<105).map { "RCPT TO:<u\($0)@cust.example>\r\n" }.joined()
        let codes = server.send(recipients + "RCPT TO:<u0@cust.example>\r\nDATA\r\nx\r\n.\r\n").replyCodes
        #expect(codes == Array(repeating: 250, count: 100) + Array(repeating: 452, count: 5) + [250, 354, 250])
        #expect(server.envelopes.first?.forwardPaths.count == 100)
    }

    // S098: without PIPELINING nothing is lost either.
    @Test func `a HELO session takes no parameters and loses nothing`() throws {
        var server = try ServerDriver(after: "HELO old.example")
        #expect(server.send("MAIL FROM:<a@x> SIZE=10\r\n").replyCodes == [555])
        let group = "MAIL FROM:<a@x>\r\nRCPT TO:<alice@isp.example>\r\nDATA\r\nx\r\n.\r\nMAIL FROM:<b@x>\r\n"
        #expect(server.send(group).replyCodes == [250, 250, 354, 250, 250])
        #expect(server.session.transfer == .smtp)
    }

    @Test func `ETRN can be switched off while the session runs`() throws {
        var server = try ServerDriver(after: Self.hello)
        server.session.offersETRN = false
        #expect(server.send("ETRN cust.example\r\nETRN\r\nETRN -\r\n").replyCodes == [502, 502, 502])
        #expect(!server.send("EHLO x.example\r\nHELP\r\n").contains("ETRN"))
        #expect(server.actions.isEmpty)
    }

    @Test func `without ENHANCEDSTATUSCODES no reply has one`() throws {
        var server = try ServerDriver(after: Self.hello, change: { $0.offersEnhancedStatusCodes = false })
        #expect(server.send("NOOP\r\nFOO\r\n") == "250 Ok\r\n500 Command unrecognized\r\n")
    }

    // RFC 2034 §4, in every reply the dialogues and tables above can bring about.
    @Test func `every reply but greetings and 354 has a status of its class`() throws {
        var server = try ServerDriver(after: Self.hello)
        let lines = Self.sequence.dropLast().map(\.0).filter { !$0.hasPrefix("EHLO") && !$0.hasPrefix("HELO") }
        let replies = server.send(lines.joined(separator: "\r\n") + "\r\nx\r\n.\r\n")
        for line in replies.split(separator: "\r\n") where !line.hasPrefix("354") {
            let status = EnhancedStatusCode(parsing: Array(line.utf8.dropFirst(4).prefix { $0 != 0x20 })[...])
            #expect(status?.statusClass == line.utf8.first.map { $0 - 0x30 }, "\(line)")
        }
    }

    @Test func `an idle session is smaller than a kibibyte`() {
        #expect(MemoryLayout<SMTPServerSession>.size < 1_024)
        #expect(MemoryLayout<SMTPClientSession>.size < 1_024)
    }

    @Test func `the trace field tells of this session`() throws {
        let server = try ServerDriver(after: Self.hello)
        let envelope = Envelope(reversePath: .null, forwardPaths: [.postmaster])
        let field = server.session.traceField(
            clientAddress: "198.51.100.7", id: "7", envelope: envelope, date: CalendarDate(nanosecondsSince1970: 0))
        #expect(
            String(decoding: field, as: UTF8.self)
                == "Received: from dial1.cust.example ([198.51.100.7])\r\n\tby mx.isp.example with ESMTP id 7\r\n"
                + "\tfor <Postmaster>;\r\n\tThu, 1 Jan 1970 00:00:00 +0000\r\n")
    }

    // RFC 5321 §3.2: clients of ESMTP say HELO then.
    @Test func `a server without ESMTP knows neither EHLO nor what came with it`() throws {
        var server = try ServerDriver { $0.speaksESMTP = false }
        server.session.connected(at: .beginning)
        _ = server.takeOutput()
        #expect(server.send("EHLO x.example\r\nETRN cust.example\r\nHELO x.example\r\n").replyCodes == [500, 500, 250])
        #expect(server.send("ETRN cust.example\r\nBDAT 0 LAST\r\nMAIL FROM:<>\r\n").replyCodes == [500, 500, 250])
        #expect(!server.actions.contains { if case .startQueue = $0 { true } else { false } })
    }
}
