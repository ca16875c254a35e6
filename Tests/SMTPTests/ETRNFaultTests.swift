import SMTP
import Testing
import Timebase

/// What servers do wrong with ETRN, each fault by itself on a server that does all else right.
@Suite struct ETRNFaultTests {
    private static func server(_ fault: ETRNPolicy.Fault) throws -> ServerDriver {
        try ServerPersonalityTests.server("generic", faults: [fault])
    }

    @Test(arguments: [(ETRNSituation.nothingWaiting, 251), (.waiting, 253)])
    func `250 is all that one says, whether mail waits or not`(situation: ETRNSituation, code: Int) throws {
        var server = try Self.server(.onlySaysStarted)
        server.hold(situation, code)
        #expect(
            server.send("ETRN cust.example\r\n") == "250 2.0.0 OK, queuing for node cust.example started\r\n")
    }

    @Test func `250 is said of a name that nobody has, and refusals stay refusals`() throws {
        var server = try Self.server(.takesUnknownNames)
        server.hold(.unknownName, 459)
        #expect(server.send("ETRN nobody.example\r\n").replyCodes == [250])
        server.hold(.notAllowed, 459)
        #expect(server.send("ETRN other.example\r\n").replyCodes == [459])
    }

    @Test func `an answer in two lines has one code`() throws {
        var server = try Self.server(.answersInTwoLines)
        #expect(
            server.send("ETRN cust.example\r\n")
                == "253-2.5.0 Looking at the queue\r\n253 2.5.0 3 messages pending\r\n")
        #expect(server.send("ETRN\r\n").hasPrefix("500-"))
    }

    @Test(arguments: ["localname", "a..b", "#"]) func `a bad argument is a syntax error`(argument: String) throws {
        var server = try Self.server(.saysSyntaxError)
        #expect(server.send("ETRN \(argument)\r\n") == "500 5.5.2 Syntax: ETRN domain\r\n")
    }

    @Test func `ETRN in a transaction is carried out, and the transaction goes on`() throws {
        var server = try Self.server(.ignoresTransaction)
        let lines = [
            "MAIL FROM:<a@x.example>", "RCPT TO:<alice@isp.example>", "ETRN cust.example", "DATA", "x\r\n.",
        ]
        #expect(lines.map { server.send($0 + "\r\n").replyCodes } == [[250], [250], [253], [354], [250]])
        #expect(server.stored == ["x\r\n"] && server.askedQueues == ["cust.example"])
    }

    @Test func `ETRN is taken and not listed`() throws {
        var server = try Self.server(.isUnlisted)
        #expect(!server.send("EHLO x.example\r\n").contains("ETRN"))
        #expect(server.send("ETRN cust.example\r\n").replyCodes == [253])
    }

    @Test func `ETRN is listed and not taken`() throws {
        var server = try Self.server(.isListedWhenDisabled)
        server.session.offersETRN = false
        #expect(server.send("EHLO x.example\r\n").contains("250-ETRN\r\n"))
        #expect(server.send("ETRN cust.example\r\n").replyCodes == [502])
    }

    @Test func `what is nonsense elsewhere is no request before EHLO or in a transaction`() throws {
        var personality = try ServerPersonalityTests.personality("sendmail-8")
        personality.etrn.faults.remove(.ignoresTransaction)
        var server = try ServerDriver(speakingLike: personality)
        server.session.connected(at: .beginning)
        _ = server.takeOutput()
        #expect(server.send("ETRN localname\r\n").replyCodes == [503])
        #expect(server.send("EHLO x.example\r\nMAIL FROM:<>\r\nETRN localname\r\n").replyCodes == [250, 250, 503])
    }

    // 118 were taken of one Postfix, of another a few more or less: then 421.
    @Test func `beyond the allowance each ETRN counts as an error`() throws {
        var server = try ServerPersonalityTests.server("postfix")
        let codes = (0..<120).flatMap { _ in server.send("ETRN cust.example\r\n").replyCodes }
        #expect(codes == Array(repeating: 250, count: 119) + [421] && server.hasClosed)
    }

    @Test func `the fourth error ends a session with Exim`() throws {
        var server = try ServerPersonalityTests.server("exim")
        let codes = (0..<4).flatMap { _ in server.send("ETRN cust.example\r\n").replyCodes }
        #expect(codes == [501, 501, 501, 501] && server.hasClosed)
    }
}
