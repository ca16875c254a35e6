import ArgumentParser

/// The command line: it parses, wires the rooms together, and ends with an exit code.
@main
struct Ringback: ParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "ringback",
        abstract: "Simulates dial-up links and the flushing of mail queues by ETRN.",
        discussion: """
            A scenario file says who is there, what mail waits, what happens and what must be true in the end. To \
            begin: ringback run Scenarios/branch-office.yaml

            EXIT CODES:
              0    Every expectation holds.
              1    An expectation does not hold.
              2    The scenario was refused; nothing has run.
              3    The run could not be finished.
              64   The command line was not understood.
              130  Ended early by Ctrl-C.
              143  Ended early by SIGTERM.
            """,
        version: version,
        subcommands: [
            RunCommand.self, CheckCommand.self, SchemaCommand.self, RegistryCommand.self, ServeCommand.self,
            UserCommand.self, QueueCommand.self, FlushCommand.self, ReplayCommand.self,
        ])

    static func main() {
        Terminal.prepare()
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch let error as Terminal.OutputError {
            Terminal.complain("ringback: \(error)\n")
            exit(withError: ExitCode(Verdict.unfinished.rawValue))
        } catch {
            exit(withError: error)
        }
    }
}
