import SMTP
import Testing
import Timebase

/// What a server answers to one line, or to a few, by the numbers of the conformance cases.
@Suite struct NumberedCaseTests {
    /// Where a session stands before: connected, greeted, in a transaction, with a recipient.
    enum Phase {
        case connected, greeted, mail, recipient
    }

    /// A number, where the session stands, what is said, and the codes of the replies.
    struct Case: CustomTestStringConvertible, Sendable {
        let number: String
        let phase: Phase
        let lines: [String]
        let codes: [Int]

        init(_ number: String, _ phase: Phase, _ lines: String..., gets codes: Int...) {
            self.number = number
            self.phase = phase
            self.lines = lines
            self.codes = codes
        }

        var testDescription: String { number }
    }

    private func server(in phase: Phase) throws -> ServerDriver {
        let lines = ["EHLO dial1.cust.example", "MAIL FROM:<a@x.example>", "RCPT TO:<alice@isp.example>"]
        let count = [Phase.connected: 0, .greeted: 1, .mail: 2, .recipient: 3][phase] ?? 0
        var server = try ServerDriver(after: "NOOP") {
            $0.offersDSN = true
            $0.offersChunking = true
        }
        for line in lines.prefix(count) { _ = server.send(line + "\r\n") }
        return server
    }

    // Every reply but those to EHLO and HELO has a status of its class, and each command has one reply: NOOP behind it
    // gets its own.
    private func check(_ test: Case) throws {
        var server = try server(in: test.phase)
        let said = server.send(test.lines.map { $0 + "\r\n" }.joined())
        #expect(said.replyCodes == test.codes, "\(test.number)")
        for line in said.split(separator: "\r\n") where !test.lines[0].uppercased().hasPrefix("EHLO") {
            let parts = line.split(separator: " ")
            guard !line.hasPrefix("354"), !line.hasPrefix("214"), !test.lines[0].hasPrefix("HELO") else { continue }
            #expect(parts.count > 1 && parts[1].first == line.first, "\(test.number): \(line)")
        }
        if server.session.state != .content, !server.hasClosed {
            #expect(server.send("NOOP\r\n").replyCodes == [250], "\(test.number)")
        }
    }

    private static let session = [
        Case("S002", .connected, "EHLO dial1.cust.example", gets: 250),
        Case("S003", .connected, "HELO dial1.cust.example", gets: 250),
        Case("S004", .connected, "ehlo DIAL1.cust.example", gets: 250),
        Case("S005", .connected, "EHLO", "MAIL FROM:<a@x.example>", gets: 501, 503),
        Case("S006", .connected, "EHLO [198.51.100.7]", "EHLO [IPv6:2001:db8::7]", gets: 250, 250),
        Case("S007", .connected, "EHLO [IPv6:1:2:3:4:5:6:7:8:9]", "EHLO [300.1.1.1]", gets: 501, 501),
        Case("S008", .connected, "EHLO not.my.address", gets: 250),
        Case("S009", .connected, "EHLO bad_name", "MAIL FROM:<a@x.example>", gets: 501, 503),
        Case("S012", .connected, "NOOP", "RSET", "VRFY alice", "HELP", gets: 250, 250, 252, 214),
        Case("S013", .connected, "MAIL FROM:<a@x.example>", gets: 503),
        Case("S014", .greeted, "NOOP anything at all", gets: 250),
        Case("S015", .greeted, "RSET now", "QUIT bye", gets: 501, 501),
        Case("S017", .greeted, "FOO bar", gets: 500),
        Case("S018", .greeted, "XSPECIAL", gets: 500),
        Case("S019", .greeted, "TURN", "SEND FROM:<a@x>", "EXPN team", gets: 502, 502, 502),
        Case("S020", .greeted, "", gets: 500),
        Case("S021", .greeted, " NOOP", gets: 500),
        Case("S022", .greeted, "NOOP   ", "RSET \t", gets: 250, 250),
        Case("S028", .greeted, "QUIT", gets: 221),
        Case("S113", .greeted, "NOOP\nQUIT", gets: 501),
        Case("S114", .greeted, "MAIL FROM:<a@x>\rRCPT TO:<b@x>", gets: 501),
        Case("S154", .greeted, "AUTH FOO", gets: 502),
    ]

    private static let mail = [
        Case("S040", .greeted, "MAIL FROM:<a@x.example>", gets: 250),
        Case("S042", .greeted, "MAIL FROM: <a@x.example>", gets: 501),
        Case("S043", .greeted, "MAIL FROM:a@x.example", gets: 501),
        Case("S044", .greeted, "MAIL FROM:<>", gets: 250),
        Case("S045", .greeted, "MAIL", "MAIL FROM", "MAIL TO:<a@x>", gets: 501, 501, 501),
        Case(
            "S048", .greeted, "MAIL FROM:<a..b@x.example>", "MAIL FROM:<.a@x>", "MAIL FROM:<a.@x>", "MAIL FROM:<a@>",
            "MAIL FROM:<@x>", "MAIL FROM:<a@-x.example>", "MAIL FROM:<a@x..example>",
            gets: 501, 501, 501, 501, 501, 501, 501),
        Case("S049", .greeted, "MAIL FROM:<a@[192.0.2.9]>", gets: 250),
        Case("S050", .greeted, "MAIL FROM:<\(String(repeating: "a", count: 64))@x.example>", gets: 250),
        Case("S052", .greeted, "MAIL FROM:<a@\(String(repeating: "x", count: 1_990))>", gets: 501),
        Case("S053", .greeted, "MAIL FROM:<a@x.example> FOO=1", gets: 555),
        Case("S054", .greeted, "MAIL FROM:<a@x.example> SIZE=10 SIZE=10", gets: 501),
        Case("S055", .greeted, "MAIL FROM:<a@x.example>SIZE=10", gets: 501),
        Case("S056", .mail, "MAIL FROM:<b@x.example>", "RCPT TO:<alice@isp.example>", gets: 503, 250),
        Case(
            "S079", .greeted, "MAIL FROM:<a@x> RET=ALL", "MAIL FROM:<a@x> RET=FULL RET=HDRS",
            "MAIL FROM:<a@x> ENVID=a+zz", gets: 501, 501, 501),
        Case("S080", .greeted, "MAIL FROM:<a@x> RET=hdrs ENVID=QQ314159", gets: 250),
        Case("S124", .greeted, "MAIL FROM:<a@x> SIZE=1000001", gets: 552),
        Case("S125", .greeted, "MAIL FROM:<a@x> SIZE=1000000", gets: 250),
        Case(
            "S126", .greeted, "MAIL FROM:<a@x> SIZE=", "MAIL FROM:<a@x> SIZE=-1", "MAIL FROM:<a@x> SIZE=1x",
            "MAIL FROM:<a@x> SIZE=100000000000000000000", "MAIL FROM:<a@x> SIZE=99999999999999999999",
            gets: 501, 501, 501, 501, 552),
        Case(
            "S129", .greeted, "MAIL FROM:<a@x> BODY=8BITMIME", "RSET", "MAIL FROM:<a@x> BODY=7BIT", "RSET",
            "MAIL FROM:<a@x> body=8bitmime", "RSET", "MAIL FROM:<a@x> BODY=9BIT",
            gets: 250, 250, 250, 250, 250, 250, 501),
        // HOLDFOR and HOLDUNTIL (RFC 4865) are offered nowhere, S171 neither.
        Case("S170", .greeted, "MAIL FROM:<a@x> HOLDFOR=60", gets: 555),
    ]

    // With `rfc822;` it is as long as it may be (RFC 3461 §4.2).
    private static let longAddress = String(repeating: "a", count: 493)

    private static let recipients = [
        Case("S058", .greeted, "RCPT TO:<alice@isp.example>", gets: 503),
        Case("S059", .mail, "RCPT TO:<alice@isp.example>", gets: 250),
        Case("S060", .mail, "RCPT TO:<ALICE@ISP.EXAMPLE>", gets: 250),
        Case(
            "S061", .mail, "RCPT TO:<Postmaster>", "RCPT TO:<pOsTmAsTeR>", "RCPT TO:<postmaster@isp.example>",
            gets: 250, 250, 250),
        Case("S062", .mail, "RCPT TO:<alice>", gets: 501),
        Case("S063", .mail, "RCPT TO:<>", gets: 501),
        Case("S064", .mail, "RCPT TO:<nobody@isp.example>", "RCPT TO:<alice@isp.example>", gets: 550, 250),
        Case("S065", .mail, "RCPT TO:<u@elsewhere.example>", gets: 550),
        Case(
            "S066", .mail, "RCPT TO:<@isp.example:u@elsewhere.example>", "RCPT TO:<u%elsewhere.example@isp.example>",
            "RCPT TO:<elsewhere!u@isp.example>", gets: 550, 550, 550),
        Case("S072", .mail, "RCPT TO:<a\0b@isp.example>", "RCPT TO:<a\u{80}@isp.example>", gets: 501, 501),
        Case("S073", .mail, "RCPT TO:<nobody@isp.example>", "DATA", gets: 550, 554),
        Case("S074", .mail, "DATA", gets: 503),
        Case("S075", .recipient, "RSET", "DATA", gets: 250, 503),
        Case("S076", .mail, "RCPT TO:<alice@isp.example> NOTIFY=NEVER,FAILURE", gets: 501),
        Case(
            "S077", .mail, "RCPT TO:<alice@isp.example> NOTIFY=SUCCESS,delay ORCPT=rfc822;Al+2Bice@isp.example",
            gets: 250),
        Case(
            "S078", .mail, "RCPT TO:<alice@isp.example> ORCPT=rfc822;a+2b@x", "RCPT TO:<alice@isp.example> ORCPT=a@x",
            gets: 501, 501),
        Case(
            "S081", .mail,
            "RCPT TO:<alice@isp.example> NOTIFY=SUCCESS,FAILURE,DELAY ORCPT=rfc822;\(longAddress)",
            gets: 250),
        Case("S091", .recipient, "DATA", ".", gets: 354, 250),
        Case("S097", .recipient, "DATA", "x", ".", "MAIL FROM:<b@x.example>", gets: 354, 250, 250),
        Case(
            "S120", .greeted, "MAIL FROM:<a@x.example>", "RCPT TO:<alice@isp.example>", "RCPT TO:<nobody@isp.example>",
            "RCPT TO:<bob@isp.example>", "DATA", gets: 250, 250, 550, 250, 354),
        Case(
            "S121", .greeted, "MAIL FROM:<a@x.example>", "RCPT TO:<nobody@isp.example>", "DATA", gets: 250, 550, 554),
        Case(
            "S127", .greeted, "MAIL FROM:<a@x> SIZE=100", "RCPT TO:<alice@isp.example>", "DATA",
            String(repeating: "x", count: 900), ".", gets: 250, 250, 354, 250),
        Case("S191", .recipient, "ETRN cust.example", "DATA", gets: 503, 354),
        Case("S192", .connected, "ETRN cust.example", gets: 503),
    ]

    @Test(arguments: session) func `the session and its syntax`(test: Case) throws { try check(test) }
    @Test(arguments: mail) func `MAIL and its parameters`(test: Case) throws { try check(test) }
    @Test(arguments: recipients) func `RCPT, its parameters, and content`(test: Case) throws { try check(test) }

    @Test func `S001: the greeting names the host, without an enhanced code`() throws {
        var server = try ServerDriver()
        server.session.connected(at: .beginning)
        #expect(server.takeOutput() == "220 mx.isp.example ESMTP\r\n")
    }

    @Test func `S002: the first line of EHLO is the name, and each keyword comes once`() throws {
        var server = try server(in: .connected)
        let lines = server.send("EHLO dial1.cust.example\r\n").split(separator: "\r\n")
        #expect(lines.first == "250-mx.isp.example")
        #expect(lines.dropLast().allSatisfy { $0.hasPrefix("250-") } && lines.last?.hasPrefix("250 ") == true)
        #expect(Set(lines).count == lines.count)
    }

    @Test func `S030: a host that is not served gets 554, and 503 until it quits`() throws {
        var server = try ServerDriver()
        server.session.connected(refusingWith: SMTPReply(554, nil, "No service"), at: .beginning)
        #expect(server.takeOutput().replyCodes == [554])
        #expect(server.send("EHLO x\r\nQUIT\r\n").replyCodes == [503, 221])
        #expect(server.hasClosed)
    }

    @Test func `S031: what was said before the client closed its side is answered`() throws {
        var server = try ServerDriver(after: "NOOP")
        server.keepsOutput = true
        _ = server.send("EHLO dial1.cust.example\r\nQUIT\r\n")
        server.keepsOutput = false
        #expect(server.hangUp().replyCodes == [250, 221])
        #expect(server.hasClosed)
    }

    @Test func `S041: the case of a local-part is kept`() throws {
        var server = try server(in: .greeted)
        _ = server.send("mail from:<A@X.Example>\r\nRCPT TO:<alice@isp.example>\r\nDATA\r\n.\r\n")
        #expect(server.envelopes.map(\.reversePath.description) == ["<A@X.Example>"])
    }

    @Test func `S042: a space after the colon is taken if that is wanted`() throws {
        var server = try ServerDriver(after: "EHLO c.example") { $0.allowsSpaceAfterColon = true }
        #expect(server.send("MAIL FROM: <a@x.example>\r\n").replyCodes == [250])
    }

    @Test func `S077: ORCPT is kept as it came`() throws {
        var server = try server(in: .mail)
        let orcpt = "rfc822;Al+2Bice@isp.example"
        _ = server.send("RCPT TO:<alice@isp.example> NOTIFY=SUCCESS,delay ORCPT=\(orcpt)\r\nDATA\r\n.\r\n")
        let parameters = server.envelopes.first?.options.recipients[try ForwardPath(parsing: "<alice@isp.example>")]
        #expect(parameters?.originalRecipient == orcpt)
    }

    @Test func `S091: a message may be empty`() throws {
        var server = try server(in: .recipient)
        _ = server.send("DATA\r\n.\r\n")
        #expect(server.stored == [""])
    }

    @Test func `S092: the first dot of a line is taken away`() throws {
        var server = try server(in: .recipient)
        _ = server.send("DATA\r\n..hello\r\n...\r\n.\r\n")
        #expect(server.stored == [".hello\r\n..\r\n"])
    }

    @Test func `S094: the end of content may come in pieces`() throws {
        var server = try server(in: .recipient)
        #expect(server.send("DATA\r\nx").replyCodes == [354])
        for piece in ["\r", "\n", ".", "\r"] { #expect(server.send(piece) == "") }
        #expect(server.send("\n").replyCodes == [250])
    }

    @Test func `S109: a message is the server's although its client has gone without reading`() throws {
        var server = try server(in: .recipient)
        server.keepsOutput = true
        _ = server.send("DATA\r\nx\r\n.\r\n")
        _ = server.hangUp()
        #expect(server.stored == ["x\r\n"])
    }

    @Test func `S117: what came before the greeting is answered after it`() throws {
        var server = try ServerDriver()
        server.session.connected(at: .beginning)
        #expect(server.send("EHLO dial1.cust.example\r\n").replyCodes == [220, 250])
    }

    @Test func `S118: content that dribbles is waited for, as long as each octet comes in time`() throws {
        var server = try server(in: .recipient)
        _ = server.send("DATA\r\n")
        for octet in ["x", "\r", "\n", ".", "\r"] {
            #expect(server.waits(.seconds(299)) == "")
            #expect(server.send(octet) == "")
        }
        #expect(server.send("\n").replyCodes == [250])
    }

    @Test func `S128: without room for it a message gets 452`() throws {
        var server = try ServerDriver(after: "EHLO c.example") { $0.isShortOfStorage = true }
        #expect(server.send("MAIL FROM:<a@x> SIZE=900\r\n") == "452 4.3.1 Insufficient system storage\r\n")
    }

    @Test func `S133, S134: DATA and BDAT do not mix, and binary content comes by BDAT`() throws {
        var server = try server(in: .recipient)
        #expect(server.send("BDAT 3\r\nabcDATA\r\n").replyCodes == [250, 503])
        var binary = try self.server(in: .greeted)
        _ = binary.send("MAIL FROM:<a@x> BODY=BINARYMIME\r\nRCPT TO:<alice@isp.example>\r\n")
        #expect(binary.send("DATA\r\n").replyCodes == [503])
    }

    // Where FUTURERELEASE is not offered its parameters are unknown ones, whatever their values (RFC 5321 §4.1.1.11).
    @Test(arguments: ["HOLDFOR=0", "HOLDFOR=60", "HOLDFOR=999999999", "HOLDUNTIL=2020-01-01T00:00:00Z BY=60;R"])
    func `S171: FUTURERELEASE is not offered at submission either, and its parameters get 555`(
        parameters: String
    ) throws {
        var server = try ServerDriver(after: "NOOP") {
            $0.service = .submission
            $0.offersDeliverBy = true
            $0.mechanisms = [.plain]
            $0.takesPasswordsInClear = true
        }
        server.proofs = [.password(user: "tim", password: Array("tanstaaftanstaaf".utf8), actsFor: "")]
        #expect(!server.send("EHLO c.example\r\n").contains("FUTURERELEASE"))
        #expect(server.send("AUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm\r\n").replyCodes == [235])
        #expect(server.send("MAIL FROM:<a@x.example> \(parameters)\r\n") == "555 5.5.4 Parameter not recognized\r\n")
        #expect(server.send("MAIL FROM:<a@x.example>\r\n").replyCodes == [250])
    }

    // AUT-7: who submitted a message is believed of nobody.
    @Test(arguments: [("AUTH=e+3Dmc2@example.com", 250), ("AUTH=<>", 250), ("AUTH=a+zz", 501), ("AUTH=", 501)])
    func `S163: AUTH= of MAIL is read where AUTH is offered`(parameter: String, code: Int) throws {
        var server = try ServerDriver(after: "EHLO c.example") { $0.mechanisms = [.cramMD5] }
        #expect(server.send("MAIL FROM:<a@x> \(parameter)\r\n").replyCodes == [code])
        var without = try ServerDriver(after: "EHLO c.example")
        #expect(without.send("MAIL FROM:<a@x> AUTH=<>\r\n").replyCodes == [555])
    }
}
