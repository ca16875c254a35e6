import Events
import SMTP
import Timebase

@testable import Scenario
@testable import Simulation

/// A scenario run to its end, with what came of it.
struct WorldRun {
    private(set) var events: [Event] = []
    private(set) var record = RunRecord()
    private(set) var results: [ExpectationResult] = []
    /// How many messages the server still holds.
    let held: Int
    /// When the run was over.
    let ended: Instant
    /// How many SMTP connections of any host have not ended.
    let conversationsLeft: Int

    /// How many messages were stored whole: so many octets of content came as the event of their storing says.
    private(set) var wholeMessages = 0

    /// Something that no scenario can say, done to a world as soon as events of a name have happened so many times.
    struct Intervention {
        var name: Happening.Name
        var count = 1
        var deed: (inout World) -> Void
    }

    /// Runs a scenario, in a world that is prepared before anything happens.
    ///
    /// Both ends of CHAP have the same digest, and nobody listens in: it need not be a good one.
    init(
        _ scenario: Scenario, _ interventions: [Intervention] = [],
        preparing prepare: (inout World) throws -> Void = { _ in }
    ) rethrows {
        var observer = ExpectationObserver(scenario)
        var world = World(scenario.plan, md5: { [UInt8](repeating: UInt8(truncatingIfNeeded: $0.count), count: 16) })
        try prepare(&world)
        var goesOn = true
        var mail: [Int: Int] = [:]
        while goesOn {
            // One wakeup at a time when there is something to intervene in.
            goesOn = world.run(untilTraceHolds: interventions.isEmpty ? 1 << 20 : 32)
            for (message, step) in world.received.steps {
                switch step {
                case .begins(let beginning):
                    if world.received.beginnings[beginning].client != "server" { mail[message] = 0 }
                case .content(let range): mail[message, default: .min] += range.count
                case .stored: wholeMessages += mail.removeValue(forKey: message).map { $0 > 0 ? 1 : 0 } ?? 0
                case .discarded: mail[message] = nil
                }
            }
            world.received.removeAll()
            observer.receive(world.trace)
            let news = world.trace.events
            world.trace.removeAll()
            for event in news {
                events.append(event)
                let count = events.count { $0.happening.name == event.happening.name }
                for intervention in interventions
                where intervention.name == event.happening.name && intervention.count == count {
                    intervention.deed(&world)
                }
            }
        }
        for event in events { record.receive(event) }
        results = observer.results(.init(record: record, ended: world.now, held: world.heldMessages))
        held = world.heldMessages
        ended = world.now
        var conversations = 0
        world.conversations.forEach { _ in conversations += 1 }
        conversationsLeft = conversations
    }

    init(
        _ text: String, _ interventions: [Intervention] = [],
        preparing prepare: (inout World) throws -> Void = { _ in }
    ) throws {
        try self.init(try Office.scenario(text), interventions, preparing: prepare)
    }

    /// When events of a name happened.
    func instants(of name: Happening.Name) -> [Instant] { events.filter { $0.happening.name == name }.map(\.at) }

    /// What events of a name said.
    func texts(of name: Happening.Name) -> [String] {
        events.filter { $0.happening.name == name }.map(\.happening.row.text)
    }

    /// Whether all expectations hold.
    var holds: Bool { results.allSatisfy(\.holds) }

    /// How many messages were stored, and how many of them for the second time.
    var stored: (all: Int, duplicates: Int) { (record.totals.stored, record.totals.duplicates) }
}
