import MailQueue
import SMTP
import Testing
import Timebase

@Suite struct MailQueueTests {
    @Test func `a branch office asks for its mail and gets all of it over one connection`() throws {
        var provider = QueueTranscript.provider
        for _ in 1...3 { try provider.mail(for: "branch.example") }
        #expect(provider.wants() == [])
        #expect(provider.queue.queue(of: domain("branch.example"))?.state == .idle)

        provider.at(.minutes(5))
        provider.linkUp("branch.example")
        let answer = try provider.etrn("branch.example")
        #expect(answer == "253 2.5.0 OK, 3 pending messages for node branch.example started")
        #expect(provider.wants() == ["connect branch.example"])

        provider.connected("branch.example")
        #expect(provider.deliverAll("Branch.Example") == [1, 2, 3])
        provider.connectionEnds("branch.example")
        #expect(provider.wants() == ["finished branch.example completed: 3 delivered, 0 left"])
        #expect(provider.queue.deadline == nil)
    }

    @Test func `mail that arrives during the flush goes over the same connection`() throws {
        var provider = QueueTranscript.provider
        try provider.mail(for: "branch.example")
        _ = try provider.etrn("branch.example")
        provider.connected("branch.example")
        let first = provider.next("branch.example")
        try provider.mail(for: "branch.example")
        provider.delivered(first, "branch.example")
        #expect(provider.deliverAll("branch.example") == [2])
        #expect(provider.wants() == ["connect branch.example"])

        try provider.mail(for: "branch.example")
        #expect(provider.wants() == ["message waits branch.example"])
        #expect(provider.deliverAll("branch.example") == [3])
        provider.connectionEnds("branch.example")
        #expect(provider.wants() == ["finished branch.example completed: 3 delivered, 0 left"])
    }

    @Test func `mail that arrives while QUIT is said opens another connection`() throws {
        var provider = QueueTranscript.provider
        try provider.mail(for: "branch.example")
        _ = try provider.etrn("branch.example")
        provider.connected("branch.example")
        #expect(provider.deliverAll("branch.example") == [1])
        try provider.mail(for: "branch.example")
        provider.connectionEnds("branch.example")
        #expect(
            provider.wants() == ["connect branch.example", "message waits branch.example", "connect branch.example"])
    }

    @Test func `polling with ETRN ends with 251 when the last message is through`() throws {
        var provider = QueueTranscript.provider
        try provider.mail(for: "branch.example")
        _ = try provider.etrn("branch.example")
        provider.connected("branch.example")
        let id = provider.next("branch.example")
        provider.sent(id, "branch.example")
        #expect(try provider.etrn("branch.example") == "250 2.0.0 OK, queuing for node branch.example started")
        provider.delivered(id, "branch.example")
        #expect(try provider.etrn("branch.example") == "251 2.5.0 OK, no messages waiting for node branch.example")
    }

    @Test func `a connection that breaks in a message keeps that one and the rest`() throws {
        var provider = QueueTranscript.provider
        for _ in 1...3 { try provider.mail(for: "branch.example") }
        _ = try provider.etrn("branch.example")
        provider.connected("branch.example")
        provider.delivered(provider.next("branch.example"), "branch.example")
        #expect(provider.next("branch.example") == MessageID(2))
        _ = provider.wants()
        provider.connectionEnds("branch.example")
        #expect(provider.queue.count == 2)
        #expect(provider.queue.deadline == .beginning + .seconds(1))
        provider.sleep(until: .minutes(1))
        #expect(provider.wants() == ["connect branch.example"])
        provider.connected("branch.example")
        #expect(provider.deliverAll("branch.example") == [2, 3])
        provider.connectionEnds("branch.example")
        #expect(provider.wants() == ["finished branch.example completed: 3 delivered, 0 left"])
    }

    @Test func `a message whose final reply is lost comes twice, and the summary says so`() throws {
        var provider = QueueTranscript.provider
        try provider.mail(for: "branch.example")
        _ = try provider.etrn("branch.example")
        provider.connected("branch.example")
        let id = provider.next("branch.example")
        provider.sent(id, "branch.example")
        provider.connectionEnds("branch.example")
        _ = provider.wants()
        #expect(provider.queue.messages(for: domain("branch.example")).map(\.possiblyDelivered) == [true])
        provider.sleep(until: .minutes(1))
        provider.connected("branch.example")
        #expect(provider.deliverAll("branch.example") == [1])
        _ = provider.wants()
        provider.connectionEnds("branch.example")
        guard case .flushFinished(let summary) = provider.actions().last else { Issue.record(); return }
        #expect(summary.possibleDuplicates == 1)
        #expect(summary.unanswered == 1)
        #expect(summary.connections == 2)
        #expect(summary.delivered == 1)
        #expect(summary.octets == 25)
    }

    @Test func `each recipient comes to its own end`() throws {
        var provider = QueueTranscript.provider
        let (ann, bob, cy) = ("<ann@branch.example>", "<bob@branch.example>", "<cy@branch.example>")
        try provider.mail(for: ann, bob, cy)
        _ = try provider.etrn("branch.example")
        provider.connected("branch.example")
        let id = provider.next("branch.example")
        provider.refused(id, "branch.example", [try ForwardPath(parsing: bob)])
        #expect(provider.wants() == ["connect branch.example", "bounced 1 [\"<bob@branch.example>\"] 550"])
        provider.delivered(id, "branch.example", to: [try ForwardPath(parsing: ann)])
        #expect(provider.next("branch.example") == nil)
        provider.connectionEnds("branch.example")
        let wanted = provider.wants()
        let left = provider.queue.messages(for: domain("branch.example")).map(\.envelope.forwardPaths)
        #expect(left == [[try ForwardPath(parsing: cy)]])
        #expect(wanted == ["finished branch.example completed: 0 delivered, 1 left"])
    }

    @Test func `a message for two domains is held once for each`() throws {
        var provider = QueueTranscript.provider
        try provider.mail(for: "branch.example", "depot.example", "BRANCH.example", "<Postmaster>")
        let held = ["branch.example", "depot.example"].map {
            provider.queue.messages(for: domain($0)).map(\.envelope.forwardPaths.count)
        }
        #expect(held == [[2], [1]])
        #expect(provider.wants() == ["local"])
    }

    @Test func `nobody is told of a message with the null reverse-path`() throws {
        var provider = QueueTranscript.provider
        try provider.mail(for: "branch.example", from: "<>")
        try provider.mail(for: "branch.example")
        let held = provider.queue.messages(for: domain("branch.example"))
        #expect(held.map(\.mayBeReported) == [false, true])
    }

    @Test func `held mail expires after its lifetime, each message at its own instant`() throws {
        var provider = QueueTranscript.provider
        try provider.mail(for: "branch.example")
        provider.at(.hours(1))
        try provider.mail(for: "branch.example")
        provider.sleep(until: .days(9))
        #expect(provider.now == .beginning + .days(2))
        #expect(provider.wants() == ["expired 1"])
        provider.sleep(until: .days(9))
        #expect(provider.now == .beginning + .days(2) + .hours(1))
        #expect(provider.wants() == ["expired 2"])
        #expect(provider.queue.deadline == nil)
    }

    @Test func `a message does not expire while it is being delivered`() throws {
        var provider = QueueTranscript.provider
        try provider.mail(for: "branch.example")
        provider.at(.days(2) - .seconds(1))
        _ = try provider.etrn("branch.example")
        provider.connected("branch.example")
        let id = provider.next("branch.example")
        #expect(provider.queue.deadline == nil)
        provider.at(.days(2) + .seconds(5))
        provider.deferred(id, "branch.example")
        _ = provider.wants()
        provider.sleep(until: .days(2) + .seconds(5))
        #expect(provider.wants() == ["expired 1"])
    }

    @Test func `a thousand domains of twenty messages are flushed one by one`() throws {
        let names = (1...1_000).map { "branch-\($0).example" }
        var provider = QueueTranscript(QueueTranscript.configuration { $0.onDemandDomains = names.map(domain) })
        for name in names { for _ in 1...20 { try provider.mail(for: name) } }
        #expect(provider.queue.count == 20_000)
        var delivered = 0
        for name in names.reversed() {
            #expect(try provider.etrn(name).hasPrefix("253 2.5.0 OK, 20 pending"))
            provider.connected(name)
            delivered += provider.deliverAll(name).count
            provider.connectionEnds(name)
        }
        #expect(delivered == 20_000)
        #expect(provider.queue.deadline == nil)
        #expect(provider.queue.domains.count == 1_000)
    }
}
