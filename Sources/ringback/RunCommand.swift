import ArgumentParser
import Capture
import Report
import Scenario
import Simulation
import Wire

/// `ringback run`: from a scenario file to delivered mail and a capture.
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Runs a scenario.",
        discussion: """
            Prints what happens and whether it is as expected. Writes capture.pcapng for Wireshark, events.jsonl, \
            run.json and the stored mail to the output folder, in the place of an earlier run's.
            """)

    @Argument(help: "The scenario file.", completion: .file(extensions: ["yaml", "yml"]))
    var scenario: String

    @Option(help: "Take this seed instead of the scenario's: the same story with other luck.")
    var seed: UInt64?

    @Option(help: ArgumentHelp("The output folder (default: Runs/<scenario>).", valueName: "folder"))
    var out: String?

    @Option(
        name: .customLong("set"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Set a value of the scenario, as in clients.branch.modem=v90. May be repeated.", valueName: "path=value"))
    var overrides: [String] = []

    @Option(help: ArgumentHelp("Write a classic capture, too.", valueName: "file"))
    var pcap: String?

    @Option(help: ArgumentHelp("Capture only packets that match, as in 'tcp port 25'.", valueName: "bpf"))
    var filter: String?

    @Flag(help: "Print run.json and nothing else.")
    var json = false

    @Flag(help: "Print the expectations and the sums, and no timeline.")
    var quiet = false

    @Flag(help: "Write no capture.pcapng, and remove that of an earlier run.")
    var noCapture = false

    @Flag(help: "Print what the run cost: packets and steps per second, time, memory.")
    var stats = false

    #if DEBUG
        @Flag(help: .hidden)
        var plantNondeterminism = false

        // With the hidden flag the server hands its addresses out in the order of a set, which changes with the
        // process: a bug to order, so that the test which compares two processes can be seen to find one.
        private func plan(of scenario: Scenario) -> WorldPlan {
            var plan = scenario.plan
            guard plantNondeterminism else { return plan }
            let addresses = Set(plan.server.ras.users.map(\.address))
            for (user, address) in addresses.enumerated() { plan.server.ras.users[user].address = address }
            return plan
        }
    #else
        private func plan(of scenario: Scenario) -> WorldPlan { scenario.plan }
    #endif

    func validate() throws {
        if let seed, seed > UInt64(Int64.max) { throw ValidationError("--seed: at most \(Int64.max)") }
        if out?.isEmpty == true { throw ValidationError("--out: a folder has a name") }
        if pcap == "-" { throw ValidationError("--pcap: a capture goes into a file, not to standard output") }
        do throws(PacketFilterError) {
            _ = try packetFilter()
        } catch {
            throw ValidationError("--filter: \(error.message)")
        }
        if let pcap, RunFolder.keeps(pcap, in: folder) {
            throw ValidationError("--pcap: \(pcap) is the place of something else that the run writes")
        }
    }

    func run() throws {
        let start = ProcessUsage.now()
        let verdict: Verdict
        do {
            let loaded = try Scenario(loading: scenario, overrides: overrides + (seed.map { ["seed=\($0)"] } ?? []))
            var run = try ScenarioRun(loaded, plan: plan(of: loaded), options: options(packetFilter()), start: start)
            verdict = try run.toTheEnd()
        } catch let error as ScenarioError {
            Terminal.complain("\(error)\n")
            verdict = .refused
        } catch {
            Terminal.complain("ringback: the run could not be finished: \(error)\n")
            verdict = .unfinished
        }
        if verdict != .holds { throw ExitCode(verdict.rawValue) }
    }

    private var folder: String { out ?? "Runs/\(ScenarioRun.name(of: scenario))" }

    private func packetFilter() throws(PacketFilterError) -> PacketFilter? {
        guard let filter else { return nil }
        return try PacketFilter(filter)
    }

    private func options(_ filter: PacketFilter?) -> ScenarioRun.Options {
        ScenarioRun.Options(
            overrides: overrides, folder: folder,
            captures: .init(pcapng: !noCapture, classic: pcap, filter: filter), printsTimeline: !quiet && !json,
            printsJSON: json, printsStats: stats)
    }
}
