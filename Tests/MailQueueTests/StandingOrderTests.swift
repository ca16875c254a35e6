import MailQueue
import Testing
import Timebase

/// A queue that is told something else while it goes on, and domains of which something else is said.
struct StandingOrderTests {
    private static func holding(_ change: (inout QueueConfiguration) -> Void = { _ in }) -> QueueConfiguration {
        QueueTranscript.configuration {
            $0.onDemandDomains = ["a.example", "b.example", "c.example"].map(domain)
            change(&$0)
        }
    }

    @Test func `a domain may have times of its own, which hold below it, too`() throws {
        var host = QueueTranscript(
            StandingOrderTests.holding {
                var times = $0.times
                times.lifetime = .hours(6)
                times.warning = .hours(1)
                $0.timesByDomain[domain("a.example")] = times
            })
        for name in ["a.example", "b.example", "office.a.example"] { try host.mail(for: name) }
        host.sleep(until: .days(30))
        #expect(host.wants() == ["delayed 1", "delayed 3"] && host.now == .beginning + .hours(1))
        host.sleep(until: .days(30))
        #expect(host.wants() == ["expired 1", "expired 3"] && host.now == .beginning + .hours(6))
        host.sleep(until: .days(30))
        #expect(host.wants() == ["expired 2"] && host.now == .beginning + .days(2))
    }

    @Test func `a domain's own schedule is that of its retries`() throws {
        let schedule = try RetrySchedule([.minutes(1)])
        var host = QueueTranscript(
            StandingOrderTests.holding {
                $0.retriedDomains = [domain("a.example"), domain("b.example")]
                $0.timesByDomain[domain("a.example")] = $0.times
                $0.timesByDomain[domain("a.example")]?.retry = schedule
            })
        for name in ["a.example", "b.example"] {
            try host.mail(for: name)
            host.connectFails(name)
        }
        _ = host.wants()
        host.sleep(until: .days(1))
        #expect(host.wants() == ["connect a.example"] && host.now == .beginning + .minutes(1))
        host.sleep(until: .days(1))
        #expect(host.wants() == ["connect b.example"] && host.now == .beginning + .minutes(15))
    }

    @Test func `what waited to be asked for is tried when its domain is retried from now on`() throws {
        var host = QueueTranscript(StandingOrderTests.holding())
        try host.mail(for: "a.example")
        host.apply(StandingOrderTests.holding { $0.retriedDomains = [domain("a.example")] })
        host.sleep(until: .days(1))
        #expect(host.wants() == ["connect a.example"] && host.now == .beginning)
    }

    @Test func `what was retried waits when its domain is to be asked from now on`() throws {
        var host = QueueTranscript(StandingOrderTests.holding { $0.retriedDomains = [domain("a.example")] })
        try host.mail(for: "a.example")
        host.connectFails("a.example")
        _ = host.wants()
        host.apply(StandingOrderTests.holding())
        host.sleep(until: .days(1))
        #expect(host.wants() == [])
        #expect(try host.etrn("a.example").hasPrefix("253 "))
    }

    @Test func `another lifetime holds for what is there already`() throws {
        var host = QueueTranscript(StandingOrderTests.holding())
        try host.mail(for: "a.example")
        host.apply(StandingOrderTests.holding { $0.lifetime = .hours(1) })
        host.sleep(until: .days(30))
        #expect(host.wants() == ["expired 1"] && host.now == .beginning + .hours(1))
    }

    @Test func `a flush goes on, and who waits for a link keeps its place`() throws {
        let shared = StandingOrderTests.holding { $0.links = [$0.onDemandDomains] }
        var host = QueueTranscript(shared)
        for name in ["a.example", "b.example", "c.example"] {
            try host.mail(for: name)
            host.linkUp(name)
        }
        for name in ["b.example", "c.example", "a.example"] { _ = try host.etrn(name) }
        host.connected("b.example")
        _ = host.wants()
        host.apply(shared)
        #expect(host.wants() == [])
        #expect(host.deliverAll("b.example") == [2])
        host.connectionEnds("b.example")
        #expect(host.wants().last == "connect c.example")
    }

    @Test func `who shares a link no more waits for it no longer`() throws {
        var host = QueueTranscript(StandingOrderTests.holding { $0.links = [$0.onDemandDomains] })
        for name in ["a.example", "b.example"] {
            try host.mail(for: name)
            host.linkUp(name)
            _ = try host.etrn(name)
        }
        #expect(host.wants() == ["connect a.example"])
        host.apply(StandingOrderTests.holding { $0.links = [[domain("a.example")], [domain("b.example")]] })
        #expect(host.wants() == ["connect b.example"])
    }

    @Test func `a domain that is named no more cannot be asked for, and its mail is tried`() throws {
        var host = QueueTranscript(StandingOrderTests.holding())
        try host.mail(for: "a.example")
        host.apply(QueueConfiguration())
        #expect(try host.etrn("a.example").hasPrefix("459 "))
        host.sleep(until: .days(1))
        #expect(host.wants() == ["connect a.example"])
    }
}
