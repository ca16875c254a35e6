import SMTP
import TestSupport
import Testing

@Suite struct SMTPCommandTests {
    static let valid: [(String, String)] = [
        ("EHLO dial1.cust.example", "EHLO dial1.cust.example"), ("ehlo [198.51.100.7]", "EHLO [198.51.100.7]"),
        ("HeLo x", "HELO x"), ("MAIL FROM:<a@x.example>", "MAIL FROM:<a@x.example>"), ("mail from:<>", "MAIL FROM:<>"),
        ("MAIL FROM:<a@x> SIZE=10", "MAIL FROM:<a@x> SIZE=10"),
        ("MAIL FROM:<a@x> body=8bitmime size=0", "MAIL FROM:<a@x> SIZE=0 BODY=8BITMIME"),
        ("MAIL FROM:<\"a> b\"@x> BODY=7BIT", "MAIL FROM:<\"a> b\"@x> BODY=7BIT"),
        ("MAIL FROM:<\"a\\\" b\"@x>", "MAIL FROM:<\"a\\\" b\"@x>"),
        ("MAIL FROM:<a@x> SIZE=99999999999999999999", "MAIL FROM:<a@x> SIZE=9223372036854775807"),
        ("RCPT TO:<b@y.example>", "RCPT TO:<b@y.example>"), ("rcpt to:<POSTMASTER>", "RCPT TO:<Postmaster>"),
        ("DATA", "DATA"), ("RSET \t", "RSET"), ("NOOP   ", "NOOP"), ("NOOP anything at all", "NOOP"), ("QUIT", "QUIT"),
        ("HELP", "HELP"), ("HELP mail", "HELP"), ("VRFY alice", "VRFY alice"), ("EXPN \"my list\"", "EXPN \"my list\""),
        ("ETRN @cust.example", "ETRN @cust.example"), ("atrn", "ATRN"), ("Turn", "TURN"),
        ("ATRN cust.example,Sub.cust.example", "ATRN cust.example,Sub.cust.example"), ("bdat 5", "BDAT 5"),
        ("StartTLS", "STARTTLS"),
        ("auth plain =", "AUTH PLAIN ="),
        ("BDAT 0 last", "BDAT 0 LAST"),
        ("MAIL FROM:<a@x> BODY=binarymime", "MAIL FROM:<a@x> BODY=BINARYMIME"),
        ("MAIL FROM:<a@x> by=120;rt ret=full", "MAIL FROM:<a@x> RET=FULL BY=120;RT"),
        ("MAIL FROM:<a@x> ENVID=QQ+2B1 MT-PRIORITY=-9", "MAIL FROM:<a@x> ENVID=QQ+2B1 MT-PRIORITY=-9"),
        ("RCPT TO:<b@y> notify=delay,success", "RCPT TO:<b@y> NOTIFY=SUCCESS,DELAY"),
        ("RCPT TO:<b@y> NOTIFY=NEVER ORCPT=rfc822;a+20b@X", "RCPT TO:<b@y> NOTIFY=NEVER ORCPT=rfc822;a+20b@X"),
    ]

    static let invalid: [(String, Int)] = [
        ("", 500), (" NOOP", 500), ("FOO bar", 500), ("XSPECIAL", 500), ("NOOPS", 500), ("EHLO", 501),
        ("EHLO bad_name", 501), ("EHLO [300.1.1.1]", 501), ("EHLO a b", 501), ("HELO", 501), ("DATA now", 501),
        ("RSET now", 501), ("QUIT bye", 501), ("VRFY", 501), ("EXPN", 501), ("VRFY  a", 501), ("MAIL", 501),
        ("MAIL FROM", 501), ("MAIL TO:<a@x>", 501), ("MAIL FROM: <a@x.example>", 501), ("MAIL FROM:a@x.example", 501),
        ("MAIL FROM:<a@x.example>SIZE=10", 501), ("MAIL FROM:<a@x>  SIZE=10", 501), ("MAIL FROM:<a@x> FOO=1", 555),
        ("MAIL FROM:<a@x> SIZE=10 SIZE=10", 501), ("MAIL FROM:<a@x> SIZE", 501), ("MAIL FROM:<a@x> SIZE=", 501),
        ("MAIL FROM:<a@x> SIZE=-1", 501), ("MAIL FROM:<a@x> SIZE=1x", 501),
        ("MAIL FROM:<a@x> SIZE=123456789012345678901", 501), ("MAIL FROM:<a@x> BODY=9BIT", 501),
        ("MAIL FROM:<a@x> =1", 501), ("MAIL FROM:<a@x> A=b=c", 501), ("MAIL FROM:<Postmaster>", 501),
        ("RCPT TO:<>", 501), ("RCPT TO:<alice>", 501), ("RCPT FROM:<a@x>", 501), ("RCPT TO:<a@x> FOO=BAR", 555),
        ("RCPT TO:<a@x> ?", 501), ("RCPT TO:<a\u{0}b@x>", 501), ("RCPT TO:<a\u{80}@x>", 501), ("NOOP\nQUIT", 501),
        ("MAIL FROM:<a@x>\rRCPT TO:<b@x>", 501), ("ETRN", 500), ("ETRN ", 500), ("ETRN localname", 501),
        ("ETRN a b", 501), ("ETRN @", 501), ("ETRN #", 501), ("TURN now", 501), ("SEND FROM:<a@x>", 502), ("SOML", 502),
        ("SAML", 502),
        ("STARTTLS now", 501), ("AUTH", 501), ("AUTH PLAIN a b", 501), ("BDAT", 501), ("BDAT 5 LASTS", 501),
        ("ATRN cust", 501), ("ATRN ,", 501), ("ATRN a.example,", 501), ("ATRN a.example,,b.example", 501),
        ("ATRN a.example, b.example", 501), ("ATRN a.example b.example", 501), ("ATRN  a.example", 501),
        ("ATRN [192.0.2.1]", 501), ("ATRN a_b.example", 501), ("ATRN @a.example", 501), ("ATRN a.example.", 501),
        ("GET / HTTP/1.1", 554),
    ]

    // S166, S168, DSN-2
    @Test(arguments: [
        "MT-PRIORITY=10", "MT-PRIORITY=-0", "MT-PRIORITY=+3", "MT-PRIORITY=03", "MT-PRIORITY=1 MT-PRIORITY=1",
        "BY=0;R", "BY=-1;R", "BY=1000000000;N", "BY=5", "BY=5;X", "BY=;N", "BY=--5;N", "RET=SOME", "RET", "ENVID=a+2b",
        "ENVID=a+2", "RET=FULL RET=FULL",
    ])
    func `a bad parameter of MAIL gets 501`(parameters: String) throws {
        let error = try #require(throws: CommandError.self) {
            try SMTPCommand(parsing: "MAIL FROM:<a@x> \(parameters)")
        }
        #expect(error.reply.code == 501)
    }

    @Test(arguments: [
        "NOTIFY=", "NOTIFY=NEVER,DELAY", "NOTIFY=SUCCESS,", "NOTIFY=OFTEN", "ORCPT=rfc822", "ORCPT=;a@x",
        "ORCPT=rfc822;a+zz", "NOTIFY=DELAY NOTIFY=DELAY",
    ])
    func `a bad parameter of RCPT gets 501`(parameters: String) throws {
        let error = try #require(throws: CommandError.self) {
            try SMTPCommand(parsing: "RCPT TO:<a@x> \(parameters)")
        }
        #expect(error.reply.code == 501)
    }

    @Test(arguments: valid) func `a command is read and written`(line: String, written: String) throws {
        #expect(try SMTPCommand(parsing: line).description == written)
    }

    @Test(arguments: invalid) func `what is no command knows the reply it deserves`(line: String, code: Int) throws {
        let error = try #require(throws: CommandError.self) { try SMTPCommand(parsing: line) }
        #expect(error.reply.code == code)
        #expect(error.reply.enhancedStatus != nil)
    }

    @Test(arguments: valid) func `a command cut short is another command or none`(line: String, written: String) {
        for count in 0..<line.utf8.count {
            checkCanBeWrittenAgain(Array(line.utf8.prefix(count)))
        }
    }

    @Test func `a hundred thousand spoiled commands neither trap nor become what cannot be written`() {
        var mutations = Mutations(ofSMTP: "command")
        for turn in 0..<Mutations.count(100_000) {
            checkCanBeWrittenAgain(mutations.spoil(Array(Self.valid[turn % Self.valid.count].0.utf8)))
        }
    }

    private func checkCanBeWrittenAgain(_ line: [UInt8]) {
        guard let command = try? SMTPCommand(parsing: line[...]) else { return }
        if (try? SMTPCommand(parsing: command.description)) != command { Issue.record("\(line) became \(command)") }
    }
}
