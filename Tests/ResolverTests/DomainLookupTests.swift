import MailQueue
import Resolver
import Testing
import Timebase
import Wire

/// What is found for a domain (RFC 5321 §5.1).
struct DomainLookupTests {
    private var office = ResolverTranscript()

    @Test mutating func `MXR-1: a domain has its exchangers, with the addresses that came with them`() throws {
        office.looksUp("d.example")
        let query = try office.asks(0, for: .mx, "d.example")
        office.receives(
            [mx("d.example", 20, "backup.isp.example"), mx("d.example", 10, "mx.d.example")],
            more: [
                host("mx.d.example", "192.0.2.25"), host("backup.isp.example", "192.0.2.130"),
                host("backup.isp.example", "192.0.2.131"),
            ], for: query)
        office.finds(
            "d.example",
            .exchangers([
                exchanger(10, "mx.d.example", "192.0.2.25"),
                exchanger(20, "backup.isp.example", "192.0.2.130", "192.0.2.131"),
            ]))
        office.doesNothing()
        #expect(office.resolver.deadline == nil && office.closedPorts == [query.port])
    }

    @Test mutating func `addresses that did not come with the exchangers are asked for`() throws {
        office.looksUp("d.example")
        let query = try office.asks(0, for: .mx, "d.example")
        office.receives(
            [mx("d.example", 10, "a.example"), mx("d.example", 20, "b.example"), mx("d.example", 30, "c.example")],
            more: [host("b.example", "192.0.2.2")], for: query)
        let first = try office.asks(0, for: .a, "a.example")
        let third = try office.asks(0, for: .a, "c.example")
        office.doesNothing()
        office.receivesNothing(.nameError, minimum: 300, for: third)
        office.doesNothing()
        office.receives([host("a.example", "192.0.2.1")], for: first)
        office.finds(
            "d.example",
            .exchangers([
                exchanger(10, "a.example", "192.0.2.1"), exchanger(20, "b.example", "192.0.2.2"),
                exchanger(30, "c.example"),
            ]))
    }

    @Test mutating func `MXR-7: hosts are looked up by both versions of IP, and need have only one`() throws {
        office = ResolverTranscript(looksUpIPv6: true)
        office.looksUp("d.example")
        let query = try office.asks(0, for: .mx, "d.example")
        office.receives(
            [mx("d.example", 10, "a.example"), mx("d.example", 10, "b.example")],
            more: [host("a.example", "192.0.2.1"), host("a.example", "2001:db8::1")], for: query)
        let four = try office.asks(0, for: .a, "b.example")
        let six = try office.asks(0, for: .aaaa, "b.example")
        office.receives([host("b.example", "2001:db8::2")], for: six)
        office.receivesNothing(for: four)
        office.finds(
            "d.example",
            .exchangers([
                exchanger(10, "a.example", "192.0.2.1", "2001:db8::1"), exchanger(10, "b.example", "2001:db8::2"),
            ]))
    }

    @Test mutating func `MXR-1: T248: without exchangers a domain's own addresses count`() throws {
        office = ResolverTranscript(looksUpIPv6: true)
        office.looksUp("d.example")
        office.receivesNothing(minimum: 300, for: try office.asks(0, for: .mx, "d.example"))
        let four = try office.asks(0, for: .a, "d.example")
        let six = try office.asks(0, for: .aaaa, "d.example")
        office.receivesNothing(for: six)
        office.receives([host("d.example", "192.0.2.1"), host("d.example", "192.0.2.2")], for: four)
        office.finds("d.example", .addresses([address("192.0.2.1"), address("192.0.2.2")]))
    }

    @Test mutating func `a domain that is there may have no address`() throws {
        office.looksUp("d.example")
        office.receivesNothing(for: try office.asks(0, for: .mx, "d.example"))
        office.receivesNothing(for: try office.asks(0, for: .a, "d.example"))
        office.finds("d.example", .addresses([]))
    }

    @Test mutating func `MXR-1: DNS-6: a domain that is not there is not asked for its addresses`() throws {
        office.looksUp("d.example")
        office.receivesNothing(.nameError, for: try office.asks(0, for: .mx, "d.example"))
        office.finds("d.example", .noSuchDomain)
        office.doesNothing()
    }

    @Test mutating func `MXR-6: one exchanger of preference 0 that is the root takes no mail`() throws {
        office.looksUp("d.example")
        office.receives([mx("d.example", 0, ".")], for: try office.asks(0, for: .mx, "d.example"))
        office.finds("d.example", .nullMX)
    }

    @Test mutating func `MXR-6: the root beside others means nothing`() throws {
        office.looksUp("d.example")
        office.receives(
            [mx("d.example", 0, "."), mx("d.example", 10, "a.example")], more: [host("a.example", "192.0.2.1")],
            for: try office.asks(0, for: .mx, "d.example"))
        office.finds("d.example", .exchangers([exchanger(10, "a.example", "192.0.2.1")]))
        office.looksUp("e.example")
        office.receives([mx("e.example", 10, ".")], for: try office.asks(0, for: .mx, "e.example"))
        office.finds("e.example", .exchangers([exchanger(10, nil)]))
    }

    @Test mutating func `MXR-5: an exchanger that is an address or no host name is not looked up`() throws {
        office.looksUp("d.example")
        office.receives(
            [mx("d.example", 10, "192.0.2.1"), mx("d.example", 20, "bad_name.example")],
            for: try office.asks(0, for: .mx, "d.example"))
        office.finds("d.example", .exchangers([exchanger(10, nil), exchanger(20, nil)]))
    }

    @Test mutating func `MXR-1: an address literal needs no question`() {
        for (text, found) in [("[192.0.2.1]", "192.0.2.1"), ("[IPv6:2001:DB8::7]", "2001:db8::7")] {
            office.looksUp(text)
            office.finds(text, .addresses([address(found)]))
        }
        office.looksUp("[192.0.2.001]")
        office.finds("[192.0.2.001]", .addresses([]))
    }

    @Test mutating func `a domain that is too long for DNS is not there`() {
        let long = String(repeating: "abcd.", count: 50) + "abcde"
        office.looksUp(long)
        office.finds(long, .noSuchDomain)
    }

    // Aliases

    @Test mutating func `DNS-12: an alias is followed in one response and over several`() throws {
        office.looksUp("d.example")
        office.receives(
            [alias("d.example", "e.example"), alias("e.example", "f.test")],
            for: try office.asks(0, for: .mx, "d.example"))
        office.receives(
            [alias("f.test", "g.test"), mx("g.test", 10, "a.test")], more: [host("a.test", "192.0.2.1")],
            for: try office.asks(0, for: .mx, "f.test"))
        office.finds("d.example", .exchangers([exchanger(10, "a.test", "192.0.2.1")]))
        // All of it is known now.
        office.looksUp("e.example")
        office.finds("e.example", .exchangers([exchanger(10, "a.test", "192.0.2.1")]))
    }

    @Test(arguments: [8, 9]) mutating func `DNS-12: T249: eight aliases are followed, and nine are too many`(count: Int)
        throws
    {
        office.looksUp("a0.example")
        let query = try office.asks(0, for: .mx, "a0.example")
        let chain = (0..<count).map { alias("a\($0).example", "a\($0 + 1).example") }
        office.receives(
            chain + [mx("a\(count).example", 10, "h.example")], more: [host("h.example", "192.0.2.1")], for: query)
        office.finds(
            "a0.example", count == 8 ? .exchangers([exchanger(10, "h.example", "192.0.2.1")]) : .noAnswer)
    }

    @Test mutating func `DNS-12: T249: nine aliases over several responses are too many`() throws {
        office.looksUp("a0.example")
        for number in 0..<9 {
            let query = try office.asks(0, for: .mx, "a\(number).example")
            office.receives([alias("a\(number).example", "a\(number + 1).example")], for: query)
        }
        office.finds("a0.example", .noAnswer)
        // Also from memory.
        office.looksUp("a0.example")
        office.finds("a0.example", .noAnswer)
    }

    @Test mutating func `DNS-12: T249: a loop of aliases is no answer`() throws {
        office.looksUp("a.example")
        let query = try office.asks(0, for: .mx, "a.example")
        office.receives([alias("a.example", "b.example"), alias("b.example", "A.example")], for: query)
        office.finds("a.example", .noAnswer)
        office.looksUp("c.example")
        office.receives([alias("c.example", "c.example")], for: try office.asks(0, for: .mx, "c.example"))
        office.finds("c.example", .noAnswer)
        office.doesNothing()
    }

    @Test mutating func `MXR-5: an exchanger that is an alias is followed once`() throws {
        office.looksUp("d.example")
        office.receives([mx("d.example", 10, "a.example")], for: try office.asks(0, for: .mx, "d.example"))
        office.receives([alias("a.example", "b.example")], for: try office.asks(0, for: .a, "a.example"))
        office.receives([host("b.example", "192.0.2.1")], for: try office.asks(0, for: .a, "b.example"))
        office.finds("d.example", .exchangers([exchanger(10, "a.example", "192.0.2.1")]))

        office.looksUp("e.example")
        office.receives([mx("e.example", 10, "c.example")], for: try office.asks(0, for: .mx, "e.example"))
        office.receives(
            [alias("c.example", "a.example"), alias("a.example", "b.example"), host("b.example", "192.0.2.1")],
            for: try office.asks(0, for: .a, "c.example"))
        office.finds("e.example", .exchangers([exchanger(10, "c.example")]))
    }

    @Test mutating func `RFC 2308: that a name is missing is said of the last of the aliases`() throws {
        office.looksUp("d.example")
        office.receivesNothing(
            .nameError, after: [alias("d.example", "gone.example")], minimum: 300,
            for: try office.asks(0, for: .mx, "d.example"))
        office.finds("d.example", .noSuchDomain)
        office.looksUp("gone.example")
        office.finds("gone.example", .noSuchDomain)
    }

    // No answer

    @Test mutating func `MXR-2: a domain's own addresses are not used when its exchangers are not known`() throws {
        office.looksUp("d.example")
        office.passes(.seconds(29))
        while case .send = office.next() {}
        office.passes(.seconds(1))
        office.finds("d.example", .noAnswer)
        office.doesNothing()
    }

    @Test mutating func `hosts that could be found out are used without the others`() throws {
        try lookUpHalf(ownNames: [])
        office.finds("d.example", .exchangers([exchanger(10, "a.example"), exchanger(20, "b.example", "192.0.2.2")]))
    }

    @Test mutating func `MXR-4: a better host that could not be found out is a reason to try again`() throws {
        // Without the first the second is this host itself, and mail would be returned for good.
        try lookUpHalf(ownNames: ["b.example"])
        office.finds("d.example", .noAnswer)
    }

    private mutating func lookUpHalf(ownNames: [String]) throws {
        office = ResolverTranscript { $0.ownNames = ownNames.map(domain) }
        office.looksUp("d.example")
        office.receives(
            [mx("d.example", 10, "a.example"), mx("d.example", 20, "b.example")],
            more: [host("b.example", "192.0.2.2")], for: try office.asks(0, for: .mx, "d.example"))
        office.receivesNothing(.serverFailure, for: try office.asks(0, for: .a, "a.example"))
        office.receivesNothing(.refused, for: try office.asks(1, for: .a, "a.example"))
    }

    @Test mutating func `twenty hosts are looked up at most, the best ones`() throws {
        office.looksUp("d.example")
        let query = try office.asks(0, for: .mx, "d.example")
        var message = DNSMessage(answering: query.message)
        message.answers = (0..<22).map { mx("d.example", UInt16(22 - $0), "h\(22 - $0).x") }
        office.receives(message, for: query)
        for number in 1...20 { try office.asks(0, for: .a, "h\(number).x") }
        office.doesNothing()
    }
}
