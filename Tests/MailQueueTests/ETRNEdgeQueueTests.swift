import MailQueue
import SMTP
import Testing
import Timebase

/// The cases of ETRN in which servers differ, by their numbers, as far as they are the queue's.
@Suite struct ETRNEdgeQueueTests {
    @Test(arguments: ["@com", "@example", "#uucp"])
    func `edge 2: what is too wide and what is no queue are refused`(argument: String) throws {
        var provider = QueueTranscript.provider
        try provider.mail(for: "branch.example")
        #expect(try provider.etrn(argument).hasPrefix("459 4.7.1 "))
        #expect(provider.wants() == [])
    }

    // sendmail and Exim look for the text, hMailServer for the very name, Postfix for the name or one above it.
    @Test(arguments: [
        ("ranch.example", 459), ("branch.exampl", 459), ("@ranch.example", 459), ("@example", 459),
        ("xbranch.example", 459), ("branch.example", 253), ("shop.branch.example", 251), ("@branch.example", 253),
    ])
    func `edge 3: names are compared by whole labels`(argument: String, code: Int) throws {
        var provider = QueueTranscript.provider
        try provider.mail(for: "branch.example")
        #expect(try provider.etrn(argument).hasPrefix("\(code) "))
        #expect(provider.wants() == (code == 253 ? ["connect branch.example"] : []))
    }

    @Test func `edge 5: two sessions that ask for one name get one connection`() throws {
        var provider = QueueTranscript.provider
        for name in ["branch.example", "depot.example"] { try provider.mail(for: name) }
        let replies = try ["branch.example", "branch.example", "depot.example"].map { try provider.etrn($0) }
        #expect(replies.map { $0.prefix(3) } == ["253", "250", "253"])
        #expect(provider.wants() == ["connect branch.example", "connect depot.example"])
    }

    // Postfix tries such a message for all of its domains.
    @Test func `edge 6: a message for two domains is tried for the one that asks`() throws {
        var provider = QueueTranscript(
            QueueTranscript.configuration {
                $0.onDemandDomains = ["branch.example", "depot.example"].map(domain)
                $0.triesUnasked = true
            })
        try provider.mail(for: "branch.example", "depot.example")
        for name in ["branch.example", "depot.example"] { provider.connectFails(name) }
        _ = provider.wants()
        provider.at(.minutes(1))
        #expect(try provider.etrn("branch.example").hasPrefix("253"))
        #expect(provider.wants() == ["connect branch.example"])
        provider.connected("branch.example")
        #expect(provider.deliverAll("branch.example").count == 1)
        provider.connectionEnds("branch.example")
        // The other one's retry is when it was.
        #expect(provider.queue.deadline == .beginning + .minutes(15))
        #expect(provider.queue.queue(of: domain("depot.example"))?.count == 1)
    }

    @Test func `edge 7: mail that arrives while the flush runs is part of it`() throws {
        var provider = QueueTranscript.provider
        try provider.mail(for: "branch.example")
        _ = try provider.etrn("branch.example")
        try provider.mail(for: "branch.example")
        provider.connected("branch.example")
        let first = provider.next("branch.example")
        try provider.mail(for: "branch.example")
        provider.delivered(first, "branch.example")
        #expect(provider.deliverAll("branch.example") == [2, 3])
    }

    // Postfix lists what it has deferred, and Exim looks at the recipients that a message had first.
    @Test func `edge 8: mail that was never tried, and mail that a list has sent on, is part of a flush`() throws {
        var provider = QueueTranscript.provider
        try provider.mail(for: "branch.example")
        try provider.mail(for: "branch.example", from: "<list-bounces@lists.example>")
        provider.at(.days(1))
        #expect(try provider.etrn("branch.example").hasPrefix("253 2.5.0 OK, 2 pending messages"))
        provider.connected("branch.example")
        #expect(provider.deliverAll("branch.example") == [1, 2])
    }

    @Test func `edge 9: a reverse connection that fails in any way is tried again, and nothing is lost`() throws {
        var provider = QueueTranscript.provider
        try provider.mail(for: "branch.example")
        provider.linkUp("branch.example")
        _ = try provider.etrn("branch.example")
        // Refused; then it accepts and drops, before and after the message was sent; then all is well.
        provider.connectFails("branch.example")
        provider.sleep(until: .seconds(10))
        provider.connectFails("branch.example")
        provider.sleep(until: .seconds(10))
        provider.connected("branch.example")
        let first = provider.next("branch.example")
        provider.connectionEnds("branch.example")
        provider.sleep(until: .seconds(20))
        provider.connected("branch.example")
        #expect(provider.next("branch.example") == first)
        #expect(provider.deliverAll("branch.example") == [1])
        provider.connectionEnds("branch.example")
        let wants = provider.wants()
        #expect(wants.filter { $0 == "connect branch.example" }.count == 4)
        #expect(wants.last == "finished branch.example completed: 1 delivered, 0 left")
    }

    // Most servers say 250 of both.
    @Test func `edge 10: 250 while it runs, 251 when all has come`() throws {
        var provider = QueueTranscript.provider
        try provider.mail(for: "branch.example")
        let before = try provider.etrn("branch.example")
        provider.connected("branch.example")
        let id = provider.next("branch.example")
        let during = try provider.etrn("branch.example")
        provider.delivered(id, "branch.example")
        provider.connectionEnds("branch.example")
        let after = try provider.etrn("branch.example")
        #expect([before, during, after].map { $0.prefix(3) } == ["253", "250", "251"])
    }
}
