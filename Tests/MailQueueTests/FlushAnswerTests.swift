import MailQueue
import SMTP
import Testing
import Timebase

@Suite struct FlushAnswerTests {
    /// Held: three for cust.example, two for its subdomain, none for idle, two for somebody else.
    private func provider() throws -> QueueTranscript {
        var provider = QueueTranscript(
            QueueTranscript.configuration {
                $0.onDemandDomains = ["cust.example", "idle.example", "other.example"].map(domain)
                $0.namedQueues = [.init(name: "Night", domains: ["cust.example", "idle.example"].map(domain))]
            })
        for name in ["cust.example", "cust.example", "sub.cust.example", "cust.example", "sub.cust.example"] {
            try provider.mail(for: name)
        }
        for _ in 1...2 { try provider.mail(for: "other.example") }
        return provider
    }

    private let cust = FlushPermission.domains([domain("cust.example"), domain("idle.example")])

    @Test(arguments: [
        ("cust.example", "253 2.5.0 OK, 3 pending messages for node cust.example started", ["cust.example"]),
        ("CUST.Example.", "253 2.5.0 OK, 3 pending messages for node CUST.Example started", ["cust.example"]),
        (
            "sub.cust.example", "253 2.5.0 OK, 2 pending messages for node sub.cust.example started",
            ["sub.cust.example"]
        ),
        (
            "@cust.example", "253 2.5.0 OK, 5 pending messages for node @cust.example started",
            ["cust.example", "sub.cust.example"]
        ),
        ("#night", "253 2.5.0 OK, 3 pending messages for node #night started", ["cust.example"]),
        ("idle.example", "251 2.5.0 OK, no messages waiting for node idle.example", []),
        ("other.example", "459 4.7.1 Node other.example not allowed: not one of your domains", []),
        ("unknown.example", "459 4.7.1 Node unknown.example not allowed: no mail is held for it here", []),
        ("@com", "459 4.7.1 Node @com not allowed: no mail is held for it here", []),
        ("@example", "459 4.7.1 Node @example not allowed: no mail is held for it here", []),
        ("@ust.example", "459 4.7.1 Node @ust.example not allowed: no mail is held for it here", []),
        ("#uucp", "459 4.7.1 Node #uucp not allowed: no such queue", []),
    ])
    func `ETRN is answered with the code that is true`(argument: String, reply: String, connects: [String]) throws {
        var provider = try provider()
        #expect(try provider.etrn(argument, permitted: cust) == reply)
        #expect(provider.wants() == connects.map { "connect \($0)" })
    }

    @Test func `an at sign takes the subdomains along, by whole labels`() throws {
        var provider = QueueTranscript(
            QueueTranscript.configuration { $0.onDemandDomains = ["st.example", "cust.example"].map(domain) })
        for name in ["cust.example", "a.b.st.example", "st.example", "xst.example"] { try provider.mail(for: name) }
        _ = provider.wants()
        #expect(try provider.etrn("@st.example").hasPrefix("253 2.5.0 OK, 2 pending"))
        #expect(provider.wants() == ["connect a.b.st.example", "connect st.example"])
    }

    @Test func `a named queue starts its domains`() throws {
        var provider = try provider()
        #expect(try provider.etrn("#NIGHT", permitted: cust).hasPrefix("253"))
        #expect(provider.wants() == ["connect cust.example"])
        let only = FlushPermission.domains([domain("cust.example")])
        #expect(try provider.etrn("#night", permitted: only).hasPrefix("459"))
    }

    @Test func `nobody starts more than is his own`() throws {
        var provider = QueueTranscript(
            QueueTranscript.configuration { $0.onDemandDomains = ["cust.example", "rival.cust.example"].map(domain) })
        try provider.mail(for: "rival.cust.example")
        let cust = FlushPermission.domains([domain("cust.example")])
        #expect(
            try provider.etrn("@cust.example", permitted: cust)
                == "459 4.7.1 Node @cust.example not allowed: not all of it is yours")
        #expect(try provider.etrn("rival.cust.example", permitted: cust).hasPrefix("459"))
        #expect(try provider.etrn("cust.example", permitted: cust).hasPrefix("251"))
        #expect(provider.wants() == [])
    }

    @Test func `a second ETRN joins the run`() throws {
        var provider = try provider()
        _ = try provider.etrn("cust.example")
        #expect(try provider.etrn("cust.example") == "250 2.0.0 OK, queuing for node cust.example started")
        provider.connected("cust.example")
        #expect(try provider.etrn("cust.example").hasPrefix("250"))
        #expect(provider.wants() == ["connect cust.example"])
    }

    @Test func `a flush that ran to its end is not repeated at once`() throws {
        var provider = try provider()
        _ = try provider.etrn("cust.example")
        provider.connected("cust.example")
        while let id = provider.next("cust.example") { provider.deferred(id, "cust.example") }
        provider.at(.seconds(18))
        provider.connectionEnds("cust.example")
        provider.at(.milliseconds(19_500))
        #expect(
            try provider.etrn("cust.example")
                == "458 4.5.0 Unable to queue messages for node cust.example: last flush too recent, try again in 41 s")
        provider.at(.seconds(60))
        #expect(try provider.etrn("cust.example").hasPrefix("253"))
    }

    @Test func `253 counts what is started, not what has to wait`() throws {
        var provider = try provider()
        _ = try provider.etrn("cust.example")
        provider.connected("cust.example")
        while let id = provider.next("cust.example") { provider.deferred(id, "cust.example") }
        provider.connectionEnds("cust.example")
        #expect(
            try provider.etrn("@cust.example")
                == "253 2.5.0 OK, 2 pending messages for node @cust.example started")
    }

    @Test func `a store that fails is 458`() throws {
        var provider = try provider()
        provider.queue.storeChanged(works: false)
        #expect(
            try provider.etrn("cust.example")
                == "458 4.3.0 Unable to queue messages for node cust.example: queue not available")
        provider.queue.storeChanged(works: true)
        #expect(try provider.etrn("cust.example").hasPrefix("253"))
    }

    @Test func `too many flushes are 458 until one is over`() throws {
        var provider = QueueTranscript(
            QueueTranscript.configuration {
                $0.onDemandDomains = [domain("a.example"), domain("b.example")]
                $0.concurrentFlushes = 1
            })
        for name in ["a.example", "b.example"] { try provider.mail(for: name) }
        #expect(try provider.etrn("a.example").hasPrefix("253"))
        #expect(
            try provider.etrn("b.example")
                == "458 4.5.0 Unable to queue messages for node b.example: too many flushes running")
        provider.linkDown("a.example")
        #expect(try provider.etrn("b.example").hasPrefix("253"))
    }

    @Test func `every reply fits into one line of SMTP`() throws {
        let label = String(repeating: "x", count: 60)
        let name = Array(repeating: label, count: 4).joined(separator: ".")
        var provider = QueueTranscript(QueueTranscript.configuration { $0.onDemandDomains = [domain(name)] })
        for argument in [name, "@" + name, "#" + String(repeating: "q", count: 255)] {
            #expect(try provider.etrn(argument).utf8.count + 2 <= 512)
        }
    }
}
