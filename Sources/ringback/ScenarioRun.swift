import Capture
import Crypto
import Events
import Foundation
import Report
import Scenario
import Simulation
import Timebase
import Wire

/// One run of a scenario: moves the world, hands what comes out to files, terminal and expectations, and judges.
struct ScenarioRun: ~Copyable {
    /// What the command line asked for.
    struct Options {
        /// The values that `--set` has set, as they were given.
        var overrides: [String]
        var folder: String
        var captures: RunFolder.Captures
        var printsTimeline: Bool
        var printsJSON: Bool
        var printsStats: Bool
    }

    /// How much trace is gathered between two looks at the world: enough to write in large pieces.
    private static let traceOctets = 128 * 1_024
    /// How much mail is gathered before it is written, in octets: so much that messages are written in few pieces, each
    /// of a page at least.
    private static func mailOctets(online: Int) -> Int { max(512 * 1_024, online * 4_096) }

    private let scenario: Scenario
    private let options: Options
    private let start: ProcessUsage
    private let built: Int
    private var samples: [HostMemory.Sample] = []
    private var world: World
    private var folder: RunFolder
    private var record = RunRecord()
    private var observer: ExpectationObserver
    private var timeline: TimelinePrinter
    private var progress: ProgressDisplay

    /// `Scenarios/branch-office.yaml` is `branch-office`.
    static func name(of path: String) -> String { URL(filePath: path).deletingPathExtension().lastPathComponent }

    /// A run that has not begun.
    /// - Parameters:
    ///   - scenario: what is run.
    ///   - plan: its plan.
    ///   - options: what the command line asked for.
    ///   - start: what the process had used before the scenario was loaded.
    /// - Throws: what could not be written to the output folder.
    init(_ scenario: Scenario, plan: WorldPlan, options: Options, start: ProcessUsage) throws {
        self.scenario = scenario
        self.start = start
        self.options = options
        observer = ExpectationObserver(scenario)
        world = World(plan, md5: { octets in Array(Insecure.MD5.hash(data: octets)) })
        built = ProcessUsage.ownResident()
        folder = try RunFolder(
            path: options.folder, captures: options.captures, begins: plan.begins,
            application: "Ringback \(Ringback.version)",
            names: world.names.map { CapturedName(address: $0.address.rawValue, name: $0.name) })
        timeline = TimelinePrinter(
            begins: plan.begins, hosts: ["server"] + plan.clients.map(\.name),
            palette: Terminal.isColoured ? .coloured : .plain)
        progress = ProgressDisplay(
            line: ProgressLine(begins: plan.begins, end: .beginning + plan.lasts), start: start)
    }

    /// Runs to the end, or until Ctrl-C or SIGTERM; then writes and judges.
    mutating func toTheEnd() throws -> Verdict {
        Interruption.listen()
        do {
            var goesOn = true
            while goesOn && !Interruption.isRequested {
                goesOn = world.run(untilTraceHolds: ScenarioRun.traceOctets)
                try takeTrace()
                try takeMail(ifAtLeast: ScenarioRun.mailOctets(online: world.openCalls))
                weigh()
                progress.show(world, timelineIsShown: options.printsTimeline)
            }
            progress.erase()
            return try finish(isComplete: !goesOn)
        } catch {
            progress.erase()
            folder.abandon()
            throw error
        }
    }

    private mutating func takeTrace() throws {
        try folder.take(world.trace)
        observer.receive(world.trace)
        var text = ""
        for event in world.trace.events {
            record.receive(event)
            if options.printsTimeline { text += timeline.text(of: event) + "\n" }
        }
        if !text.isEmpty {
            progress.erase()
            try Terminal.print(text)
        }
        world.trace.removeAll()
    }

    private mutating func takeMail(ifAtLeast least: Int = 0) throws {
        guard world.received.octets.count >= least else { return }
        try folder.take(world.received)
        world.received.removeAll()
    }

    /// Looks at the memory when more hosts are online than ever before.
    private mutating func weigh() {
        guard world.openCalls > samples.last?.online ?? 0 else { return }
        samples.append(
            HostMemory.Sample(
                online: world.openCalls, calls: world.counters.calls, resident: ProcessUsage.ownResident()))
    }

    private mutating func finish(isComplete: Bool) throws -> Verdict {
        let results = observer.results(
            .init(record: record, ended: world.now, held: world.heldMessages))
        let usage = ProcessUsage.now()
        let engine = EngineFigures(
            packets: world.counters.frames, events: world.counters.events, steps: world.counters.wakeups,
            wall: .nanoseconds(usage.wallNanoseconds - start.wallNanoseconds),
            processor: .nanoseconds(usage.cpuNanoseconds), peakResidentOctets: usage.peakResidentOctets,
            memory: HostMemory(
                hosts: scenario.plan.clients.count, before: start.ownResidentOctets, built: built,
                samples: samples))
        let report = RunReport(
            version: Ringback.version, scenario: scenario.fileName, title: scenario.plan.title,
            seed: scenario.plan.seed, begins: scenario.plan.begins, ended: world.now,
            isInterrupted: !isComplete, expectations: results, record: record, packets: world.counters.frames,
            engine: engine)
        try takeMail()
        try folder.finish(report: report.text)
        if options.printsJSON { try Terminal.print(report.text) } else { try print(results, engine, isComplete) }
        if options.printsJSON && options.printsStats { Terminal.complain("\(engine)\n") }
        guard isComplete else { return Interruption.verdict }
        return results.allSatisfy(\.holds) ? .holds : .fails
    }

    private func print(_ results: [ExpectationResult], _ engine: EngineFigures, _ isComplete: Bool) throws {
        let printer = ExpectationPrinter(palette: Terminal.isColoured ? .coloured : .plain)
        var text = options.printsTimeline ? "\n" : ""
        if !isComplete { text += "Interrupted. This is how things stood then:\n" }
        for result in results { text += printer.text(of: result) + "\n" }
        let sums = Sums(
            record: record, packets: world.counters.frames, virtual: world.now - .beginning, wall: engine.wall)
        text += sums.text + "\n"
        if options.printsStats { text += "\(engine)\n" }
        if results.contains(where: { !$0.holds }) {
            text += "Run it again: \(command)\n"
        }
        try Terminal.print(text)
    }

    /// What to type to see the same again.
    private var command: String {
        let settings = options.overrides.flatMap { ["--set", $0] }
        return (["ringback", "run", scenario.fileName, "--seed", "\(scenario.plan.seed)"] + settings)
            .map(\.shellWord).joined(separator: " ")
    }
}
