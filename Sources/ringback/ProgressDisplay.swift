import Report
import Simulation
import Timebase

/// Shows the progress line on a terminal, in runs of more than two seconds, a few times a second.
struct ProgressDisplay {
    private let line: ProgressLine
    private let start: ProcessUsage
    private var nextUpdate = Interval.seconds(2)
    private var isShown = false

    init(line: ProgressLine, start: ProcessUsage) {
        self.line = line
        self.start = start
    }

    /// Renews the line when it is time. A timeline on the same terminal says as much, and better.
    mutating func show(_ world: borrowing World, timelineIsShown: Bool) {
        guard Terminal.errorIsInteractive, !(timelineIsShown && Terminal.isInteractive) else { return }
        let elapsed = Interval.nanoseconds(ProcessUsage.now().wallNanoseconds - start.wallNanoseconds)
        guard elapsed >= nextUpdate else { return }
        nextUpdate = elapsed + .milliseconds(250)
        isShown = true
        Terminal.complain(
            line.text(at: world.now, packets: world.counters.frames, calls: world.openCalls, elapsed: elapsed))
    }

    /// Takes the line away.
    mutating func erase() {
        guard isShown else { return }
        isShown = false
        Terminal.complain(ProgressLine.erased)
    }
}
