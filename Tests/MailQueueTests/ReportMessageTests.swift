import MailQueue
import SMTP
import TestSupport
import Testing
import Timebase

/// A report as its reader gets it: by eye, and by Python's parser.
@Suite struct ReportMessageTests {
    private static let begins = CalendarDate(nanosecondsSince1970: 920_000_000_000_000_000)

    private func options(_ mail: String, _ recipient: String = "") throws -> DeliveryOptions {
        var session = SMTPServerSession.offeringReports(at: "mail.isp.example")
        return try session.options(of: "MAIL FROM:<anna@hq.example>\(mail)", "RCPT TO:<bob@branch.example>\(recipient)")
    }

    private func report(
        _ recipients: [DeliveryReport.Recipient], options: DeliveryOptions = DeliveryOptions(),
        content: String = "Subject: hello\r\nFrom: anna@hq.example\r\n\r\nhello\r\n", body: BodyType = .sevenBit
    ) throws -> DeliveryReport {
        var envelope = Envelope(
            reversePath: try ReversePath(parsing: "<anna@hq.example>"),
            forwardPaths: recipients.map(\.path), body: body)
        envelope.options = options
        return try #require(
            DeliveryReport(
                on: envelope, .octets(Array(content.utf8)), number: 7, arrival: .beginning, recipients: recipients,
                at: .beginning + .hours(1)))
    }

    private func bob(
        _ action: DeliveryReport.Action = .failed, _ reply: DeliveryReply? = nil, until: Instant? = nil
    ) throws -> DeliveryReport.Recipient {
        let statuses: [DeliveryReport.Action: EnhancedStatusCode] = [
            .failed: .init(5, 1, 1), .delayed: .init(4, 4, 1), .delivered: .init(2, 1, 5), .relayed: .init(2, 1, 9),
            .expanded: .init(2, 1, 5),
        ]
        return .init(
            try ForwardPath(parsing: "<bob@branch.example>"), action, try #require(statuses[action]), reply: reply,
            lastAttempt: reply == nil ? nil : .beginning + .minutes(59), retriesUntil: until)
    }

    private func message(_ report: DeliveryReport) -> ReportMessage {
        ReportMessage(report, from: domain("mail.isp.example"), begins: Self.begins)
    }

    private func text(_ report: DeliveryReport) -> String { String(decoding: message(report).octets, as: UTF8.self) }

    private let noSuchUser = DeliveryReply(
        code: 550, text: "no such user", status: .init(5, 1, 1), host: domain("mail.branch.example"))

    @Test func `a report on mail in UTF-8 is in UTF-8`() throws {
        let ulf = try ForwardPath(parsing: Array("<ulf@räksmörgås.example>".utf8)[...], in: .utf8)
        var envelope = Envelope(reversePath: try ReversePath(parsing: "<anna@hq.example>"), forwardPaths: [ulf])
        envelope.isSMTPUTF8 = true
        let report = try #require(
            DeliveryReport(
                on: envelope, .octets(Array("Subject: smörgås\r\n\r\nhej\r\n".utf8)), number: 7, arrival: .beginning,
                recipients: [.init(ulf, .failed, .init(5, 6, 7))], at: .beginning + .hours(1)))
        let text = text(report)
        for line in [
            "Content-Type: text/plain; charset=utf-8", "Content-Type: message/global-delivery-status",
            "Content-Type: message/global-headers", "Final-Recipient: utf-8; ulf@räksmörgås.example",
            "Subject: smörgås", "  ulf@räksmörgås.example",
        ] {
            #expect(text.contains("\r\n\(line)\r\n"), "\(line)")
        }
        #expect(message(report).envelope.isSMTPUTF8 && message(report).envelope.body == .eightBitMIME)
    }

    // DSN-8, DSN-9, DSN-11, DSN-13
    @Test func `a report of failure has all its parts and fields`() throws {
        let options = try options(" RET=HDRS ENVID=QQ+2B314159", " ORCPT=rfc822;Al+2Bice@Isp.Example")
        #expect(
            try text(report([bob(.failed, noSuchUser)], options: options))
                == """
                Date: Fri, 26 Feb 1999 04:33:20 +0000
                From: Mail Delivery Subsystem <MAILER-DAEMON@mail.isp.example>
                To: <anna@hq.example>
                Subject: Undelivered mail
                Message-ID: <report.7.3600000000000@mail.isp.example>
                Auto-Submitted: auto-replied
                MIME-Version: 1.0
                Content-Type: multipart/report; report-type=delivery-status;
                 boundary="report.7.3600000000000"

                --report.7.3600000000000
                Content-Type: text/plain; charset=us-ascii

                This is the mail host mail.isp.example.
                Your message came in on Fri, 26 Feb 1999 03:33:20 +0000.

                It could not be delivered to these recipients, and is not tried again:

                  bob@branch.example
                    mail.branch.example said: 550 5.1.1 no such user

                --report.7.3600000000000
                Content-Type: message/delivery-status

                Original-Envelope-Id: QQ+314159
                Reporting-MTA: dns; mail.isp.example
                Arrival-Date: Fri, 26 Feb 1999 03:33:20 +0000

                Original-Recipient: rfc822; Al+ice@Isp.Example
                Final-Recipient: rfc822; bob@branch.example
                Action: failed
                Status: 5.1.1
                Remote-MTA: dns; mail.branch.example
                Diagnostic-Code: smtp; 550 5.1.1 no such user
                Last-Attempt-Date: Fri, 26 Feb 1999 04:32:20 +0000

                --report.7.3600000000000
                Content-Type: text/rfc822-headers

                Subject: hello
                From: anna@hq.example

                --report.7.3600000000000--

                """.replacing("\n", with: "\r\n"))
    }

    // DSN-7, PRI-4
    @Test func `a report is from nobody, to the sender, and as urgent as the message`() throws {
        var options = DeliveryOptions()
        options.priority = try #require(MessagePriority(-3))
        options.returnedContent = .full
        let envelope = try message(report([bob()], options: options)).envelope
        #expect(envelope.reversePath == .null)
        #expect(envelope.forwardPaths == [try ForwardPath(parsing: "<anna@hq.example>")])
        #expect(envelope.options.priority == options.priority && envelope.options.returnedContent == nil)
    }

    // DSN-8, DSN-12, RFC 3461 §4.3
    @Test(
        arguments: [
            (DeliveryReport.Action.failed, MailParameters.ReturnedContent.full, 100, true),
            (.failed, .headers, 100, false),
            (.failed, nil, 100, false), (.delayed, .full, 100, false), (.relayed, .full, 100, false),
            (.failed, .full, 65_536, true), (.failed, .full, 65_537, false),
        ] as [(DeliveryReport.Action, MailParameters.ReturnedContent?, Int, Bool)])
    func `the whole message is returned only with a failure, on demand and when it is small`(
        action: DeliveryReport.Action, asked: MailParameters.ReturnedContent?, size: Int, isWhole: Bool
    ) throws {
        var options = DeliveryOptions()
        options.returnedContent = asked
        var parameters = RecipientParameters()
        parameters.notify = [.success, .failure, .delay]
        options.recipients[try ForwardPath(parsing: "<bob@branch.example>")] = parameters
        let header = "Subject: x\r\n\r\n"
        let content = header + String(repeating: "y", count: size - header.utf8.count - 2) + "\r\n"
        let text = try text(report([bob(action)], options: options, content: content))
        #expect(text.contains(isWhole ? "Content-Type: message/rfc822" : "Content-Type: text/rfc822-headers"))
        #expect(text.contains(content) == isWhole && text.contains("\r\nSubject: x\r\n"))
    }

    // C074, SMG-10: nothing that a peer or a sender has said can make a line of its own.
    @Test func `what others said stays in its field`() throws {
        let options = try options(" ENVID=a+0D+0AAction:+20delivered", " ORCPT=rfc822;x+0A+E4@hq.example")
        let reply = DeliveryReply(
            code: 550, text: "no\r\n\r\n--report.7.3600000000000--\u{E9} " + String(repeating: "z", count: 5_000),
            host: domain("mail.branch.example"))
        let text = try text(report([bob(.failed, reply)], options: options))
        #expect(text.contains("Original-Envelope-Id: a+0D+0AAction:+20delivered\r\n"))
        #expect(text.contains("Original-Recipient: rfc822; x+0A+E4@hq.example\r\n"))
        #expect(text.split(separator: "\r\n--report.7.3600000000000", omittingEmptySubsequences: false).count == 5)
        #expect(text.utf8.allSatisfy { (0x20...0x7e).contains($0) || $0 == 0x0D || $0 == 0x0A })
        #expect(text.split(separator: "\r\n").allSatisfy { $0.utf8.count <= 998 })
    }

    @Test func `no line of the returned message is taken for a boundary`() throws {
        let boundaries = ["report.7.3600000000000", "report.7.3600000000000=1"]
        let content = "Subject: x\r\n\r\n" + boundaries.map { "--\($0)\r\n" }.joined()
        var options = DeliveryOptions()
        options.returnedContent = .full
        let read = try Python.read(message(report([bob()], options: options, content: content)).octets)
        #expect(read.contains("boundary report.7.3600000000000=2"))
        #expect(read.contains("parts text/plain message/delivery-status message/rfc822"))
    }

    @Test func `binary content and what has no end of its header are returned in part`() throws {
        var options = DeliveryOptions()
        options.returnedContent = .full
        let binary = try text(report([bob()], options: options, body: .binaryMIME))
        #expect(binary.contains("Content-Type: text/rfc822-headers\r\n\r\nSubject: hello\r\n"))
        let endless = String(repeating: "X-Line: 1234567890\r\n", count: 5_000)
        #expect(try text(report([bob()], content: endless)).utf8.count < 67_000)
        #expect(
            try text(report([bob()], content: "\r\nbody\r\n")).hasSuffix(
                "headers\r\n\r\n\r\n--report.7.3600000000000--\r\n"))
    }

    @Test(arguments: DeliveryReport.Action.allCases)
    func `Python's parser reads every kind of report without a complaint`(action: DeliveryReport.Action) throws {
        var options = try options(" RET=FULL ENVID=abc", " NOTIFY=SUCCESS,FAILURE,DELAY ORCPT=rfc822;b@x.example")
        options.returnedContent = .full
        let octets = try message(
            report(
                [bob(action, noSuchUser, until: action == .delayed ? .beginning + .days(2) : nil)], options: options,
                content: "Subject: caf\u{E9}\r\n\r\ncaf\u{E9}\r\n")
        ).octets
        let read = try Python.read(octets)
        #expect(read.contains("type multipart/report delivery-status"))
        #expect(read.contains("defects 0"))
        #expect(read.contains("same octets True"))
        #expect(read.contains("auto-submitted auto-replied"))
        let third = action == .failed ? "message/rfc822" : "text/rfc822-headers"
        #expect(read.contains("parts text/plain message/delivery-status \(third)"))
        #expect(read.contains("blocks 2"))
        #expect(read.contains("Final-Recipient: rfc822; bob@branch.example"))
        #expect(read.contains("Action: \(action.rawValue)"))
        #expect(read.contains("Diagnostic-Code: smtp; 550 5.1.1 no such user"))
        #expect(read.contains("Will-Retry-Until: Sun, 28 Feb 1999 03:33:20 +0000") == (action == .delayed))
    }

    @Test func `two recipients have a block of fields each`() throws {
        let ann = DeliveryReport.Recipient(
            try ForwardPath(parsing: "<ann@branch.example>"), .delayed, .init(4, 4, 1))
        let read = try Python.read(message(report([ann, bob(.failed, noSuchUser)])).octets)
        #expect(read.contains("blocks 3") && read.contains("Action: delayed") && read.contains("Action: failed"))
        #expect(read.contains("subject Undelivered mail"))
    }
}

/// Python's mail parser, as a reader that shares no line with us.
private enum Python {
    private static let script = """
        import email, email.policy, sys
        octets = open(sys.argv[1], "rb").read()
        raw = email.policy.compat32.clone(linesep="\\r\\n")
        print("same octets", email.message_from_bytes(octets, policy=raw).as_bytes(policy=raw) == octets)
        message = email.message_from_bytes(octets, policy=email.policy.default)
        parts = list(message.iter_parts())
        print("type", message.get_content_type(), message.get_param("report-type"))
        print("boundary", message.get_boundary())
        print("subject", message["Subject"])
        print("auto-submitted", message["Auto-Submitted"])
        print("parts", *[part.get_content_type() for part in parts])
        blocks = parts[1].get_payload()
        print("defects", sum(len(part.defects) for part in message.walk()))
        print("blocks", len(blocks))
        for block in blocks:
            for name, value in block.items():
                print(f"{name}: {value}")
        """

    static func read(_ octets: [UInt8]) throws -> [String] {
        let folder = try TemporaryFolder()
        try folder.write(octets, to: "report.eml")
        return try ExternalTool("python3", package: "python3").run(["-c", script, folder.file("report.eml")])
            .split(separator: "\n").map(String.init)
    }
}

extension SMTPServerSession {
    /// A server that takes what RFC 3461 has.
    fileprivate static func offeringReports(at host: String) -> SMTPServerSession {
        var configuration = SMTPServerConfiguration(hostName: domain(host))
        configuration.offersDSN = true
        configuration.recipients = RecipientPolicy(localDomains: [domain("branch.example")])
        return SMTPServerSession(configuration: configuration)
    }

    /// What a client's commands ask for.
    fileprivate mutating func options(of commands: String...) throws -> DeliveryOptions {
        var outbox = Outbox<Action>()
        connected(at: .beginning)
        for line in ["EHLO hq.example"] + commands + ["DATA"] {
            receive(Array("\(line)\r\n".utf8).span.bytes, at: .beginning, into: &outbox)
        }
        while let action = outbox.next() {
            if case .beginContent(let envelope) = action { return envelope.options }
        }
        throw CommandError.badParameter
    }
}
