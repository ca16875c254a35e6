import ArgumentParser
import Registry

/// `ringback registry`: reads and changes a hive, spelt as reg.exe spells it.
struct RegistryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "registry", abstract: "Reads and changes a server's registry, as reg.exe does.",
        usage: "ringback registry <verb> [<words> ...] (--hive <file> | --scenario <file>)",
        discussion: """
            The hive is a .reg file of either generation. Of a scenario it is the .reg file that the server's \
            registry names; values that stand in the scenario itself can be queried and exported only.

            query KEY [/v NAME | /ve] [/s]
            add KEY [/v NAME | /ve] [/t TYPE] [/s SEPARATOR] [/d DATA] [/f]
            delete KEY [/v NAME | /ve | /va] /f
            export KEY FILE [/y] [--regedit4]
            import FILE
            backup FILE [/y]
            restore FILE

            KEY begins with HKLM, HKCU, HKCR, HKU, HKCC or their long names. TYPE is REG_SZ unless said otherwise, \
            REG_DWORD, REG_EXPAND_SZ, REG_MULTI_SZ or REG_BINARY. Before add, delete, import and restore change the \
            hive, it is kept as it was in the next free FILE.before-N.reg beside it.

            EXIT CODES:
              0    Done.
              1    There is no such key or value.
              2    Refused: a bad file, a wrong type, range or path. The hive is unchanged.
              3    A file could not be written.
              64   The command line was not understood.
            """)

    @Argument(help: ArgumentHelp("What to do.", valueName: "verb"))
    var verb: RegistryRequest.Verb

    @Argument(parsing: .captureForPassthrough, help: ArgumentHelp("The rest, as above.", valueName: "words"))
    var words: [String] = []

    func validate() throws {
        if !asksForHelp { _ = try RegistryRequest(verb, words) }
    }

    func run() throws {
        guard !asksForHelp else { throw CleanExit.helpRequest(self) }
        do {
            try RegistryRequest(verb, words).carryOut()
        } catch let refusal as RegistryRefusal {
            Terminal.complain("\(refusal.text)\n")
            throw ExitCode(refusal.verdict.rawValue)
        }
    }

    private var asksForHelp: Bool { ["/?", "-h", "--help"].contains { words.contains($0) } }
}
