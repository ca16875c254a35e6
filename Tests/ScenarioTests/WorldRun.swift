import Events
import SMTP
import Simulation
import Timebase

@testable import Scenario

/// A scenario run to its end, with what came of it.
struct WorldRun {
    private(set) var events: [Event] = []
    private(set) var record = RunRecord()
    private(set) var results: [ExpectationResult] = []
    /// How many messages the server still holds.
    let held: Int

    /// Both ends of CHAP have the same digest, and nobody listens in: it need not be a good one.
    init(_ scenario: Scenario) {
        var observer = ExpectationObserver(scenario)
        var world = World(scenario.plan, md5: { [UInt8](repeating: UInt8(truncatingIfNeeded: $0.count), count: 16) })
        var goesOn = true
        while goesOn {
            goesOn = world.run(untilTraceHolds: 1 << 20)
            observer.receive(world.trace)
            events += world.trace.events
            world.trace.removeAll()
        }
        for event in events { record.receive(event) }
        results = observer.results(.init(record: record, ended: world.now, held: world.heldMessages))
        held = world.heldMessages
    }

    init(_ text: String) throws { self.init(try Office.scenario(text)) }

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
