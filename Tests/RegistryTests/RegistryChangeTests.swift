import Registry
import Testing

/// What `reg add`, `delete`, `import` and restoring do to a hive.
@Suite struct RegistryChangeTests {
    private let parameters = ExchangeParameters.key
    private let services = RegistryKeyPath(.localMachine, ["System", "CurrentControlSet", "Services"])

    private var hive: RegistryHive {
        var hive = RegistryHive()
        hive.set("DisableETRN", in: parameters, to: .dword(0))
        hive.set("RootDir", in: parameters, to: .string("C:"))
        return hive
    }

    private func changed(_ change: RegistryChange) throws -> RegistryHive {
        var changed = hive
        try changed.carryOut(change)
        return changed
    }

    @Test func `a value is added, and replaced only when that is said`() throws {
        let added = try changed(.set("SiteDomain", in: parameters, to: .string("a.example"), replaces: false))
        #expect(added.value("SiteDomain", in: parameters) == .string("a.example"))
        let replaced = try changed(.set("rootdir", in: parameters, to: .string("D:"), replaces: true))
        #expect(replaced.value("RootDir", in: parameters) == .string("D:"))
    }

    @Test func `a key is added once and for all`() throws {
        #expect(try changed(.createKey(parameters)) == hive)
        let software = RegistryKeyPath(.localMachine, ["Software"])
        #expect(try changed(.createKey(software)).keys == [software, parameters])
    }

    @Test func `a value, all values and a key are deleted`() throws {
        #expect(try changed(.delete("DISABLEETRN", in: parameters)).entries(of: parameters).map(\.name) == ["RootDir"])
        let emptied = try changed(.deleteValues(of: parameters))
        #expect(emptied.keys == [parameters] && emptied.entries(of: parameters).isEmpty)
        #expect(try changed(.deleteKey(services)) == RegistryHive())
    }

    @Test func `an imported file goes on top, a restored one in the place`() throws {
        let file = Array("REGEDIT4\n[HKLM\\Software]\n\"Days\"=dword:1e\n".utf8)
        let software = RegistryKeyPath(.localMachine, ["Software"])
        #expect(try changed(.importFile(file)).keys == [software, parameters])
        #expect(try changed(.restore(file)).keys == [software])
    }

    @Test func `what is missing is told apart from what is wrong`() {
        let nowhere = RegistryKeyPath(.users, ["Nobody"])
        let missing: [RegistryChange] = [
            .delete("Colour", in: parameters), .delete("DisableETRN", in: nowhere), .deleteValues(of: nowhere),
            .deleteKey(nowhere),
        ]
        for change in missing { expectRefused(change, isMissing: true) }
        let wrong: [RegistryChange] = [
            .set("DisableETRN", in: parameters, to: .dword(1), replaces: false),
            .set("a\nb", in: parameters, to: .dword(1), replaces: true), .deleteKey(RegistryKeyPath(.localMachine, [])),
            .importFile(Array("REGEDIT".utf8)), .restore([0xFF, 0xFE, 0x41]),
        ]
        for change in wrong { expectRefused(change, isMissing: false) }
    }

    @Test func `a value that Exchange cannot mean is refused, whichever way it comes`() {
        let file = #"REGEDIT4\#n[\#(parameters)]\#n"RelayFlags"=dword:10"#
        for change in [
            .set("DisableETRN", in: parameters, to: .string("1"), replaces: true),
            .set("MaxRecipients", in: parameters, to: .dword(0), replaces: true), .importFile(Array(file.utf8)),
            .restore(Array(file.utf8)),
        ] as [RegistryChange] {
            expectRefused(change, isMissing: false)
        }
    }

    @Test func `a value that was wrong before hinders no other change`() throws {
        var hive = hive
        hive.set("SiteDN", in: parameters, to: .dword(1))
        try hive.carryOut(.set("DisableETRN", in: parameters, to: .dword(1), replaces: true))
        try hive.carryOut(.delete("SiteDN", in: parameters))
        #expect(ExchangeParameters.faults(in: hive) == [])
    }

    private func expectRefused(_ change: RegistryChange, isMissing: Bool) {
        var changed = hive
        let error = #expect(throws: RegistryChangeError.self) { try changed.carryOut(change) }
        #expect(error?.isAboutMissing == isMissing)
        #expect(error?.description.isEmpty == false)
        #expect(changed == hive)
    }
}
