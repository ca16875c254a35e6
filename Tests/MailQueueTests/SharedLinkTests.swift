import MailQueue
import Testing
import Timebase

/// Domains whose mail goes over one link.
struct SharedLinkTests {
    private func provider(connections: Int = 1) throws -> QueueTranscript {
        var provider = QueueTranscript(
            QueueTranscript.configuration {
                $0.onDemandDomains = ["a.example", "b.example", "c.example"].map(domain)
                $0.links = [$0.onDemandDomains]
                $0.connectionsPerLink = connections
            })
        for name in ["a.example", "b.example", "c.example"] { try provider.mail(for: name) }
        return provider
    }

    private func askForAll(_ provider: inout QueueTranscript) throws {
        for name in ["a.example", "b.example", "c.example"] {
            provider.linkUp(name)
            #expect(try provider.etrn(name).hasPrefix("253 "))
        }
    }

    private func takeAll(_ provider: inout QueueTranscript, _ name: String) {
        provider.connected(name)
        #expect(provider.deliverAll(name).count == 1)
        provider.connectionEnds(name)
    }

    @Test func `one connection comes after the other, in the order in which they were asked for`() throws {
        var provider = try provider()
        try askForAll(&provider)
        #expect(provider.wants() == ["connect a.example"])
        #expect(provider.queue.queue(of: domain("b.example"))?.state == .awaitingTurn)
        takeAll(&provider, "a.example")
        #expect(
            provider.wants() == ["finished a.example completed: 1 delivered, 0 left", "connect b.example"])
        takeAll(&provider, "b.example")
        takeAll(&provider, "c.example")
        #expect(provider.queue.count == 0)
    }

    @Test func `as many connections as are allowed stand side by side`() throws {
        var provider = try provider(connections: 2)
        try askForAll(&provider)
        #expect(provider.wants() == ["connect a.example", "connect b.example"])
        takeAll(&provider, "b.example")
        #expect(provider.wants().last == "connect c.example")
    }

    @Test func `a connection that fails leaves the link to the next, and has its turn again after its pause`() throws {
        var provider = try provider()
        try askForAll(&provider)
        provider.connectFails("a.example")
        #expect(provider.wants() == ["connect a.example", "connect b.example"])
        provider.sleep(until: .seconds(5))
        #expect(provider.wants().isEmpty)
        takeAll(&provider, "b.example")
        takeAll(&provider, "c.example")
        #expect(provider.wants().last == "connect a.example")
    }

    @Test func `when the link goes nobody takes over the turn`() throws {
        var provider = try provider()
        try askForAll(&provider)
        _ = provider.wants()
        for name in ["a.example", "b.example", "c.example"] { provider.linkDown(name) }
        #expect(
            provider.wants() == [
                "abandon a.example", "finished a.example linkDown: 0 delivered, 1 left",
                "finished b.example linkDown: 0 delivered, 1 left", "finished c.example linkDown: 0 delivered, 1 left",
            ])
        try askForAll(&provider)
        #expect(provider.wants() == ["connect a.example"])
    }

    @Test func `a domain that asks while it waits for its turn is told that it will be served`() throws {
        var provider = try provider()
        try askForAll(&provider)
        #expect(try provider.etrn("b.example").hasPrefix("250 "))
        #expect(provider.wants() == ["connect a.example"])
    }
}
