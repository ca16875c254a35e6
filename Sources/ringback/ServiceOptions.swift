import ArgumentParser
import FlushService
import Foundation

/// Which service is meant: its configuration, and what stands instead of values in it.
struct ServiceOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The configuration of the service.", valueName: "file"))
    var config: String

    @OptionGroup var values: ServiceValues

    func configuration() throws -> ServiceConfiguration { try values.configuration(in: config) }
}

/// Values that stand instead of those in a configuration.
struct ServiceValues: ParsableArguments {
    @Option(
        name: .customLong("set"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Set a value of the configuration, as in store=/srv/mail; stronger than RINGBACK_STORE in the environment. "
                + "May be repeated.", valueName: "path=value"))
    var overrides: [String] = []

    func configuration(in file: String) throws -> ServiceConfiguration {
        try ServiceVerdict.refusing {
            let environment = try ServiceConfiguration.overrides(from: ProcessInfo.processInfo.environment)
            return try ServiceConfiguration(loading: file, overrides: environment + overrides)
        }
    }
}
