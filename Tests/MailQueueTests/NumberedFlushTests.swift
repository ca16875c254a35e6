import MailQueue
import SMTP
import Testing
import Timebase

/// ETRN by the numbers of the conformance cases: held are three messages for cust.example, two for a domain below it,
/// two for somebody else, and none for idle.example.
@Suite struct NumberedFlushTests {
    private let cust = FlushPermission.domains([domain("cust.example"), domain("idle.example")])

    private func provider() throws -> QueueTranscript {
        var provider = QueueTranscript(
            QueueTranscript.configuration {
                $0.onDemandDomains = ["cust.example", "idle.example", "other.example"].map(domain)
            })
        for name in ["cust.example", "sub.cust.example", "other.example"] {
            for _ in 1...2 { try provider.mail(for: name) }
        }
        try provider.mail(for: "cust.example")
        _ = provider.wants()
        return provider
    }

    @Test(arguments: [
        ("S180", "cust.example", "253 2.5.0 OK, 3", ["cust.example"]), ("S182", "idle.example", "251 2.5.0", []),
        ("S183", "@cust.example", "253 2.5.0 OK, 5", ["cust.example", "sub.cust.example"]),
        ("S184", "other.example", "459 4.7.1", []), ("S185", "unknown.example", "459 4.7.1", []),
        ("S186", "@com", "459 4.7.1", []), ("S186", "@example", "459 4.7.1", []),
        ("S187", "@ust.example", "459 4.7.1", []), ("S188", "#uucp", "459 4.7.1", []),
    ])
    func `the reply is true, and no other queue is started`(
        number: String, argument: String, reply: String, started: [String]
    ) throws {
        var provider = try provider()
        #expect(try provider.etrn(argument, permitted: cust).hasPrefix(reply), "\(number)")
        #expect(provider.wants() == started.map { "connect \($0)" }, "\(number)")
    }

    @Test func `S193: there is one run, however often it is asked for`() throws {
        var provider = try provider()
        _ = try provider.etrn("cust.example", permitted: cust)
        #expect(try provider.etrn("cust.example", permitted: cust).hasPrefix("25"))
        #expect(provider.wants() == ["connect cust.example"])
    }

    @Test func `S194: with a store that fails it is 458`() throws {
        var provider = try provider()
        provider.queue.storeChanged(works: false)
        #expect(try provider.etrn("cust.example", permitted: cust).hasPrefix("458 4.3.0"))
        #expect(provider.wants() == [])
    }

    @Test func `S196: a hundred requests start one run a minute`() throws {
        var provider = try provider()
        for _ in 1...100 { _ = try provider.etrn("cust.example", permitted: cust) }
        provider.connected("cust.example")
        while let id = provider.next("cust.example") { provider.deferred(id, "cust.example") }
        provider.connectionEnds("cust.example")
        for _ in 1...100 { #expect(try provider.etrn("cust.example", permitted: cust).hasPrefix("458")) }
        #expect(provider.wants().filter { $0.hasPrefix("connect") }.count == 1)
        provider.at(.seconds(60))
        #expect(try provider.etrn("cust.example", permitted: cust).hasPrefix("253"))
    }

    @Test func `S197: after a connect that fails another request is served at once`() throws {
        var provider = try provider()
        _ = try provider.etrn("cust.example", permitted: cust)
        provider.connectFails("cust.example")
        _ = provider.wants()
        #expect(try provider.etrn("cust.example", permitted: cust).hasPrefix("253"))
        #expect(provider.wants() == ["connect cust.example"])
    }
}
