import ArgumentParser
import FlushService

/// `ringback user`: the accounts of a service.
struct UserCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user", abstract: "Makes and removes the accounts of the service.",
        discussion: """
            Of a password only keys for SCRAM-SHA-256 are stored. It is read from the terminal, or from standard input \
            up to the end of the line. A running service takes changes over on SIGHUP.
            """,
        subcommands: [Add.self, List.self, Remove.self, Passwd.self])

    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Makes an account.")

        @OptionGroup var service: ServiceOptions
        @Argument(help: "Its name.") var name: String

        func run() throws {
            try ServiceVerdict.refusing {
                var accounts = try service.accounts()
                try accounts.add(name, password: Terminal.password())
            }
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Names the accounts.")

        @OptionGroup var service: ServiceOptions

        func run() throws {
            try ServiceVerdict.refusing {
                for account in try service.accounts().accounts { try Terminal.print(account.name + "\n") }
            }
        }
    }

    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Removes an account.")

        @OptionGroup var service: ServiceOptions
        @Argument(help: "Its name.") var name: String

        func run() throws {
            try ServiceVerdict.refusing {
                var accounts = try service.accounts()
                try accounts.remove(name)
            }
        }
    }

    struct Passwd: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Gives an account another password.")

        @OptionGroup var service: ServiceOptions
        @Argument(help: "Its name.") var name: String

        func run() throws {
            try ServiceVerdict.refusing {
                var accounts = try service.accounts()
                try accounts.setPassword(of: name, to: Terminal.password())
            }
        }
    }
}

extension ServiceOptions {
    fileprivate func accounts() throws -> AccountsFile { try AccountsFile(folder: configuration().plan.store) }
}
