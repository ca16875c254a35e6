import ArgumentParser
import FlushService

/// `ringback queue`: looks into the queue of a service and has it delivered.
struct QueueCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "queue", abstract: "Looks into the service's queue, and has it delivered.",
        discussion: """
            Asks the service that runs on the store; when none does, the store is read itself.

            EXIT CODES:
              0    Done.
              1    There is no such message, the store is not whole, or nothing can be delivered now.
              2    The configuration was refused.
              3    The store cannot be opened.
              64   The command line was not understood.
            """,
        subcommands: [List.self, Show.self, Export.self, Flush.self, Verify.self])

    /// Whose queue it is.
    struct Place: ParsableArguments {
        @Option(help: ArgumentHelp("The configuration of the service.", valueName: "file"))
        var config: String

        @Option(
            name: .customLong("set"), parsing: .unconditionalSingleValue,
            help: ArgumentHelp("Set a value of the configuration, as in store=/srv/mail.", valueName: "path=value"))
        var overrides: [String] = []

        func ask(_ request: QueueRequest) throws {
            let configuration = try ServiceVerdict.refusing {
                try ServiceConfiguration(loading: config, overrides: overrides)
            }
            let answer: QueueRequest.Answer
            do throws(StoreError) {
                answer = try request.ask(configuration)
            } catch {
                Terminal.complain("ringback: \(error)\n")
                throw ExitCode(Verdict.unfinished.rawValue)
            }
            guard answer.isDone else {
                Terminal.complain("ringback: \(answer.text)")
                throw ExitCode(Verdict.fails.rawValue)
            }
            try Terminal.print(answer.text)
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lists the messages of a domain, or all of them.")

        @OptionGroup var place: Place
        @Argument(help: "The domain.") var domain: String?

        func run() throws { try place.ask(.list(domain: domain)) }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Says everything that is known of a message.")

        @OptionGroup var place: Place
        @Argument(help: "Its number.") var message: Int

        func run() throws { try place.ask(.show(message)) }
    }

    struct Export: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Prints a message.")

        @OptionGroup var place: Place
        @Argument(help: "Its number.") var message: Int

        func run() throws { try place.ask(.export(message)) }
    }

    struct Flush: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Has mail delivered at once, as ETRN does.")

        @OptionGroup var place: Place
        @Argument(help: "A domain, @domain for it and all below it, or #queue.") var node: String

        func run() throws { try place.ask(.flush(node)) }
    }

    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Looks at every page and every row of the store.")

        @OptionGroup var place: Place

        func run() throws { try place.ask(.verify) }
    }
}
