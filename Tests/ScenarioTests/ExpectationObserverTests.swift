import Events
import SMTP
import Testing
import Timebase

@testable import Scenario

/// Runs as they might have been, and what becomes of the expectations.
struct ExpectationObserverTests {
    /// A run told event by event.
    private struct Story {
        var record = RunRecord()
        var observer: ExpectationObserver
        var ended = Instant.beginning + .minutes(30)
        var held = 0

        init(_ text: String, expects: String) throws {
            observer = ExpectationObserver(try Office.scenario(text + "expects:\n" + expects))
        }

        mutating func at(_ seconds: Int64, _ host: String = "branch", _ happenings: Happening...) {
            for happening in happenings {
                let event = Event(at: .beginning + .seconds(seconds), host: host, happening: happening)
                record.receive(event)
                observer.receive(event)
            }
        }

        /// A call that dials at an instant and has its link 25 seconds later.
        mutating func call(_ host: String = "branch", at start: Int64) {
            at(start, host, .modemDials(number: "555-0100"))
            at(start + 5, host, .modemTraining(modulation: "V.34"))
            at(start + 20, host, .carrierUp(call: 1, port: 0, receiveRate: 28_800, transmitRate: 28_800))
            at(start + 25, host, .linkUp(address: "192.0.2.130", peer: "192.0.2.25"))
        }

        mutating func ask(_ host: String = "branch", at start: Int64, code: Int, domain: String = "branch.example") {
            at(start, host, .etrnSent(domain: domain))
            at(start + 1, host, .etrnAnswered(domain: domain, code: code, text: "said so"))
        }

        /// A flush of messages that take ten seconds each.
        mutating func flush(
            _ host: String = "branch", at start: Int64, messages: [Int], domain: String = "branch.example"
        ) {
            at(start, host, .flushConnecting(domain: domain, address: "192.0.2.130", port: 25))
            at(
                start + 1, host, .flushConnected(domain: domain),
                .flushGreeted(domain: domain, address: "192.0.2.130", code: 220))
            var now = start + 2
            for message in messages {
                at(now, host, .flushMessageStarted(domain: domain, message: message, octets: 30_000))
                now += 10
                at(now, host, .mailStored(domain: domain, id: "branch-1", octets: 30_000, duplicate: false))
                at(now, host, .flushDelivered(domain: domain, message: message, octets: 30_000))
            }
            at(
                now + 1, host,
                .flushCompleted(FlushReport(domain: domain, delivered: messages.count)))
        }

        /// So many frames of an IPv4 datagram without options and of its payload's first octets, all zero.
        mutating func frames(_ count: Int, protocol number: UInt8) {
            let datagram: [UInt8] = [0x45, 0, 0, 40, 0, 0, 0, 0, 64, number] + [UInt8](repeating: 0, count: 30)
            let frame = [0xFF, 0x03, 0x00, 0x21] + datagram
            for _ in 0..<count { observer.receive(frame: frame.span.bytes, at: .beginning + .seconds(70), on: 0) }
        }

        func results() -> [ExpectationResult] { observer.results(.init(record: record, ended: ended, held: held)) }
    }

    @Test func `a morning as it should be`() throws {
        var story = try Story(
            Office.plain,
            expects: """
                  - {flush: branch.example, completes-within: 1m, messages: 2, duplicates: 0}
                  - {first-message: branch.example, within: 20s, of: branch.etrn.sent}
                  - {call: branch, connects-within: 40s, online-at-most: 2m}
                  - {reply: branch, to: ETRN, is: 253}
                  - {packets: "tcp[tcpflags] & tcp-rst != 0", count: 0}
                  - {event: server.queue.expired, count: 0}
                  - {event: branch.flush.delivered, where: {message: 2}, count: 1}
                  - {lost: 0}
                """)
        story.at(0, "server", .mailQueued(domain: "branch.example", messages: 2, octets: 60_000))
        story.call(at: 60)
        story.ask(at: 86, code: 253)
        story.flush(at: 88, messages: [1, 2])
        story.at(112, "branch", .modemOnHook(call: 1, onlineMilliseconds: 32_000))
        story.frames(3, protocol: 6)
        let results = story.results()
        for result in results { #expect(result.holds, "\(result)") }
        #expect(
            results.map(\.got) == [
                "25s", "2 messages", "0 duplicates", "14s", "25s", "32s", "253", "0 packets", "0 events", "1 event",
                "0 messages",
            ])
        #expect(results.allSatisfy { $0.cause == nil })
    }

    @Test func `a flush that is too slow names the phase that ate the time`() throws {
        var story = try Story(Office.plain, expects: "  - {flush: branch.example, completes-within: 30s}\n")
        story.call(at: 60)
        story.ask(at: 86, code: 253)
        story.flush(at: 90, messages: [1, 2, 3])
        #expect(
            "\(story.results()[0])" == """
                office.yaml:13:47: failed: the flush of branch.example completes within 30s
                      = expected: at most 30s
                      = got: 37s
                      = tolerance: less is fine
                      = cause: transfer took 30s of 37s (answer 1s, connect 4s, dialogue 1s, idle 1s)
                """)
    }

    @Test func `a flush that broke off is told with its call`() throws {
        var story = try Story(
            Office.plain, expects: "  - {flush: branch.example, completes-within: 30s, messages: 3}\n")
        story.at(0, "server", .mailQueued(domain: "branch.example", messages: 3, octets: 27))
        story.call(at: 60)
        story.ask(at: 86, code: 253)
        story.at(88, "branch", .flushConnecting(domain: "branch.example", address: "a", port: 25))
        story.at(89, "branch", .flushConnected(domain: "branch.example"))
        story.at(90, "branch", .flushMessageStarted(domain: "branch.example", message: 1, octets: 9))
        story.at(190, "branch", .carrierLost(call: 1, reason: "carrier dropped"))
        let results = story.results()
        #expect(results.map(\.holds) == [false, false])
        #expect(results.map(\.got) == ["not complete, 0 messages delivered", "0 messages"])
        #expect(
            results[0].cause
                == "the call broke off: carrier dropped; "
                + "transfer took 1m40s of 1m44s (answer 1s, connect 2s, dialogue 1s)"
        )
        #expect(results[1].cause == "3 queued: 3 held; the call broke off: carrier dropped")
    }

    @Test func `a wrong number of messages is told with what became of all`() throws {
        let domain = "branch.example"
        var story = try Story(Office.plain, expects: "  - {flush: branch.example, messages: 5}\n")
        #expect(story.results()[0].cause == "no mail was queued for it")
        story.at(0, "server", .mailQueued(domain: domain, messages: 4, octets: 4))
        #expect(story.results()[0].cause == "4 queued: 4 held; branch never dialled")
        story.call(at: 60)
        story.ask(at: 86, code: 253)
        story.flush(at: 88, messages: [1, 2])
        story.at(112, "server", .queueRefused(domain: domain, message: 3, code: 550, text: "no"))
        story.at(113, "branch", .flushDeferred(domain: domain, message: 4, code: 451, text: "later"))
        #expect(story.results()[0].cause == "4 queued: 2 delivered, 1 refused, 1 held; 451 later")
        story.at(114, "server", .queueExpired(domain: domain, message: 4))
        story.at(115, "server", .mailQueued(domain: domain, messages: 1, octets: 1))
        story.ask(at: 116, code: 502)
        #expect(
            story.results()[0].cause
                == "5 queued: 2 delivered, 1 refused, 1 expired, 1 held; ETRN was answered 502 said so")
    }

    @Test func `a wrong number of events is told with the last of them, or what came instead`() throws {
        var story = try Story(
            Office.plain,
            expects: """
                  - {event: branch.etrn.answered, where: {reply-code: 502}, count: 1}
                  - {event: branch.etrn.answered, count: 0}
                  - {event: branch.modem.busy, count: 1}
                  - {packets: tcp, count: 0}
                  - {packets: udp, at-least: 1}
                """)
        #expect(story.results()[0].cause == "nothing happened there")
        story.call(at: 60)
        story.ask(at: 86, code: 253)
        story.frames(2, protocol: 6)
        story.at(100, "branch", .linkDown(reason: "hung up"))
        #expect(
            story.results().map(\.cause) == [
                "it came with reply-code 253, last at 00:01:27.000, branch: 253 said so",
                "the last one was at 00:01:27.000, branch: 253 said so",
                "it never came; the last event there came at 00:01:40.000, branch: link down: hung up",
                "the last one passed at 00:01:10.000 on branch-call-1", "2 packets passed, none of these",
            ])
    }

    @Test func `after a dropped carrier the second flush counts`() throws {
        var story = try Story(
            Office.plain, expects: "  - {flush: branch.example, completes-within: 30s, messages: 2, duplicates: 1}\n")
        story.call(at: 0)
        story.ask(at: 26, code: 253)
        story.at(28, "branch", .flushConnecting(domain: "branch.example", address: "a", port: 25))
        story.at(30, "branch", .flushMessageStarted(domain: "branch.example", message: 1, octets: 9))
        story.at(31, "branch", .mailStored(domain: "branch.example", id: "branch-1", octets: 9, duplicate: false))
        story.at(32, "branch", .carrierLost(call: 1, reason: "carrier dropped"))
        story.call(at: 100)
        story.ask(at: 126, code: 253)
        story.at(127, "branch", .mailStored(domain: "branch.example", id: "branch-1", octets: 9, duplicate: true))
        story.flush(at: 128, messages: [1, 2])
        #expect(story.results().map(\.got) == ["25s", "2 messages", "1 duplicate"])
        #expect(story.results().map(\.holds) == [true, true, true])
        story.at(200, "branch", .mailStored(domain: "BRANCH.example", id: "branch-1", octets: 9, duplicate: true))
        let failed = story.results()[2]
        #expect(!failed.holds)
        #expect(failed.expected == "at most 1 duplicate")
        #expect(failed.got == "2 duplicates")
    }

    @Test(arguments: [
        (0, "branch never dialled"), (1, "the only call of branch failed: busy"),
        (2, "branch never asked for its mail"), (3, "ETRN was answered 459 said so"), (4, "ETRN was never answered"),
        (5, "ETRN was answered 251 said so"),
    ])
    func `a flush that never was is told with its reason`(stage: Int, cause: String) throws {
        var story = try Story(Office.plain, expects: "  - {flush: branch.example, completes-within: 30s}\n")
        if stage == 1 { story.at(5, "branch", .modemDials(number: "555-0100"), .modemBusy(number: "555-0100")) }
        if stage >= 2 { story.call(at: 5) }
        switch stage {
        case 3: story.ask(at: 31, code: 459)
        case 4: story.at(31, "branch", .etrnSent(domain: "branch.example"))
        case 5: story.ask(at: 31, code: 251)
        default: break
        }
        let result = story.results()[0]
        #expect(!result.holds)
        #expect(result.got == "no flush")
        #expect(result.cause == cause)
    }

    @Test func `each host of a group is judged, and the worst is told`() throws {
        var story = try Story(
            Office.shops,
            expects: """
                  - {flush: shop-*.example, completes-within: 30s, messages: 1}
                  - {call: shop-*, connects-within: 20s}
                  - {first-message: shop-*.example, within: 1m, of: shop-*.link.up}
                  - {event: shop-*.link.up, count: 3}
                """)
        for number in 1...3 {
            let (host, domain) = ("shop-\(number)", "shop-\(number).example")
            story.call(host, at: Int64(number))
            story.ask(host, at: 30, code: 253, domain: domain)
            story.flush(host, at: number == 2 ? 60 : 32, messages: [number], domain: domain)
        }
        let results = story.results()
        #expect(results.map(\.holds) == [false, true, false, true, true])
        #expect(results[0].got == "43s for shop-2.example; 1 of 3 fail")
        #expect(results[0].cause == "connect took 30s of 43s (answer 1s, dialogue 1s, transfer 10s, idle 1s)")
        #expect(results[1].got == "1 message each")
        #expect(results[2].got == "25s for shop-1; 3 of 3 fail")
        #expect(results[2].cause == "train took 15s of 25s (dial 5s, PPP 5s)")
        #expect(results[3].got == "45s for shop-2.example, the worst of 3")
    }

    @Test func `replies are compared one by one or in order`() throws {
        var story = try Story(
            Office.plain,
            expects: """
                  - {reply: branch, to: ETRN, is: 253}
                  - {reply: branch, to: ETRN, is: [253, 502]}
                  - {reply: branch, to: ETRN, is: [502, 253]}
                """)
        #expect(story.results().map(\.got) == ["no reply", "no reply", "no reply"])
        story.call(at: 0)
        story.ask(at: 30, code: 253)
        story.ask(at: 40, code: 502)
        #expect(story.results().map(\.holds) == [false, true, false])
        #expect(story.results().map(\.got) == ["502", "253, 502", "253, 502"])
        #expect(story.results()[0].cause == "502 said so")
    }

    @Test func `online is counted to the end of the run when nobody hangs up`() throws {
        var story = try Story(Office.plain, expects: "  - {call: branch, online-at-most: 5m}\n")
        story.call(at: 0)
        #expect(story.results()[0].got == "29m40s")
        #expect(story.results()[0].cause == "no flush; the call was still up when the run ended")
    }

    @Test func `a first message without its event, or without mail, is missing`() throws {
        var story = try Story(
            Office.plain, expects: "  - {first-message: branch.example, within: 45s, of: branch.etrn.sent}\n")
        #expect(story.results()[0].got == "no event etrn.sent")
        story.at(1, "branch", .mailStored(domain: "branch.example", id: "branch-1", octets: 1, duplicate: false))
        story.call(at: 2)
        story.ask(at: 30, code: 253)
        #expect(story.results()[0].got == "no message stored", "mail before the event is not counted")
        story.at(99, "branch", .mailStored(domain: "branch.example", id: "branch-1", octets: 1, duplicate: false))
        #expect(story.results()[0].got == "1m9s")
        story.flush(at: 89, messages: [1, 2])
        let cause = "connect took 59s of 1m9s (answer 1s, dialogue 1s, transfer 8s)"
        #expect(story.results()[0].cause == cause, "the rest of the flush is not counted")
    }

    @Test func `a message is lost when the queue has not got it and nobody was told`() throws {
        var story = try Story(Office.plain, expects: "  - {lost: 0}\n")
        story.at(0, "server", .mailQueued(domain: "branch.example", messages: 6, octets: 1))
        story.at(1, "server", .queueRefused(domain: "branch.example", message: 1, code: 550, text: "no"))
        story.at(2, "server", .queueExpired(domain: "branch.example", message: 2))
        story.flush(at: 3, messages: [3])
        story.held = 3
        #expect(story.results()[0].holds)
        story.held = 2
        #expect(story.results()[0].got == "1 message")
        #expect(
            story.results()[0].cause
                == "6 queued = 1 delivered + 1 refused + 1 expired + 2 held + 1 gone from the queue; "
                + "0 delivered but never stored")
        story.held = 2
        story.at(50, "branch", .flushDelivered(domain: "branch.example", message: 4, octets: 1))
        #expect(story.results()[0].got == "1 message", "delivered, they say, but never stored")
        #expect(!story.results()[0].holds)
    }

    @Test(arguments: [(0, true, false), (2, false, true), (3, false, false)])
    func `packets that fit a filter are counted`(count: Int, isNone: Bool, isTwo: Bool) throws {
        var story = try Story(
            Office.plain,
            expects: "  - {packets: tcp, count: 0}\n  - {lost: 0}\n  - {packets: udp, at-least: 1, at-most: 2}\n")
        story.frames(count, protocol: 6)
        story.frames(count, protocol: 17)
        let results = story.results()
        #expect(results.map(\.holds) == [isNone, true, isTwo])
        #expect(results[2].expected == "1 to 2 packets")
    }
}
