import ArgumentParser
import Scenario

/// `ringback check`: validates without running.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Checks scenario files without running them.")

    @Argument(help: "The scenario files.", completion: .file(extensions: ["yaml", "yml"]))
    var files: [String]

    @Flag(help: "Print the scenario with every default filled in.")
    var explain = false

    @Option(
        name: .customLong("set"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Set a value of the scenario, as in clients.branch.modem=v90. May be repeated.", valueName: "path=value"))
    var overrides: [String] = []

    func validate() throws {
        guard !files.isEmpty else { throw ValidationError("Name at least one scenario file.") }
        guard !explain || files.count == 1 else { throw ValidationError("--explain takes one scenario file.") }
    }

    func run() throws {
        var isRefused = false
        for file in files {
            do {
                let scenario = try Scenario(loading: file, overrides: overrides)
                try Terminal.print(explain ? scenario.explain() : "\(file): ok\n")
            } catch let error as ScenarioError {
                isRefused = true
                Terminal.complain("\(error)\n")
            }
        }
        if isRefused { throw ExitCode(Verdict.refused.rawValue) }
    }
}
