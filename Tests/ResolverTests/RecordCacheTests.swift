import MailQueue
import Resolver
import Testing
import Timebase
import Wire

/// For how long what has been answered is kept.
struct RecordCacheTests {
    private var office = ResolverTranscript()

    /// Looks a domain up that takes no mail, which costs one question, or none when it is known.
    private mutating func isKnown(_ text: String = "d.example", timeToLive: UInt32 = 300) throws -> Bool {
        office.looksUp(text)
        let isAsked = office.resolver.openQueryCount > 0
        if isAsked {
            let query = try office.asks(0, for: .mx, text)
            office.receives([mx(text, 0, ".", timeToLive: timeToLive)], for: query)
        }
        office.finds(text, .nullMX)
        return !isAsked
    }

    @Test mutating func `DNS-11: a record is kept for its time to live`() throws {
        #expect(try !isKnown())
        office.passes(.seconds(300) - .nanoseconds(1))
        #expect(try isKnown())
        office.passes(.nanoseconds(1))
        #expect(try !isKnown())
    }

    @Test mutating func `DNS-11: a record is kept for a day at most`() throws {
        #expect(try !isKnown(timeToLive: 0x7FFF_FFFF))
        office.passes(.days(1) - .nanoseconds(1))
        #expect(try isKnown())
        office.passes(.nanoseconds(1))
        #expect(try !isKnown())
    }

    @Test mutating func `DNS-3: T250: a time to live with the highest bit set is zero, and is not kept`() throws {
        #expect(try !isKnown(timeToLive: 0x8000_0001))
        office.passes(.nanoseconds(1))
        #expect(try !isKnown())
    }

    @Test mutating func `addresses without any time to live serve the lookup that they came for`() throws {
        office.looksUp("d.example")
        office.receives(
            [mx("d.example", 10, "a.example", timeToLive: 0)], more: [host("a.example", "192.0.2.1", timeToLive: 0)],
            for: try office.asks(0, for: .mx, "d.example"))
        office.finds("d.example", .exchangers([exchanger(10, "a.example", "192.0.2.1")]))
    }

    @Test mutating func `RFC 2181: the shortest time to live holds for all records of a set`() throws {
        office.looksUp("d.example")
        office.receives(
            [mx("d.example", 10, "192.0.2.1", timeToLive: 300), mx("d.example", 20, "192.0.2.1", timeToLive: 60)],
            for: try office.asks(0, for: .mx, "d.example"))
        office.finds("d.example", .exchangers([exchanger(10, nil), exchanger(20, nil)]))
        office.passes(.seconds(60))
        office.looksUp("d.example")
        try office.asks(0, for: .mx, "d.example")
    }

    // The SOA's time to live, its minimum, and for how long that is.
    @Test(
        arguments: [
            (600, 300, 300), (300, 600, 300), (86_400, 86_400, 10_800), (0x8000_0000, 300, 0),
        ] as [(UInt32, UInt32, Int64)])
    mutating func `DNS-11: T247: that a domain is missing is kept as its zone says, three hours at most`(
        timeToLive: UInt32, minimum: UInt32, seconds: Int64
    ) throws {
        office.looksUp("d.example")
        let query = try office.asks(0, for: .mx, "d.example")
        office.receivesNothing(.nameError, minimum: minimum, timeToLive: timeToLive, for: query)
        office.finds("d.example", .noSuchDomain)
        if seconds > 0 {
            office.passes(.seconds(seconds) - .nanoseconds(1))
            office.looksUp("d.example")
            office.finds("d.example", .noSuchDomain)
        }
        office.passes(.nanoseconds(1))
        office.looksUp("d.example")
        try office.asks(0, for: .mx, "d.example")
    }

    @Test mutating func `DNS-11: that a type is missing is kept for this type`() throws {
        office.looksUp("d.example")
        office.receivesNothing(minimum: 300, for: try office.asks(0, for: .mx, "d.example"))
        office.receives([host("d.example", "192.0.2.1", timeToLive: 60)], for: try office.asks(0, for: .a, "d.example"))
        office.finds("d.example", .addresses([address("192.0.2.1")]))
        office.passes(.seconds(100))
        office.looksUp("d.example")
        try office.asks(0, for: .a, "d.example")
    }

    @Test(arguments: [nil, "test", "other.example", "x.d.example"])
    mutating func `DNS-11: without the SOA of its own zone nothing missing is kept`(zone: String?) throws {
        office.looksUp("d.example")
        let query = try office.asks(0, for: .mx, "d.example")
        office.receivesNothing(.nameError, minimum: zone.map { _ in 300 }, of: zone ?? "example", for: query)
        office.finds("d.example", .noSuchDomain)
        office.passes(.nanoseconds(1))
        office.looksUp("d.example")
        try office.asks(0, for: .mx, "d.example")
    }

    @Test mutating func `RFC 5452: records that were not asked for are not kept`() throws {
        office.looksUp("d.example")
        let query = try office.asks(0, for: .mx, "d.example")
        var message = DNSMessage(answering: query.message)
        message.answers = [mx("bank.example", 0, "."), mx("d.example", 0, ".")]
        message.authorities = [mx("bank.example", 0, ".")]
        message.additionals = [mx("bank.example", 0, "."), host("mx.bank.example", "203.0.113.66")]
        office.receives(message, for: query)
        office.finds("d.example", .nullMX)
        office.looksUp("bank.example")
        office.receives([mx("bank.example", 10, "mx.bank.example")], for: try office.asks(0, for: .mx, "bank.example"))
        try office.asks(0, for: .a, "mx.bank.example")
    }

    @Test mutating func `so many sets are kept, and the oldest is forgotten first`() throws {
        office = ResolverTranscript { $0.mostCachedSets = 3 }
        for text in ["a.example", "b.example", "c.example"] { #expect(try !isKnown(text)) }
        for text in ["a.example", "b.example", "c.example"] { #expect(try isKnown(text)) }
        #expect(try !isKnown("d.example"))
        #expect(office.resolver.cachedSetCount == 3)
        #expect(try isKnown("b.example") && isKnown("c.example") && isKnown("d.example"))
        #expect(try !isKnown("a.example"))
        #expect(try !isKnown("b.example") && isKnown("d.example"))
    }

    @Test mutating func `a record ends what was known about its name being missing`() throws {
        // Two questions at once: one says that the name is missing, the other has an address of it.
        office.looksUp("a.example")
        office.looksUp("d.example")
        let missing = try office.asks(0, for: .mx, "a.example")
        let exchangers = try office.asks(0, for: .mx, "d.example")
        office.receivesNothing(.nameError, minimum: 300, for: missing)
        office.finds("a.example", .noSuchDomain)
        office.receives([mx("d.example", 10, "a.example")], more: [host("a.example", "192.0.2.1")], for: exchangers)
        office.finds("d.example", .exchangers([exchanger(10, "a.example", "192.0.2.1")]))
    }
}
