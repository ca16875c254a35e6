import SMTP
import Testing
import Timebase

/// The cases of ETRN in which servers differ, by their numbers, as far as they are the session's. Those of the queue
/// and of the reverse connection stand with the queue and with the scenarios.
@Suite struct ETRNEdgeTests {
    private static func greeted() throws -> ServerDriver { try ServerDriver(after: "EHLO dial1.cust.example") }

    private static let longLabel = String(repeating: "a", count: 64)
    private static let longName = Array(repeating: String(repeating: "a", count: 60), count: 5).joined(separator: ".")

    /// What names no queue gets no further than the session.
    @Test(arguments: [
        ("ETRN", 500, nil), ("ETRN ", 500, nil), ("ETRN a.example b.example", 501, nil),
        ("ETRN cust.example.", 253, "cust.example"), ("ETRN foo_bar.example", 501, nil), ("ETRN [192.0.2.1]", 501, nil),
        ("ETRN CUST.EXAMPLE", 253, "CUST.EXAMPLE"), ("ETRN \(longLabel).example", 501, nil),
        ("ETRN \(longName)", 501, nil), ("ETRN caf\u{e9}.example", 501, nil),
        ("etrn cust.example", 253, "cust.example"),
    ])
    func `edge 1: every odd name has its own answer`(line: String, code: Int, asked: String?) throws {
        var server = try Self.greeted()
        #expect(server.send(line + "\r\n").replyCodes == [code])
        #expect(server.askedQueues == [asked].compactMap(\.self))
        #expect(server.send("NOOP\r\n").replyCodes == [250])
    }

    // What is too wide, and which queues there are, the queue knows.
    @Test(arguments: [
        ("@", 501, nil), ("#", 501, nil), ("# night", 501, nil), ("@com", 253, "@com"), ("#uucp", 253, "#uucp"),
    ])
    func `edge 2: an option alone is no argument`(argument: String, code: Int, asked: String?) throws {
        var server = try Self.greeted()
        #expect(server.send("ETRN \(argument)\r\n").replyCodes == [code])
        #expect(server.askedQueues == [asked].compactMap(\.self))
    }

    /// Each group of lines goes out at once.
    static let moments: [(name: String, groups: [String], codes: [Int], asked: Int)] = [
        ("before EHLO", ["ETRN cust.example\r\n"], [503], 0),
        ("after HELO only", ["HELO x.example\r\n", "ETRN cust.example\r\n"], [250, 253], 1),
        (
            "inside a transaction",
            ["EHLO x.example\r\n", "MAIL FROM:<>\r\n", "ETRN cust.example\r\n", "RCPT TO:<alice@isp.example>\r\n"],
            [250, 250, 503, 250], 0
        ),
        (
            "right after RSET",
            ["EHLO x.example\r\n", "MAIL FROM:<>\r\n", "RSET\r\nETRN cust.example\r\n"], [250, 250, 250, 253], 1
        ),
        (
            "pipelined before MAIL",
            ["EHLO x.example\r\n", "ETRN cust.example\r\nMAIL FROM:<>\r\nRCPT TO:<alice@isp.example>\r\nDATA\r\n"],
            [250, 253, 250, 250, 354], 1
        ),
        ("pipelined after MAIL", ["EHLO x.example\r\n", "MAIL FROM:<>\r\nETRN cust.example\r\n"], [250, 250, 503], 0),
        ("followed at once by QUIT", ["EHLO x.example\r\n", "ETRN cust.example\r\nQUIT\r\n"], [250, 253, 221], 1),
    ]

    @Test(arguments: moments) func `edge 4: ETRN is taken after a greeting and outside of transactions`(
        name: String, groups: [String], codes: [Int], asked: Int
    ) throws {
        var server = try ServerDriver()
        server.session.connected(at: .beginning)
        _ = server.takeOutput()
        #expect(groups.flatMap { server.send($0).replyCodes } == codes, "\(name)")
        #expect(server.askedQueues.count == asked, "\(name)")
    }

    @Test func `edge 4: a connection dropped right after ETRN has asked all the same`() throws {
        var server = try Self.greeted()
        server.answersAtOnce = false
        #expect(server.send("ETRN cust.example\r\n").isEmpty && server.hangUp().isEmpty)
        #expect(server.askedQueues == ["cust.example"])
        _ = server.answerWhatIsOwed()
        #expect(server.hasClosed)
    }

    @Test func `edge 5: each ETRN of a session is asked, the same name twice as well`() throws {
        var server = try Self.greeted()
        let names = ["cust.example", "cust.example", "other.example"]
        #expect(server.send(names.map { "ETRN \($0)\r\n" }.joined()).replyCodes == [253, 253, 253])
        #expect(server.askedQueues == names)
    }

    @Test(arguments: ETRNSituation.allCases) func `edge 11: every reply is one line, whoever speaks`(
        situation: ETRNSituation
    ) throws {
        for name in ServerPersonalityTests.names {
            var server = try ServerPersonalityTests.server(name)
            server.hold(situation, 250)
            for line in ["ETRN cust.example", "ETRN #cust.example", "ETRN @cust.example", "ETRN", "ETRN localname"] {
                let said = server.send(line + "\r\n")
                #expect(said.split(separator: "\r\n").count == 1 && said.utf8.count <= 512, "\(name): \(line)")
                if server.hasClosed { break }
            }
        }
    }

    // Postfix closes after some 120, and sendmail slows down after 8.
    @Test func `edge 12: there is no limit to the ETRNs of a session`() throws {
        var server = try Self.greeted()
        let codes = (0..<1_000).flatMap { _ in server.send("ETRN cust.example\r\n").replyCodes }
        #expect(codes.count { $0 == 253 } == 1_000 && !server.hasClosed)
    }
}
