import ArgumentParser

/// The command line: it parses, wires the rooms together, and ends with an exit code.
@main
struct Ringback: ParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "ringback",
        abstract: "Simulates dial-up links and the flushing of mail queues by ETRN.",
        discussion: """
            A scenario file says who is there, what mail waits, what happens and what must be true in the end. \
            Exit codes: 0 all expectations hold, 1 one does not, 2 the scenario is refused, 3 the run could not be \
            finished, 64 wrong usage, 130 interrupted.
            """,
        version: version,
        subcommands: [RunCommand.self, CheckCommand.self, SchemaCommand.self])

    static func main() {
        Terminal.prepare()
        main(nil)
    }
}
