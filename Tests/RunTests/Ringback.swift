import Foundation
import TestSupport

/// The program under test, as a user has it: the executable that was built with these tests.
enum Ringback {
    /// The folder of the package, where scenarios are named as in the README.
    static let package = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

    /// It lies beside the executable that holds the tests, in any build folder and configuration.
    static let executable =
        (Bundle.main.executableURL ?? URL(fileURLWithPath: CommandLine.arguments[0]))
        .deletingLastPathComponent().appendingPathComponent("ringback")

    /// Runs a command line to its end, in the folder of the package unless told otherwise.
    @discardableResult
    static func run(
        _ arguments: [String], in folder: String = package, environment: [String: String] = [:]
    ) throws -> ExternalTool.Outcome {
        try ExternalTool(at: executable).outcome(of: arguments, in: folder, environment: environment)
    }

    /// Runs a command line of the shell in which `$ringback` is the program.
    static func shell(_ line: String, environment: [String: String] = [:]) throws -> ExternalTool.Outcome {
        try ExternalTool("bash", package: "bash")
            .outcome(
                of: ["-c", line], in: package,
                environment: environment.merging(["ringback": executable.path]) { $1 })
    }

    /// The names of the scenarios that are stories by themselves: `provider` is a part that others include.
    static let scenarios: [String] =
        ((try? TemporaryFolder.names(in: "\(package)/Scenarios")) ?? [])
        .filter { $0.hasSuffix(".yaml") && $0 != "provider.yaml" }.map { String($0.dropLast(5)) }

    /// `Scenarios/branch-office.yaml`.
    static func file(of scenario: String) -> String { "Scenarios/\(scenario).yaml" }
}
