import ArgumentParser
import Dispatch
import FlushService

/// `ringback serve`: the mail host on real sockets.
struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Holds mail for sites and delivers it when they ask, on real sockets.",
        discussion: """
            To begin: ringback serve --example > ringback.yaml

            SIGTERM and Ctrl-C end it when the transactions and deliveries under way have come to their ends, after \
            half a minute at most. SIGHUP reads the configuration, the certificate and the accounts anew, and drops no \
            session.

            EXIT CODES:
              0    Ended when it was asked to.
              2    The configuration was refused; nothing was opened.
              3    The store, a listener, the journal or the capture could not be opened.
              64   The command line was not understood.
            """)

    @Option(help: ArgumentHelp("The configuration.", valueName: "file"))
    var config: String?

    @OptionGroup var values: ServiceValues

    @Flag(help: "Check the configuration, and say what is open to whom.")
    var check = false

    @Flag(help: "Print an example of a configuration.")
    var example = false

    @Option(
        help: ArgumentHelp(
            "Write what the mail host is told to a new file, for `ringback replay`. It holds mail and passwords.",
            valueName: "file"))
    var journal: String?

    @Option(
        help: ArgumentHelp(
            "Record the service's traffic, with its events between the packets, in a new pcapng file. Only root may.",
            valueName: "file"))
    var capture: String?

    @Flag(help: "Put the secrets of TLS sessions into the capture: who has it can read them.")
    var captureSecrets = false

    func validate() throws {
        guard !captureSecrets || capture != nil else {
            throw ValidationError("--capture-secrets goes into a capture: name one with --capture.")
        }
        guard example || config != nil else {
            throw ValidationError("Name a configuration with --config, or print one with --example.")
        }
    }

    func run() throws {
        guard !example else { return try Terminal.print(ServiceConfiguration.example) }
        guard let config else { return }
        let configuration = try values.configuration(in: config)
        if check {
            let accounts = try ServiceVerdict.refusing { try AccountsFile(folder: configuration.plan.store) }
            try Terminal.print("\(config): ok\n" + configuration.openness)
            for name in configuration.accounts(missingIn: accounts) {
                Terminal.complain(
                    "ringback: there is no account `\(name)` yet: ringback user add \(name) --config \(config)\n")
            }
        } else {
            try serve(configuration)
        }
    }

    /// Serves, and ends the process when that is over.
    private func serve(_ configuration: ServiceConfiguration) throws -> Never {
        let doors = try ServeCommand.finishing {
            try MailService.Doors(
                configuration.plan, capturing: capture.map { .init(path: $0, withSecrets: captureSecrets) })
        }
        Task { [journal] in
            do {
                try await MailService.run(configuration, doors, journal: journal)
                ServeCommand.exit()
            } catch {
                ServeCommand.exit(withError: ServeCommand.verdict(on: error))
            }
        }
        dispatchMain()
    }

    private static func finishing<Result>(_ body: () throws -> Result) throws -> Result {
        do { return try body() } catch { throw verdict(on: error) }
    }

    private static func verdict(on error: any Error) -> ExitCode {
        Terminal.complain("ringback: \(error)\n")
        return ExitCode(Verdict.unfinished.rawValue)
    }
}

/// What is refused when a service is configured, and how the command ends then.
enum ServiceVerdict {
    /// Carries something out; what is wrong with the configuration, the accounts or a mailbox is told.
    static func refusing<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as ConfigurationError {
            Terminal.complain("\(error)\n")
        } catch let fault as AccountsFile.Fault {
            Terminal.complain("ringback: \(fault)\n")
        } catch let fault as StoredMail.Fault {
            Terminal.complain("ringback: \(fault)\n")
        }
        throw ExitCode(Verdict.refused.rawValue)
    }
}
