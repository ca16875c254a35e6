import SMTP
import TestSupport
import Testing
import Timebase

/// Whatever the other side says, a session neither traps nor talks without end.
@Suite struct SessionMutationTests {
    private static let clientLines = [
        "EHLO dial1.cust.example", "HELO x", "MAIL FROM:<a@x.example> SIZE=20", "RCPT TO:<alice@isp.example>",
        "RCPT TO:<nobody@isp.example>", "DATA", "Subject: x\r\n\r\n..a\r\n.b\r\n\r\n.", ".", "ETRN cust.example",
        "RSET", "NOOP", "VRFY alice", "HELP", "MAIL FROM:<>", "BDAT 6\r\nabcd", "BDAT 0 LAST",
        "MAIL FROM:<a@x.example> TRANSID=<q1@x.example>", "AUTH PLAIN AHRlc3QAMTIzNA==", "AUTH CRAM-MD5", "AUTH LOGIN",
        "AUTH SCRAM-SHA-256 biwsbj11c2VyLHI9YWJj", "Yz1iaXdzLHI9YWJjc2VydmVyLHA9QUFBQQ==", "ATRN a.example,b.example",
        "TURN",
    ].map { Array(($0 + "\r\n").utf8) }

    private static let serverLines = [
        "220 mx.example ESMTP", "250-mx.example\r\n250-PIPELINING\r\n250-CHUNKING\r\n250-ETRN\r\n250 SIZE 1000",
        "250 mx.example",
        "250 2.1.0 Ok", "250 2.1.5 Ok", "354 go on", "250 2.0.0 Ok", "450 4.2.1 later", "550 5.1.1 no", "253 5 pending",
    ].map { Array(($0 + "\r\n").utf8) }

    @Test func `a server takes a hundred thousand spoiled lines`() throws {
        var mutations = Mutations(ofSMTP: "server session")
        var replies = 0
        let sessions = max(1, Mutations.count(100_000) / 50)
        for _ in 0..<sessions {
            var server = try ServerDriver(after: "EHLO dial1.cust.example")
            server.session.configuration.limits.errors = 50
            server.session.configuration.offersChunking = true
            server.session.configuration.offersCheckpoint = true
            server.session.configuration.mechanisms = SASLMechanism.allCases
            server.session.configuration.takesPasswordsInClear = true
            server.session.configuration.offersATRN = true
            server.session.configuration.takesTURN = true
            server.session.configuration.looksUpDomains = true
            server.reversalRefusal = SMTPReply(453, .init(4, 3, 2), "You have no mail")
            for _ in 0..<50 {
                let line = line(Self.clientLines, &mutations)
                let said = server.send(line, inPiecesOf: 1 + mutations.number(below: 40)).utf8.count { $0 == 0x0a }
                // EHLO is answered in thirteen lines.
                if said > 13 + line.count { Issue.record("\(said) lines in reply to \(line)") }
                replies += said
            }
            _ = server.hangUp()
            #expect(server.hasClosed)
        }
        #expect(replies > sessions * 10)
    }

    @Test(arguments: [SMTPClientSession.Purpose.delivery, .etrn([]), .reversal(.turn)])
    func `a client takes a hundred thousand spoiled replies`(purpose: SMTPClientSession.Purpose) throws {
        var mutations = Mutations(ofSMTP: "client session")
        var verdicts = 0
        var lines = 0
        while lines < Mutations.count(100_000) {
            let asked = [try ETRNArgument(parsing: "a.example"), try ETRNArgument(parsing: "@b.example")]
            var client = try ClientDriver(
                purpose == .etrn([]) ? .etrn(asked) : purpose,
                messages: [try ClientDriver.message(), try ClientDriver.message("a\r\n.b", recipients: 1)])
            // Most sessions end at the first reply that is none: the way in is walked in good order.
            client.take(Self.serverLines[0])
            _ = client.takeOutput()
            for _ in 0..<12 {
                client.take(line(Self.serverLines, &mutations))
                _ = client.takeOutput()
                lines += 1
            }
            client.hangUp()
            #expect(client.actions.last == .close)
            verdicts += client.outcomes.count
        }
        #expect(verdicts > Mutations.count(100_000) / 10)
    }

    // X05
    @Test func `each line of random octets has one reply`() throws {
        var mutations = Mutations(of: "random octets")
        var server = try ServerDriver(after: "EHLO x.example") { $0.limits.errors = .max }
        for _ in 0..<Mutations.count(2_000) {
            var line = (0..<mutations.number(below: 200)).map { _ in UInt8(mutations.number(below: 256)) }
            line.removeAll { $0 == 0x0a }
            let said = server.send(line + [0x0d, 0x0a])
            if (try? SMTPReply(parsing: Array(said.utf8))) == nil { Issue.record("\(said) in reply to \(line)") }
        }
    }

    private func line(_ lines: [[UInt8]], _ mutations: inout Mutations) -> [UInt8] {
        let line = lines[mutations.number(below: lines.count)]
        return mutations.number(below: 2) == 0 ? mutations.spoil(line) : line
    }
}
