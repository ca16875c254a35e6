import SMTP
import TestSupport
import Testing
import Timebase

/// The server session, speaking like the mail servers that there were.
@Suite struct ServerPersonalityTests {
    static let names = ServerPersonality.all.map(\.name)

    static func personality(_ name: String) throws -> ServerPersonality {
        try #require(ServerPersonality.all.first { $0.name == name })
    }

    /// A session that speaks like somebody, greeted and asked with EHLO.
    static func server(
        _ name: String, faults: Set<ETRNPolicy.Fault> = [],
        change: (inout SMTPServerConfiguration) -> Void = { _ in }
    ) throws -> ServerDriver {
        var personality = try personality(name)
        personality.etrn.faults.formUnion(faults)
        var server = try ServerDriver(speakingLike: personality, change)
        server.session.connected(at: .beginning, date: CalendarDate(nanosecondsSince1970: 0))
        _ = server.takeOutput()
        _ = server.send("EHLO dial1.cust.example\r\n")
        return server
    }

    // MARK: What it says before anything is asked

    static let greetings: [(name: String, greeting: String, keywords: [String])] = [
        (
            "generic", "220 mx.isp.example ESMTP",
            ["mx.isp.example", "PIPELINING", "SIZE 1000000", "8BITMIME", "ENHANCEDSTATUSCODES", "ETRN", "HELP"]
        ),
        (
            "exchange-5.5",
            "220 mx.isp.example ESMTP Server (Microsoft Exchange Internet Mail Service 5.5.2653.13) ready",
            ["mx.isp.example Hello [dial1.cust.example]", "XEXCH50", "HELP", "ETRN", "DSN", "SIZE 1000000"]
        ),
        (
            "exchange-2000",
            "220 mx.isp.example Microsoft ESMTP MAIL Service, Version: 5.0.2172.1 ready at  "
                + "Thu, 1 Jan 1970 00:00:00 +0000",
            [
                "mx.isp.example Hello [dial1.cust.example]", "SIZE 1000000", "ETRN", "PIPELINING", "DSN",
                "ENHANCEDSTATUSCODES", "8bitmime", "BINARYMIME", "CHUNKING", "VRFY", "X-LINK2STATE", "XEXCH50", "OK",
            ]
        ),
        (
            "sendmail-8", "220 mx.isp.example ESMTP Sendmail 8.12.11/8.12.11; Thu, 1 Jan 1970 00:00:00 +0000",
            [
                "mx.isp.example Hello dial1.cust.example, pleased to meet you", "ENHANCEDSTATUSCODES", "PIPELINING",
                "8BITMIME", "SIZE 1000000", "DSN", "ETRN", "HELP",
            ]
        ),
        (
            "postfix", "220 mx.isp.example ESMTP Postfix",
            [
                "mx.isp.example", "PIPELINING", "SIZE 1000000", "VRFY", "ETRN", "ENHANCEDSTATUSCODES", "8BITMIME",
                "DSN", "SMTPUTF8",
            ]
        ),
        (
            "exim", "220 mx.isp.example ESMTP Exim 4.96 Thu, 1 Jan 1970 00:00:00 +0000",
            [
                "mx.isp.example Hello dial1.cust.example", "SIZE 1000000", "8BITMIME", "ETRN", "PIPELINING",
                "CHUNKING", "HELP",
            ]
        ),
        (
            "indimail", "220 mx.isp.example ESMTP",
            ["mx.isp.example", "PIPELINING", "8BITMIME", "SIZE 1000000", "ETRN", "HELP"]
        ),
        ("hmailserver", "220 mx.isp.example ESMTP", ["mx.isp.example", "SIZE 1000000", "HELP"]),
    ]

    @Test(arguments: greetings) func `each greets in its words and lists its extensions in its order`(
        name: String, greeting: String, keywords: [String]
    ) throws {
        var server = try ServerDriver(speakingLike: try Self.personality(name))
        server.session.connected(at: .beginning)
        #expect(server.takeOutput() == greeting + "\r\n")
        let reply = try SMTPReply(parsing: Array(server.send("EHLO dial1.cust.example\r\n").utf8))
        #expect(reply.code == 250 && reply.lines == keywords)
    }

    @Test(arguments: names) func `STARTTLS and AUTH are listed where both the server and its manner have them`(
        name: String
    ) throws {
        var server = try Self.server(name) {
            $0.offersSTARTTLS = true
            $0.mechanisms = [.cramMD5]
        }
        let list = server.send("EHLO x.example\r\n")
        let personality = try Self.personality(name)
        let hasAll = personality.keywords == nil
        #expect(list.contains("STARTTLS\r\n") == (hasAll || personality.lists("STARTTLS")))
        #expect(list.contains("AUTH CRAM-MD5\r\n") == (hasAll || personality.lists("AUTH")))
    }

    @Test(arguments: names) func `a message goes through in every manner`(name: String) throws {
        var pair = BackToBackTests.Pair(
            client: try ClientDriver(messages: try [1, 2].map { try Self.message("text \($0)\r\n") }),
            server: try ServerDriver(speakingLike: try Self.personality(name)), mutations: Mutations(of: name))
        pair.drive()
        #expect(pair.server.stored == ["text 1\r\n", "text 2\r\n"])
        #expect(pair.client.actions.last == .close && pair.server.hasClosed)
    }

    private static func message(_ content: String) throws -> OutgoingMessage {
        OutgoingMessage(
            envelope: Envelope(
                reversePath: try ReversePath(parsing: "<s@x.example>"),
                forwardPaths: [try ForwardPath(parsing: "<alice@isp.example>")]),
            content: Array(content.utf8))
    }

    static let course: [(name: String, codes: [Int])] = [
        ("generic", [503, 503, 250, 503, 550, 550, 554, 250, 354, 250, 250, 250, 500, 221]),
        ("exchange-5.5", [503, 503, 250, 503, 550, 550, 554, 250, 354, 250, 250, 250, 500, 221]),
        ("exchange-2000", [503, 503, 250, 503, 550, 550, 554, 250, 354, 250, 250, 250, 500, 221]),
        ("sendmail-8", [503, 503, 250, 503, 550, 550, 503, 250, 354, 250, 250, 250, 500, 221]),
        ("postfix", [503, 503, 250, 503, 554, 550, 554, 250, 354, 250, 250, 250, 502, 221]),
        ("exim", [503, 503, 250, 503, 550, 550, 503, 250, 354, 250, 250, 250, 500, 221]),
        ("indimail", [503, 503, 250, 503, 553, 550, 503, 250, 354, 250, 250, 250, 502, 221]),
        ("hmailserver", [503, 503, 250, 503, 550, 550, 503, 250, 354, 250, 250, 250, 503, 221]),
    ]

    @Test(arguments: course) func `each command gets the code of the manner`(name: String, codes: [Int]) throws {
        var personality = try Self.personality(name)
        personality.errors = nil
        var server = try ServerDriver(speakingLike: personality)
        server.session.connected(at: .beginning)
        _ = server.takeOutput()
        let lines = [
            "MAIL FROM:<a@x.example>", "EHLO x.example\r\nDATA", "MAIL FROM:<a@x.example>", "MAIL FROM:<b@x.example>",
            "RCPT TO:<u@far.example>", "RCPT TO:<nobody@isp.example>", "DATA", "RCPT TO:<alice@isp.example>", "DATA",
            "x\r\n.", "RSET", "NOOP", "FOO", "QUIT",
        ]
        #expect(lines.map { server.send($0 + "\r\n").replyCodes.last } == codes)
    }

    // MARK: ETRN

    /// How the replies of servers to ETRN compare. Nil where a server does not look who asks, or has no switch.
    static let replies: [(name: String, codes: [Int?])] = [
        ("generic", [251, 253, 459, 459, 502, 500, 501, 503, 250]),
        ("exchange-5.5", [251, 253, 459, 459, 502, 500, 501, 503, 250]),
        ("exchange-2000", [251, 253, 459, 459, 502, 500, 501, 503, 250]),
        ("postfix", [250, 250, 459, 554, 459, 500, 459, 503, 250]),
        ("exim", [250, 250, 250, 458, 458, 501, 501, 503, 458]),
        ("sendmail-8", [250, 250, 250, 550, 502, 500, 250, 250, 250]),
        ("indimail", [250, 253, 553, 553, nil, 555, 553, 503, 253]),
        ("hmailserver", [250, 250, 501, nil, nil, 500, 501, 250, 250]),
    ]
    static let situations: [(name: String, prepare: @Sendable (inout ServerDriver) -> Void, line: String?)] = [
        ("nothing waiting", { server in server.hold(.nothingWaiting, 251) }, nil),
        ("n waiting", { server in server.hold(.waiting, 253) }, nil),
        ("unknown name", { server in server.hold(.unknownName, 459) }, nil),
        ("client not allowed", { server in server.hold(.notAllowed, 459) }, nil),
        ("feature disabled", { server in server.session.offersETRN = false }, nil),
        ("no argument", { _ in }, "ETRN"),
        ("unqualified name", { _ in }, "ETRN localname"),
        ("in a transaction", { server in _ = server.send("MAIL FROM:<a@x.example>\r\n") }, nil),
        ("repeat while running", { server in server.hold(.alreadyRunning, 250) }, nil),
    ]

    @Test(arguments: replies) func `the table of replies to ETRN holds for each server`(
        name: String, codes: [Int?]
    ) throws {
        for (situation, code) in zip(Self.situations, codes) {
            guard let code else { continue }
            var server = try Self.server(name)
            situation.prepare(&server)
            let line = situation.line ?? (name == "exim" ? "ETRN #cust.example" : "ETRN cust.example")
            #expect(server.send(line + "\r\n").replyCodes == [code], "\(situation.name)")
        }
    }

    /// What `@cust.example` and `#cust.example` are taken for.
    static let forms: [(name: String, at: (Int, String?), hash: (Int, String?))] = [
        ("generic", (253, "@cust.example"), (253, "#cust.example")),
        ("exchange-5.5", (253, "@cust.example"), (253, "#cust.example")),
        ("exchange-2000", (253, "@cust.example"), (253, "#cust.example")),
        ("postfix", (250, "cust.example"), (250, "cust.example")),
        ("exim", (501, nil), (250, "cust.example")),
        ("sendmail-8", (250, "@cust.example"), (250, "#cust.example")),
        ("indimail", (253, "cust.example"), (253, "cust.example")),
        ("hmailserver", (501, nil), (501, nil)),
    ]

    @Test(arguments: forms) func `the forms with at sign and number sign mean what each server takes them for`(
        name: String, at: (Int, String?), hash: (Int, String?)
    ) throws {
        for (argument, (code, asked)) in [("@cust.example", at), ("#cust.example", hash)] {
            var server = try Self.server(name)
            #expect(server.send("ETRN \(argument)\r\n").replyCodes == [code], "\(argument)")
            #expect(server.askedQueues == [asked].compactMap(\.self), "\(argument)")
        }
    }

    static let texts = [
        ("generic", "ETRN cust.example", "253 2.5.0 3 messages pending"),
        ("postfix", "ETRN cust.example", "250 Queuing started"),
        ("postfix", "ETRN #urgent", "459 <urgent>: service unavailable"),
        ("postfix", "ETRN a b", "501 Error: invalid parameter syntax"),
        ("exim", "ETRN cust.example", "501 argument must begin with #"),
        ("exim", "ETRN #", "250 OK"), ("exim", "ETRN #st.test", "250 OK"),
        ("sendmail-8", "ETRN @cust.example", "250 2.0.0 Queuing for node @cust.example started"),
        ("sendmail-8", "ETRN {host}", "250 2.0.0 Queuing for node {host} started"),
        ("indimail", "ETRN cust.example", "253 OK, <3> pending message for node <cust.example> started"),
        ("indimail", "ETRN localname", "553 <localname>: etrn service unavailable (#5.7.1)"),
        ("hmailserver", "ETRN @cust.example", "501 ETRN not supported for @cust.example"),
        ("hmailserver", "ETRN cust.example", "250 OK, message queuing started for cust.example"),
        ("hmailserver", "ETRN a\u{1}b", "501 Character not allowed in a command"),
    ]

    @Test(arguments: texts) func `ETRN is answered in the words of the server`(
        name: String, line: String, reply: String
    ) throws {
        var server = try Self.server(name)
        #expect(server.send(line + "\r\n") == reply + "\r\n")
    }
}

extension ServerDriver {
    /// The queue's answer from now on.
    mutating func hold(_ situation: ETRNSituation, _ code: Int) {
        (queueSituation, queueReply) = (situation, SMTPReply(code, nil, "as RFC 1985 says"))
    }

    /// What the queue was asked to start.
    var askedQueues: [String] {
        actions.compactMap { if case .startQueue(let argument) = $0 { "\(argument)" } else { nil } }
    }
}
