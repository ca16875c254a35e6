import MailQueue
import SMTP
import Testing
import Timebase

@Suite struct RetryTests {
    @Test func `a dead host is tried again after 15 and 30 minutes, 1 hour and then every 4 hours`() throws {
        var host = QueueTranscript(QueueConfiguration())
        try host.mail(for: "far.example")
        var attempts: [Instant] = []
        while host.now < .beginning + .hours(14) {
            guard host.wants().contains("connect far.example") else { break }
            attempts.append(host.now)
            host.at((host.now - .beginning) + .seconds(30))
            host.connectFails("far.example")
            host.sleep(until: .days(1))
        }
        let second = Interval.seconds(30)
        let pauses: [Interval] = zip(attempts.dropFirst(), attempts).map { $0 - $1 - second }
        #expect(pauses == [.minutes(15), .minutes(30), .hours(1), .hours(4), .hours(4), .hours(4)])
    }

    @Test func `schedule and lifetime are those that were configured`() throws {
        let schedule = try RetrySchedule([.minutes(1), .minutes(5)])
        var host = QueueTranscript(
            QueueTranscript.configuration {
                $0.retry = schedule
                $0.lifetime = .minutes(13)
            })
        try host.mail(for: "far.example")
        var attempts: [Instant] = []
        while host.wants().contains("connect far.example") {
            attempts.append(host.now)
            host.connectFails("far.example")
            _ = host.wants()
            host.sleep(until: .days(1))
        }
        #expect(attempts.map { $0 - .beginning } == [0, 1, 6, 11].map { .minutes($0) })
        #expect(host.now == .beginning + .minutes(13) && host.queue.count == 0)
    }

    // C053
    @Test func `two hundred messages for a dead host cost one connection per retry`() throws {
        var host = QueueTranscript(QueueConfiguration())
        for _ in 1...200 { try host.mail(for: "far.example") }
        #expect(host.wants() == ["connect far.example"])
        host.connectFails("far.example")
        #expect(
            host.wants() == ["finished far.example connectFailed(reason: \"no answer\"): 0 delivered, 200 left"])
        try host.mail(for: "far.example")
        host.sleep(until: .hours(1))
        #expect(host.now == .beginning + .minutes(15))
        #expect(host.wants() == ["connect far.example"])
        host.connected("far.example")
        #expect(host.deliverAll("far.example").count == 201)
    }

    @Test func `a host that is somebody else is not asked again before the domain asks`() throws {
        var host = QueueTranscript.provider
        host.linkUp("branch.example")
        try host.mail(for: "branch.example")
        _ = try host.etrn("branch.example")
        #expect(host.wants() == ["connect branch.example"])
        host.reachesSomebodyElse("branch.example")
        #expect(
            host.wants() == [
                "finished branch.example connectFailed(reason: \"somebody else\"): 0 delivered, 1 left"
            ])
        host.sleep(until: .hours(10))
        #expect(host.wants().isEmpty)
        #expect(try host.etrn("branch.example").hasPrefix("253"))
    }

    @Test func `a deferred message waits by itself and holds up no other`() throws {
        var host = QueueTranscript(QueueConfiguration())
        try host.mail(for: "far.example")
        host.connected("far.example")
        host.deferred(host.next("far.example"), "far.example")
        #expect(host.next("far.example") == nil)
        host.connectionEnds("far.example")
        #expect(host.queue.deadline == .beginning + .minutes(15))
        _ = host.wants()

        host.at(.minutes(1))
        try host.mail(for: "far.example")
        #expect(host.wants() == ["connect far.example"])
        host.connected("far.example")
        #expect(host.deliverAll("far.example") == [2])
        host.connectionEnds("far.example")
        #expect(host.queue.deadline == .beginning + .minutes(15))

        host.sleep(until: .hours(1))
        host.connected("far.example")
        host.deferred(host.next("far.example"), "far.example")
        host.connectionEnds("far.example")
        #expect(host.queue.deadline == .beginning + .minutes(45))
    }

    @Test func `on-demand mail is not tried unasked unless it is so configured`() throws {
        var held = QueueTranscript.provider
        try held.mail(for: "branch.example")
        #expect(held.wants() == [])
        #expect(held.queue.deadline == .beginning + .days(2))

        var tried = QueueTranscript(
            QueueTranscript.configuration {
                $0.onDemandDomains = [domain("branch.example")]
                $0.triesUnasked = true
            })
        try tried.mail(for: "branch.example")
        #expect(tried.wants() == ["connect branch.example"])
        tried.connectFails("branch.example")
        #expect(tried.queue.deadline == .beginning + .minutes(15))
        #expect(try tried.etrn("branch.example").hasPrefix("253"))
        #expect(tried.wants().last == "connect branch.example")
    }

    @Test func `ETRN during a retry takes the messages not yet due along`() throws {
        var host = QueueTranscript(
            QueueTranscript.configuration {
                $0.onDemandDomains = [domain("branch.example")]
                $0.triesUnasked = true
            })
        try host.mail(for: "branch.example")
        host.connected("branch.example")
        host.deferred(host.next("branch.example"), "branch.example")
        host.connectionEnds("branch.example")
        host.at(.minutes(1))
        try host.mail(for: "branch.example")
        host.connected("branch.example")
        #expect(host.deliverAll("branch.example") == [2])
        _ = host.wants()
        #expect(try host.etrn("branch.example").hasPrefix("250"))
        #expect(host.wants() == ["message waits branch.example"])
        #expect(host.deliverAll("branch.example") == [1])
    }

    @Test func `after an accepted ETRN the connection is tried again after 1, 2 and every 4 seconds`() throws {
        var provider = QueueTranscript.provider
        try provider.mail(for: "branch.example")
        #expect(try provider.etrn("branch.example").hasPrefix("253"))
        var seconds: [Int64] = []
        while provider.wants().contains("connect branch.example") {
            seconds.append((provider.now - .beginning).nanoseconds / 1_000_000_000)
            provider.connectFails("branch.example")
            provider.sleep(until: .minutes(10))
        }
        #expect(seconds == [0, 1, 3] + stride(from: 7, through: 119, by: 4))
        #expect(provider.queue.queue(of: domain("branch.example"))?.state == .idle)
        #expect(provider.queue.count == 1)
    }

    // S197
    @Test func `another ETRN cuts the quick pause short`() throws {
        var provider = QueueTranscript.provider
        try provider.mail(for: "branch.example")
        _ = try provider.etrn("branch.example")
        provider.connectFails("branch.example")
        _ = provider.wants()
        #expect(try provider.etrn("branch.example").hasPrefix("253"))
        #expect(provider.wants() == ["connect branch.example"])
    }

    @Test func `a link that goes down ends the run, and the next call is served at once`() throws {
        var provider = QueueTranscript.provider
        for _ in 1...2 { try provider.mail(for: "branch.example") }
        provider.linkUp("branch.example")
        _ = try provider.etrn("branch.example")
        provider.connected("branch.example")
        provider.delivered(provider.next("branch.example"), "branch.example")
        provider.sent(provider.next("branch.example"), "branch.example")
        _ = provider.wants()
        provider.linkDown("branch.example")
        #expect(
            provider.wants() == [
                "abandon branch.example", "finished branch.example linkDown: 1 delivered, 1 left",
            ])
        provider.at(.seconds(20))
        provider.linkUp("branch.example")
        #expect(try provider.etrn("branch.example").hasPrefix("253 2.5.0 OK, 1 pending"))
        #expect(provider.wants() == ["connect branch.example"])
    }

    @Test func `a link that goes down while QUIT is said interrupts nothing`() throws {
        var provider = QueueTranscript.provider
        try provider.mail(for: "branch.example")
        provider.linkUp("branch.example")
        _ = try provider.etrn("branch.example")
        provider.connected("branch.example")
        #expect(provider.deliverAll("branch.example") == [1])
        _ = provider.wants()
        provider.linkDown("branch.example")
        #expect(
            provider.wants() == [
                "abandon branch.example", "finished branch.example completed: 1 delivered, 0 left",
            ])
    }

    @Test func `a quick pause ends with the link`() throws {
        var provider = QueueTranscript.provider
        try provider.mail(for: "branch.example")
        _ = try provider.etrn("branch.example")
        provider.connectFails("branch.example")
        _ = provider.wants()
        provider.linkDown("branch.example")
        #expect(provider.wants() == ["finished branch.example linkDown: 0 delivered, 1 left"])
        #expect(provider.queue.deadline == .beginning + .days(2))
    }

    @Test func `a retry schedule never gets shorter`() throws {
        #expect(try RetrySchedule([.minutes(5), .minutes(5), .hours(1)]).pauses.count == 3)
        #expect(throws: RetryScheduleError.empty) { try RetrySchedule([]) }
        #expect(throws: RetryScheduleError.notPositive(index: 0)) { try RetrySchedule([.zero]) }
        #expect(throws: RetryScheduleError.decreasing(index: 2)) {
            try RetrySchedule([.minutes(5), .minutes(10), .minutes(9)])
        }
        #expect(throws: RetryScheduleError.tooLong(index: 1)) { try RetrySchedule([.days(1), .days(31)]) }
    }

    @Test func `a configuration out of order is seen`() {
        #expect(QueueConfiguration().isConsistent)
        #expect(!QueueTranscript.configuration { $0.lifetime = .zero }.isConsistent)
        #expect(!QueueTranscript.configuration { $0.quickRetry.first = .zero }.isConsistent)
        #expect(!QueueTranscript.configuration { $0.concurrentFlushes = 0 }.isConsistent)
    }

    // QUE: a report of delay comes once, before the message expires.
    @Test func `a sender is told once that a message still waits`() throws {
        var provider = QueueTranscript(
            QueueTranscript.configuration {
                $0.onDemandDomains = [domain("branch.example")]
                $0.warning = .hours(4)
                $0.lifetime = .hours(12)
            })
        try provider.mail(for: "branch.example")
        provider.at(.hours(1))
        for _ in 0..<2 { try provider.mail(for: "branch.example") }
        provider.sleep(until: .hours(100))
        #expect(provider.now == .beginning + .hours(4) && provider.wants() == ["delayed 1"])
        provider.sleep(until: .hours(100))
        #expect(provider.now == .beginning + .hours(5) && provider.wants() == ["delayed 2", "delayed 3"])
        provider.sleep(until: .hours(100))
        #expect(provider.now == .beginning + .hours(12) && provider.wants() == ["expired 1"])
    }

    @Test func `what was delivered in time is never late`() throws {
        var provider = QueueTranscript(
            QueueTranscript.configuration {
                $0.onDemandDomains = [domain("branch.example")]
                $0.warning = .hours(4)
            })
        try provider.mail(for: "branch.example")
        _ = try provider.etrn("branch.example")
        provider.connected("branch.example")
        _ = provider.deliverAll("branch.example")
        provider.connectionEnds("branch.example")
        _ = provider.wants()
        provider.sleep(until: .hours(100))
        #expect(provider.wants().isEmpty)
    }
}
