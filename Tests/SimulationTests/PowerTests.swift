import Events
@testable import MailHost
import MailQueue
import SMTP
import Testing
import Timebase

@testable import Simulation

/// The server host loses its power, and has it again.
struct PowerTests {
    private func office(latency: Interval = .zero, messages: Int = 3) throws -> SmallOffice {
        var office = try SmallOffice()
        office.plan.server.diskLatency = latency
        office.plan.clients[0].dials.attempts = 5
        office.holdMail(messages: messages, size: 20_000)
        office.at(10, .dial([0]))
        return office
    }

    private func stored(_ world: World) -> (all: Int, duplicates: Int) {
        let events = world.trace.events.compactMap { event -> Bool? in
            guard case .mailStored(_, _, _, let duplicate) = event.happening else { return nil }
            return duplicate
        }
        return (events.count, events.count { $0 })
    }

    @Test func `mail is announced, held and delivered when the disk has it`() throws {
        let office = try office(latency: .milliseconds(20))
        let world = office.run()
        let queued = try #require(world.trace.events.first { $0.happening.name == .mailQueued })
        // 20 ms, and three records of 20,256 octets at 4 MB a second.
        #expect(queued.at == .beginning + .microseconds(35_192))
        #expect(stored(world) == (3, 0) && world.heldMessages == 0)
    }

    @Test func `a power failure ends the call without a word, and the next one brings the rest`() throws {
        var office = try office()
        office.when(.mailStored, after: 2_000, .crash(for: .seconds(30)))
        office.at(120, .dial([0]))
        let world = office.run()
        let story = world.story()
        #expect(story.contains(.carrierLost))
        #expect(story.filter { $0 == .linkUp }.count == 2)
        // The reply to one message was on its way, or its end: nobody can know (RFC 1047).
        #expect(stored(world).all - stored(world).duplicates == 3 && stored(world).duplicates <= 1)
        #expect(world.heldMessages == 0)
    }

    @Test func `while it has none nobody answers the telephone`() throws {
        var office = try office()
        office.plan.clients[0].dials.attempts = 1
        office.at(5, .crash(for: .minutes(5)))
        let world = office.run()
        #expect(world.story() == [.modemOffHook, .modemNoAnswer, .diallerGaveUp])
        #expect(world.heldMessages == 3)
    }

    @Test func `a call whose modems are still training comes to nothing`() throws {
        var office = try office()
        office.when(.modemTraining, after: 100, .crash(for: .seconds(5)))
        let world = office.run()
        #expect(world.story().contains(.modemNoCarrier))
        #expect(stored(world) == (3, 0))
    }

    @Test func `mail that comes meanwhile is sent again by who sent it, and held afterwards`() throws {
        var office = try office()
        office.plan.mail[0].at = .beginning + .seconds(6)
        office.at(5, .crash(for: .seconds(60)))
        let world = office.run()
        let queued = try #require(world.trace.events.first { $0.happening.name == .mailQueued })
        #expect(queued.at == .beginning + .seconds(65))
        #expect(stored(world) == (3, 0))
    }

    @Test func `mail of which the disk has only a part is not held, and is sent again`() throws {
        var office = try office(latency: .seconds(2))
        office.at(0.5, .crash(for: .seconds(5)))
        let world = office.run()
        guard case .powerFailed(let unanswered, let open) = world.trace.events.first?.happening else {
            Issue.record("the power does not fail")
            return
        }
        #expect(unanswered == 3 && open == 0)
        // Three records of twenty kilobytes do not survive by chance.
        #expect(world.trace.events.contains { $0.happening.row.text.hasSuffix("and 0 messages on its disk") })
        #expect(stored(world) == (3, 0) && world.heldMessages == 0)
    }

    @Test func `a delivery that the disk may not have noted comes twice if it has not, and is counted`() throws {
        var outcomes: Set<Int> = []
        for seed in 1...12 {
            var office = try office(latency: .seconds(30), messages: 1)
            office.plan.seed = UInt64(seed)
            office.plan.script.removeFirst()
            office.at(40, .dial([0]))
            office.when(.retrievalComplete, after: 100, .crash(for: .seconds(30)))
            office.at(300, .dial([0]))
            let world = office.run()
            let again = world.trace.events.compactMap { event -> Int? in
                guard case .powerRestored(_, let again) = event.happening else { return nil }
                return again
            }
            #expect(again == [stored(world).duplicates])
            #expect(stored(world).all == 1 + stored(world).duplicates)
            outcomes.insert(stored(world).duplicates)
        }
        #expect(outcomes == [0, 1])
    }

    @Test func `a transfer goes on although the host has forgotten that it had begun`() throws {
        var office = try office(messages: 1)
        office.plan.clients[0].offers = [.checkpoint]
        office.when(.flushMessageStarted, after: 3_000, .crash(for: .seconds(30)))
        office.at(120, .dial([0]))
        let world = office.run()
        let names = world.trace.events.map(\.happening.name)
        #expect(names.count { $0 == .flushMessageResumed } == 1)
        #expect(!names.contains(.flushFailed))
        #expect(stored(world) == (1, 0))
    }

    @Test func `a drive that says too early that it has written loses mail`() throws {
        var office = try office(latency: .seconds(30))
        office.at(9, .crash(for: .seconds(5)))
        let world = office.run { $0.server.mail.queue.store = SimulatedDisk(latency: .seconds(30), lies: true) }
        #expect(stored(world).all == 0 && world.heldMessages == 0)
    }
}
