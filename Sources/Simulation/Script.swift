import Events
import Timebase

/// What the scenario does from outside: deeds at their instants, and deeds that wait for an event.
struct Script: Sendable {
    /// A deed whose next instant is known.
    struct Occurrence: Sendable {
        var at: Instant
        /// After how long it comes again, for ever.
        var every: Interval?
        var deed: ScriptStep.Deed
        var alarm: EventQueue.AlarmID?
    }

    private struct Watch: Sendable {
        var pattern: EventPattern
        var left: Int
        var after: Interval
        var deed: ScriptStep.Deed
    }

    private var watches: [Watch] = []
    /// Deeds with known instants, in no particular order; the event queue orders them.
    var occurrences: [Occurrence] = []

    /// The script of a plan. Instants that vary are drawn here, once for each host.
    init(_ steps: [ScriptStep], seed: UInt64, hostName: (Int) -> String) {
        for (index, step) in steps.enumerated() {
            switch step.trigger {
            case .when(let pattern, let count, let after):
                watches.append(Watch(pattern: pattern, left: count, after: after, deed: step.deed))
            case .at(let distribution, let every):
                for (thing, deed) in Script.single(step.deed, hostName: hostName) {
                    var stream = RandomStream(seed: seed, thing: thing, purpose: "script.\(index)")
                    let at = Instant(nanoseconds: distribution.draw(from: &stream))
                    occurrences.append(Occurrence(at: at, every: every, deed: deed))
                }
            }
        }
    }

    /// An event happened. Answers which of the ``occurrences`` it has set off.
    mutating func receive(_ event: Event) -> Range<Int> {
        let first = occurrences.count
        for index in watches.indices where watches[index].left > 0 && watches[index].pattern.matches(event) {
            watches[index].left -= 1
            guard watches[index].left == 0 else { continue }
            occurrences.append(Occurrence(at: event.at + watches[index].after, deed: watches[index].deed))
        }
        return first..<occurrences.count
    }

    // One deed for each host that it speaks of, so that each has an instant of its own.
    private static func single(_ deed: ScriptStep.Deed, hostName: (Int) -> String) -> [(String, ScriptStep.Deed)] {
        switch deed {
        case .dial(let hosts): hosts.map { (hostName($0), .dial([$0])) }
        case .hangUp(let hosts): hosts.map { (hostName($0), .hangUp([$0])) }
        case .dropCarrier(let hosts): hosts.map { (hostName($0), .dropCarrier([$0])) }
        case .speak(let hosts, let lines): hosts.map { (hostName($0), .speak([$0], lines)) }
        case .crash, .start, .setDisableETRN, .setRoute: [("server", deed)]
        }
    }
}
