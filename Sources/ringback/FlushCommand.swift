import ArgumentParser
import FlushService

/// `ringback flush`: what the flushes of a service came to.
struct FlushCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "flush", abstract: "Says what the service's flushes came to.",
        discussion: """
            The last 10,000 are kept. To have mail delivered, say `ringback queue flush`.

            EXIT CODES:
              0    Done.
              1    There is no such flush.
              2    The configuration was refused.
              3    The store cannot be opened.
              64   The command line was not understood.
            """,
        subcommands: [List.self, Show.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists the last flushes of a domain, or of all; the youngest is the last line.")

        @OptionGroup var service: ServiceOptions
        @Option(help: "How many at the most.") var most = 100
        @Argument(help: "The domain.") var domain: String?

        func validate() throws {
            guard (1...10_000).contains(most) else { throw ValidationError("--most is a number from 1 to 10000.") }
        }

        func run() throws { try service.ask(.flushes(domain: domain, most: most)) }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Says everything that is known of a flush.")

        @OptionGroup var service: ServiceOptions
        @Argument(help: "Its number.") var flush: Int

        func run() throws { try service.ask(.flushReport(flush)) }
    }
}
