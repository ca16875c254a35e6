import SMTP
import Testing
import Timebase

@testable import MailHost

/// The server's end of Finger (RFC 1288).
struct FingerSessionTests {
    private var session = FingerSession(at: .beginning)

    private mutating func receive(_ text: String) -> Domain? { session.receive(Array(text.utf8).span.bytes) }

    private mutating func output(upTo room: Int = .max) -> String {
        var octets: [UInt8] = []
        session.takeOutput(upTo: room, into: &octets)
        return String(decoding: octets, as: UTF8.self)
    }

    @Test(arguments: [
        "branch.example\r\n", "branch.example\n", "/W branch.example\r\n", "/w  branch.example \r\n",
        "branch.example.\r\n",
    ])
    mutating func `a domain is asked after in one line`(query: String) throws {
        let expected = try Domain(parsing: "branch.example")
        #expect(receive(query) == expected)
        #expect(!session.isOver && output() == "")
        session.answer("OK, started")
        #expect(!session.isOver && output() == "OK, started\r\n" && session.isOver)
    }

    @Test mutating func `a query may come octet by octet, and an answer leave so`() throws {
        for character in "branch.example\r" { #expect(receive(String(character)) == nil) }
        #expect(receive("\n") != nil)
        session.answer("OK")
        #expect((0..<4).map { _ in output(upTo: 1) } == ["O", "K", "\r", "\n"])
        #expect(session.isOver)
    }

    @Test(arguments: [
        // RFC 1288 §3.2.2, §3.2.1
        ("\r\n", "Finger online user list denied"), ("/W\r\n", "Finger online user list denied"),
        ("branch.example@mail.isp.example\r\n", "Finger forwarding service denied"),
        ("@branch.example\r\n", "Finger forwarding service denied"),
        ("root\r\n", "Not a domain, nothing is started"), ("#queue\r\n", "Not a domain, nothing is started"),
        ("[192.0.2.1]\r\n", "Not a domain, nothing is started"),
        ("branch.example depot.example\r\n", "Not a domain, nothing is started"),
        ("branch.example; rm -rf /\r\n", "Not a domain, nothing is started"),
        ("br\u{e4}nch.example\r\n", "Not a domain, nothing is started"), ("\0\r\n", "Not a domain, nothing is started"),
    ])
    mutating func `what is no domain starts nothing, and is not repeated`(query: String, answer: String) {
        #expect(receive(query) == nil)
        #expect(output() == answer + "\r\n" && session.isOver)
    }

    @Test(arguments: [(512, "Not a domain, nothing is started"), (513, "Query too long"), (1 << 20, "Query too long")])
    mutating func `a query has 512 octets at most`(count: Int, answer: String) {
        #expect(receive(String(repeating: "x", count: count) + "\n") == nil)
        #expect(output() == answer + "\r\n" && session.isOver)
    }

    @Test mutating func `input without end is answered once and then passed over`() {
        for _ in 0..<10_000 { #expect(receive("xxxxxxxxxxxxxxxx") == nil) }
        #expect(output() == "Query too long\r\n" && session.isOver)
    }

    @Test mutating func `one query is answered, whatever comes after it`() {
        #expect(receive("branch.example\r\ndepot.example\r\n") != nil)
        #expect(receive("depot.example\r\n") == nil)
        session.answer("OK")
        #expect(receive("depot.example\r\n") == nil)
        #expect(output() == "OK\r\n" && session.isOver)
    }

    @Test mutating func `half a query is none`() {
        #expect(receive("branch.example") == nil)
        session.peerClosed()
        #expect(session.isOver && output() == "")
    }

    @Test mutating func `who asks nothing for a minute is let go`() {
        #expect(session.deadline == .beginning + .minutes(1))
        session.deadlineReached(at: .beginning + .seconds(59))
        #expect(!session.isOver)
        session.deadlineReached(at: .beginning + .minutes(1))
        #expect(session.isOver && session.deadline == nil && receive("branch.example\r\n") == nil)
    }

    @Test mutating func `an answer is still sent to a peer that has closed its side`() {
        #expect(receive("branch.example\r\n") != nil)
        session.peerClosed()
        session.answer("OK")
        #expect(output() == "OK\r\n" && session.isOver)
    }
}
