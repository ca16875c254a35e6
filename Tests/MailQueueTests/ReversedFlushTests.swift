import MailQueue
import SMTP
import Testing
import Timebase

/// ATRN (RFC 2645) as the queue sees it: mail goes over a connection that its host has made.
@Suite struct ReversedFlushTests {
    /// Held: three for cust.example, two for its subdomain, none for idle, two for somebody else.
    private func provider(_ change: (inout QueueConfiguration) -> Void = { _ in }) throws -> QueueTranscript {
        var provider = QueueTranscript(
            QueueTranscript.configuration {
                $0.onDemandDomains = ["cust.example", "idle.example", "other.example"].map(domain)
                $0.links = [["cust.example", "idle.example"].map(domain), [domain("other.example")]]
                change(&$0)
            })
        let names = ["cust.example", "cust.example", "sub.cust.example", "cust.example", "sub.cust.example"]
        for name in names + ["other.example", "other.example"] { try provider.mail(for: name) }
        #expect(provider.wants().isEmpty)
        return provider
    }

    private let cust = FlushPermission.domains([domain("cust.example"), domain("idle.example")])

    // S203, S204, S205: ODM-5, ODM-7, ODM-10
    @Test(arguments: [
        ([], "250 5 for cust.example sub.cust.example"),
        (["cust.example"], "250 3 for cust.example"),
        (["CUST.example", "idle.example", "cust.example"], "250 3 for cust.example"),
        (["sub.cust.example", "cust.example"], "250 5 for sub.cust.example cust.example"),
        (["idle.example"], "453 4.3.2 You have no mail"),
        (["other.example"], "450 4.7.1 Request refused: other.example: not one of your domains"),
        (["unknown.example"], "450 4.7.1 Request refused: unknown.example: no mail is held for it here"),
    ])
    func `ATRN is answered with the code that is true`(names: [String], reply: String) throws {
        var provider = try provider()
        #expect(provider.atrn(names, permitted: cust) == reply)
        #expect(provider.wants().isEmpty)
    }

    // S205: ODM-6
    @Test func `one foreign domain in the list refuses it all`() throws {
        var provider = try provider()
        #expect(provider.atrn(["cust.example", "other.example"], permitted: cust).hasPrefix("450 4.7.1 "))
        #expect(provider.queue.queue(of: domain("cust.example"))?.state == .idle)
    }

    @Test func `TURN asks for all, and for nobody else's`() throws {
        let provider = try provider()
        let verdict = provider.queue.answer(.turn, permitted: cust, at: .beginning).verdict
        #expect(verdict == .granted(["cust.example", "sub.cust.example"].map(domain), messages: 5))
        let nobody = provider.queue.answer(.turn, permitted: .domains([]), at: .beginning)
        #expect(nobody.verdict == .nothingWaiting && nobody.refusal?.code == 453)
    }

    // ODM-12, ODM-14
    @Test func `the mail of all domains goes over one connection, and no other is opened`() throws {
        var provider = try provider()
        #expect(provider.atrn(permitted: cust).hasPrefix("250"))
        for name in ["cust.example", "sub.cust.example"] { provider.connected(name) }
        #expect(provider.deliverAll("cust.example") == [1, 2, 4])
        #expect(provider.deliverAll("sub.cust.example") == [3, 5])
        for name in ["cust.example", "sub.cust.example"] { provider.connectionEnds(name) }
        #expect(
            provider.wants() == [
                "finished cust.example completed: 3 delivered, 0 left",
                "finished sub.cust.example completed: 2 delivered, 0 left",
            ])
        #expect(provider.queue.queue(of: domain("other.example"))?.count == 2)
        #expect(provider.atrn(permitted: cust).hasPrefix("453"))
    }

    // S217: ODM-28
    @Test func `a second request for what is on its way is 450`() throws {
        var provider = try provider()
        #expect(provider.atrn(["cust.example"], permitted: cust).hasPrefix("250"))
        let refusal = "450 4.5.0 Request refused: mail for cust.example is on its way already"
        #expect(provider.atrn(permitted: cust) == refusal)
        provider.connected("cust.example")
        #expect(provider.atrn(permitted: cust) == refusal)
        #expect(provider.atrn(["sub.cust.example"], permitted: cust).hasPrefix("250"))
        #expect(try provider.etrn("cust.example").hasPrefix("250 "))
        #expect(provider.wants().isEmpty)
    }

    @Test func `what a reverse connection takes already is not asked for a second time`() throws {
        var provider = try provider()
        _ = try provider.etrn("cust.example")
        #expect(provider.wants() == ["connect cust.example"])
        #expect(provider.atrn(permitted: cust).hasPrefix("450 4.5.0 "))
    }

    @Test func `a run that waits for its next attempt, or for the link, goes on over the standing connection`() throws {
        var provider = try provider()
        _ = try provider.etrn("@cust.example")
        #expect(provider.wants() == ["connect cust.example"])
        provider.connectFails("cust.example")
        #expect(provider.wants() == ["connect sub.cust.example"])
        provider.connectFails("sub.cust.example")
        #expect(provider.atrn(permitted: cust) == "250 5 for cust.example sub.cust.example")
        provider.sleep(until: .seconds(30))
        #expect(provider.wants().isEmpty)
        provider.connected("cust.example")
        #expect(provider.deliverAll("cust.example") == [1, 2, 4])
    }

    // S210, S216
    @Test func `who does not greet is not connected to`() throws {
        var provider = try provider()
        provider.linkUp("cust.example")
        _ = provider.atrn(["cust.example"], permitted: cust)
        provider.connectFails("cust.example")
        #expect(
            provider.wants() == [
                "finished cust.example connectFailed(reason: \"no answer\"): 0 delivered, 3 left"
            ])
        provider.sleep(until: .hours(1))
        #expect(provider.wants().isEmpty)
        #expect(provider.atrn(["cust.example"], permitted: cust).hasPrefix("250 3"))
    }

    // S212: ODM-26
    @Test func `a reversed connection that breaks is not tried again, and the next one goes on`() throws {
        var provider = try provider()
        _ = provider.atrn(["cust.example"], permitted: cust)
        provider.connected("cust.example")
        let first = provider.next("cust.example")
        provider.delivered(first, "cust.example")
        provider.sent(provider.next("cust.example"), "cust.example")
        provider.connectionEnds("cust.example")
        #expect(provider.wants() == ["finished cust.example connectionLost: 1 delivered, 2 left"])
        provider.sleep(until: .hours(1))
        #expect(provider.wants().isEmpty)
        #expect(provider.atrn(["cust.example"], permitted: cust).hasPrefix("250 2"))
        provider.connected("cust.example")
        #expect(provider.deliverAll("cust.example") == [2, 4])
    }

    // S211: ODM-14
    @Test func `each recipient comes to its own end over a reversed connection, too`() throws {
        var provider = try provider()
        try provider.mail(for: "<a@idle.example>", "<b@idle.example>")
        _ = provider.atrn(["idle.example"], permitted: cust)
        provider.connected("idle.example")
        let id = provider.next("idle.example")
        provider.refused(id, "idle.example", [try ForwardPath(parsing: "<a@idle.example>")])
        provider.delivered(id, "idle.example")
        provider.connectionEnds("idle.example")
        #expect(
            provider.wants() == [
                "bounced 8 [\"<a@idle.example>\"] 550", "finished idle.example completed: 1 delivered, 0 left",
            ])
    }

    @Test func `when the link goes down the connection is given up for each of its domains`() throws {
        var provider = try provider()
        _ = provider.atrn(permitted: cust)
        for name in ["cust.example", "sub.cust.example"] { provider.connected(name) }
        _ = provider.next("cust.example")
        for name in ["cust.example", "sub.cust.example"] { provider.linkDown(name) }
        #expect(
            provider.wants() == [
                "abandon cust.example", "finished cust.example linkDown: 0 delivered, 3 left",
                "abandon sub.cust.example", "finished sub.cust.example linkDown: 0 delivered, 2 left",
            ])
    }

    // S208: ODM-8
    @Test func `a reversed run is not repeated at once`() throws {
        var provider = try provider()
        _ = provider.atrn(["cust.example"], permitted: cust)
        provider.connected("cust.example")
        while let id = provider.next("cust.example") { provider.deferred(id, "cust.example") }
        provider.connectionEnds("cust.example")
        let refusal = "450 4.5.0 Request refused: last flush too recent, try again in"
        #expect(provider.atrn(["cust.example"], permitted: cust) == refusal + " 60 s")
        // What waits for another domain can go all the same.
        #expect(provider.atrn(permitted: cust) == "250 2 for sub.cust.example")
        provider.at(.seconds(60))
        #expect(provider.atrn(["cust.example"], permitted: cust) == "250 3 for cust.example")
    }

    @Test func `what came while the connection was closed can be asked for at once`() throws {
        var provider = try provider()
        _ = provider.atrn(["cust.example"], permitted: cust)
        provider.connected("cust.example")
        _ = provider.deliverAll("cust.example")
        try provider.mail(for: "cust.example")
        provider.connectionEnds("cust.example")
        #expect(
            provider.wants() == [
                "message waits cust.example", "finished cust.example completed: 3 delivered, 1 left",
            ])
        #expect(provider.atrn(["cust.example"], permitted: cust) == "250 1 for cust.example")
    }

    // S207: ODM-9
    @Test func `a store that fails is 451, too many flushes likewise`() throws {
        var provider = try provider { $0.concurrentFlushes = 1 }
        provider.queue.storeChanged(works: false)
        #expect(provider.atrn(permitted: cust) == "451 4.3.0 Unable to process the request now: queue not available")
        provider.queue.storeChanged(works: true)
        _ = try provider.etrn("other.example")
        #expect(
            provider.atrn(permitted: cust) == "451 4.5.0 Unable to process the request now: too many flushes running")
    }

    @Test func `what a call may bring holds here as well`() throws {
        var provider = try provider { $0.budget.octets = 30 }
        _ = provider.atrn(["cust.example"], permitted: cust)
        provider.connected("cust.example")
        #expect(provider.deliverAll("cust.example") == [1])
        provider.connectionEnds("cust.example")
        #expect(provider.wants() == ["finished cust.example completed: 1 delivered, 2 left, 2 held back"])
    }
}
