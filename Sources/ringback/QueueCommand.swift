import ArgumentParser
import FlushService

/// `ringback queue`: looks into the queue of a service and has it delivered.
struct QueueCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "queue", abstract: "Looks into the service's queue, changes it, and has it delivered.",
        discussion: """
            Asks the service that runs on the store; when none does, the store is read itself.

            EXIT CODES:
              0    Done.
              1    It cannot be done now, or the store is not whole; why is told.
              2    The configuration or a mailbox was refused.
              3    The store cannot be opened.
              64   The command line was not understood.
            """,
        subcommands: [
            List.self, Show.self, Flush.self, Hold.self, Release.self, Remove.self, Export.self, Import.self,
            Verify.self,
        ])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lists the messages of a domain, or all of them.")

        @OptionGroup var service: ServiceOptions
        @Argument(help: "The domain.") var domain: String?

        func run() throws { try service.ask(.list(domain: domain)) }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Says everything that is known of messages but what they say.")

        @OptionGroup var chosen: ChosenMessages

        func run() throws { try chosen.ask(QueueRequest.show) }
    }

    struct Hold: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Keeps messages back: not tried, not counted, not expired until they are released.")

        @OptionGroup var chosen: ChosenMessages

        func run() throws { try chosen.ask(QueueRequest.hold) }
    }

    struct Release: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lets messages go on that were kept back.")

        @OptionGroup var chosen: ChosenMessages

        func run() throws { try chosen.ask(QueueRequest.release) }
    }

    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Takes messages out for good; their senders are not told.")

        @OptionGroup var chosen: ChosenMessages

        func run() throws { try chosen.ask(QueueRequest.remove) }
    }

    struct Import: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Takes the messages of a Maildir or an mbox into the queue.",
            discussion: """
                The mailbox stays as it is. Before anything is taken all messages are looked at: when one of them \
                cannot be taken, none is.
                """)

        @OptionGroup var service: ServiceOptions
        @Option(
            help: ArgumentHelp(
                "Who gets the messages; without it, whom X-Original-To, Delivered-To or Envelope-To names.",
                valueName: "address"))
        var to: [String] = []
        @Option(
            help: ArgumentHelp(
                "Where reports go; without it, to Return-Path or the address in the `From ` line.", valueName: "address"
            ))
        var from: String?
        @Argument(help: "The folder of a Maildir, or a file in mbox form.", completion: .file()) var mailbox: String

        func run() throws {
            let configuration = try service.configuration()
            try ServiceVerdict.refusing {
                let mail = try StoredMail(mailbox)
                for message in mail { _ = try message.request(to: to, from: from) }
                for message in mail { try service.ask(message.request(to: to, from: from), configuration) }
            }
        }
    }

    struct Export: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Prints messages.")

        @OptionGroup var chosen: ChosenMessages

        func run() throws { try chosen.ask(QueueRequest.export) }
    }

    struct Flush: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Has mail delivered at once, as ETRN does.")

        @OptionGroup var service: ServiceOptions
        @Argument(help: "A domain, @domain for it and all below it, or #queue.") var node: String

        func run() throws { try service.ask(.flush(node)) }
    }

    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Looks at every page and every row of the store.")

        @OptionGroup var service: ServiceOptions

        func run() throws { try service.ask(.verify) }
    }
}

/// Which messages are meant.
struct ChosenMessages: ParsableArguments {
    @OptionGroup var service: ServiceOptions
    @Argument(help: "Their numbers.") var messages: [Int]

    func ask(_ request: (Int) -> QueueRequest) throws { try service.ask(messages.map(request)) }
}

extension ServiceOptions {
    func ask(_ request: QueueRequest) throws { try ask([request]) }

    /// Asks one after the other, and stops at the first that cannot be done.
    func ask(_ requests: some Sequence<QueueRequest>) throws {
        let configuration = try configuration()
        for request in requests { try ask(request, configuration) }
    }

    func ask(_ request: QueueRequest, _ configuration: ServiceConfiguration) throws {
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
        try Terminal.print(answer.octets)
    }
}
