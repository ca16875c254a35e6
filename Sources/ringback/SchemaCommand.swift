import ArgumentParser
import Scenario

/// `ringback schema`: prints the JSON Schema of scenario files.
struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Prints the JSON Schema of scenario files.")

    func run() throws { try Terminal.print(Scenario.schemaJSON) }
}
