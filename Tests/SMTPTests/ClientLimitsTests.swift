import SMTP
import Testing

/// More recipients than a server takes at once, and more messages than it takes in one session (RFC 9422).
@Suite struct ClientLimitsTests {
    private func client(
        _ keywords: String..., messages: [OutgoingMessage], usesPipelining: Bool = true, recipientLimit: Int? = nil
    ) throws -> (client: ClientDriver, said: String) {
        var client = try ClientDriver(
            messages: messages, usesPipelining: usesPipelining, recipientLimit: recipientLimit)
        _ = client.hears("220 d.example")
        let list = keywords.map { "250-\($0)\r\n" }.joined()
        let said = client.hears("250-d.example\r\n" + list + "250 PIPELINING")
        return (client, said)
    }

    private func group(_ recipients: ClosedRange<Int>) -> String {
        "MAIL FROM:<s@isp.example>\r\n" + recipients.map { "RCPT TO:<r\($0)@d.example>\r\n" }.joined() + "DATA\r\n"
    }

    private func paths(_ recipients: ClosedRange<Int>) throws -> [ForwardPath] {
        try recipients.map { try ForwardPath(parsing: "<r\($0)@d.example>") }
    }

    private func replies(_ text: String, _ count: Int) -> String {
        Array(repeating: text, count: count).joined(separator: "\r\n")
    }

    // C058
    @Test func `recipients go in batches and messages in sessions as the server has it`() throws {
        let message = try ClientDriver.message(recipients: 25)
        var (client, said) = try client("LIMITS RCPTMAX=10 MAILMAX=2", messages: [message])
        #expect(said == group(1...10))
        #expect(client.outcomes == [.recipientsLeft(try paths(11...25))])
        #expect(client.hears(replies("250 ok", 11), "354 go") == "x\r\n.\r\n")
        #expect(client.hears("250 taken") == group(11...20))
        _ = client.hears(replies("250 ok", 11), "354 go")
        #expect(client.hears("250 taken") == "QUIT\r\n")
        let taken = SMTPClientSession.Action.messageAccepted(SMTPReply(250, nil, "taken"))
        #expect(
            client.outcomes == [
                .recipientsLeft(try paths(11...25)), taken, .recipientsLeft(try paths(21...25)), taken, .sessionFull,
            ])
        #expect(client.hears("221 bye").isEmpty)
        #expect(client.actions.last == .close)
    }

    // C058: MAIL that is refused counts as well.
    @Test func `a session that is full is not asked to take another message`() throws {
        let messages = try (0..<3).map { _ in try ClientDriver.message(recipients: 1) }
        var (client, _) = try client("LIMITS MAILMAX=2", messages: messages)
        #expect(client.hears("450 later", "503 no", "503 no").hasSuffix(group(1...1)))
        #expect(client.hears("250 ok", "250 ok", "354 go") == "x\r\n.\r\n")
        #expect(client.hears("250 taken") == "QUIT\r\n")
        #expect(client.outcomes.last == .sessionFull)
    }

    // C014, C015: RFC 5321 §4.5.3.1.8, §4.5.3.1.10.
    @Test(arguments: ["452 4.5.3 many", "452 many", "552 many"], [true, false])
    func `who is too many for one transaction comes in the next`(refusal: String, usesPipelining: Bool) throws {
        var (client, said) = try client(
            messages: [ClientDriver.message(recipients: 150)], usesPipelining: usesPipelining)
        if usesPipelining {
            #expect(said == group(1...150))
            said = client.hears("250 ok", replies("250 ok", 100), replies(refusal, 50), "354 go")
        } else {
            for _ in 0...100 { _ = client.hears("250 ok") }
            for _ in 0..<50 { said = client.hears(refusal) }
            #expect(said == "DATA\r\n")
            said = client.hears("354 go")
        }
        #expect(said == "x\r\n.\r\n")
        said = client.hears("250 taken")
        if usesPipelining {
            #expect(said == group(101...150))
        } else {
            for number in 101...150 { #expect(client.hears("250 ok") == "RCPT TO:<r\(number)@d.example>\r\n") }
        }
        let left = try paths(101...150).map { SMTPClientSession.Action.recipientsLeft([$0]) }
        #expect(client.outcomes == left + [.messageAccepted(SMTPReply(250, nil, "taken"))])
    }

    @Test func `a number that the server has named by refusing is kept to`() throws {
        var (client, _) = try client(messages: [ClientDriver.message(recipients: 5)])
        _ = client.hears("250 ok", replies("250 ok", 2), replies("452 4.5.3 many", 3), "354 go")
        #expect(client.hears("250 taken") == group(3...4))
        _ = client.hears(replies("250 ok", 3), "354 go")
        #expect(client.hears("250 taken") == group(5...5))
    }

    // S067 as the client hears it: of that mailbox it is true in the next transaction, too.
    @Test func `what is said of a mailbox is no matter of number`() throws {
        var (client, _) = try client(messages: [ClientDriver.message(recipients: 3)])
        let full = "452 4.2.2 full"
        #expect(client.hears("250 ok", "250 ok", full, "250 ok", "354 go") == "x\r\n.\r\n")
        #expect(client.hears("250 taken") == "QUIT\r\n")
        let reply = SMTPReply(452, .init(4, 2, 2), "full")
        #expect(client.outcomes.first == .recipientRefused(try paths(2...2)[0], reply, permanent: false))
    }

    // It cannot be too many: nobody came before it.
    @Test func `452 to the first recipient puts it off`() throws {
        var (client, _) = try client(messages: [ClientDriver.message(recipients: 1)])
        #expect(client.hears("250 ok", "452 many", "503 no") == "QUIT\r\n")
        #expect(client.outcomes.last == .messageRefused(SMTPReply(452, nil, "many"), permanent: false))
    }

    @Test func `a client keeps to its own limit where the server has none or a larger one`() throws {
        for keyword in ["HELP", "LIMITS RCPTMAX=7"] {
            let (_, said) = try client(keyword, messages: [ClientDriver.message(recipients: 5)], recipientLimit: 3)
            #expect(said == group(1...3))
        }
    }

    @Test func `a session keeps to so many domains`() throws {
        let addresses = ["<a@x.example>", "<b@y.example>", "<Postmaster>", "<c@X.example>", "<d@z.example>"]
        let message = OutgoingMessage(
            envelope: Envelope(reversePath: .null, forwardPaths: try addresses.map { try ForwardPath(parsing: $0) }),
            content: Array("x\r\n".utf8))
        var (client, said) = try client("LIMITS RCPTDOMAINMAX=2", messages: [message])
        let recipients = "RCPT TO:<a@x.example>\r\nRCPT TO:<b@y.example>\r\nRCPT TO:<Postmaster>\r\n"
        #expect(said == "MAIL FROM:<>\r\n" + recipients + "RCPT TO:<c@X.example>\r\nDATA\r\n")
        _ = client.hears(replies("250 ok", 5), "354 go")
        #expect(client.hears("250 taken") == "QUIT\r\n")
        #expect(client.outcomes.last == .sessionFull)
    }

    @Test(
        arguments: [
            ("RCPTMAX=1000 MAILMAX=5", 5, 1_000, nil), ("rcptmax=2 RCPTMAX=3 RCPTDOMAINMAX=999999", nil, 2, 999_999),
            ("MAILMAX MAILMAX= RCPTMAX=0 RCPTDOMAINMAX=01", nil, nil, nil),
            ("MAILMAX=1000000 RCPTMAX=-1 RCPTDOMAINMAX=2x NEWMAX=7 X", nil, nil, nil), ("", nil, nil, nil),
        ] as [(String, Int?, Int?, Int?)])
    func `limits are read, and what is none is left aside`(
        parameters: String, mails: Int?, recipients: Int?, domains: Int?
    ) throws {
        let reply = try SMTPReply(parsing: Array("250-d\r\n250 LIMITS \(parameters)\r\n".utf8))
        let limits = OfferedExtensions(ehloReply: reply).limits
        #expect(limits.mails == mails && limits.recipients == recipients && limits.recipientDomains == domains)
    }

    // What goes to some only cannot go on after an interruption: the recipients would be those of the first time.
    @Test func `only a message for all its recipients is named for resuming`() throws {
        var message = try ClientDriver.message(recipients: 2)
        message.transactionID = TransactionID(parsing: "<1.2@mx.isp.example>")
        #expect(try client("CHECKPOINT", messages: [message]).said.contains(" TRANSID="))
        #expect(try !client("CHECKPOINT", "LIMITS RCPTMAX=1", messages: [message]).said.contains("TRANSID"))
    }
}
