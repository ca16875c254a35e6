import Registry
import Testing

/// What `reg query` prints.
@Suite struct RegistryQueryTests {
    private let hive: RegistryHive
    private let system = RegistryKeyPath(.localMachine, ["System"])

    init() throws {
        var hive = RegistryHive()
        try hive.importFile(
            text: """
                Windows Registry Editor Version 5.00
                [HKLM\\System\\Services]
                "Start"=dword:2
                @="all"
                [HKLM\\System\\Services\\DNS]
                "List"=hex(7):41,00,00,00,42,00,00,00,00,00
                [HKLM\\System\\Services DNS]
                [HKLM\\System\\Services\\Mail\\Parameters]
                """)
        self.hive = hive
    }

    @Test func `a key shows its values and the names of the keys below`() {
        let text = hive.query(RegistryKeyPath(.localMachine, ["system", "services"]), name: nil, descends: false)
        #expect(
            text == #"""

                HKEY_LOCAL_MACHINE\system\services
                    (Default)    REG_SZ    all
                    Start    REG_DWORD    0x2

                HKEY_LOCAL_MACHINE\System\Services\DNS
                HKEY_LOCAL_MACHINE\System\Services\Mail

                """#)
    }

    @Test func `a key that only has keys below shows them`() {
        let text =
            "\n" + #"HKEY_LOCAL_MACHINE\System\Services"# + "\n" + #"HKEY_LOCAL_MACHINE\System\Services DNS"# + "\n"
        #expect(hive.query(system, name: nil, descends: false) == text)
    }

    @Test func `descending shows every key with its values`() {
        let text = hive.query(RegistryKeyPath(.localMachine, ["System", "Services"]), name: nil, descends: true)
        #expect(
            text == #"""

                HKEY_LOCAL_MACHINE\System\Services
                    (Default)    REG_SZ    all
                    Start    REG_DWORD    0x2

                HKEY_LOCAL_MACHINE\System\Services\DNS
                    List    REG_MULTI_SZ    A\0B

                HKEY_LOCAL_MACHINE\System\Services\Mail\Parameters

                """#)
    }

    @Test func `one value is shown alone, wherever it is below`() {
        let services = RegistryKeyPath(.localMachine, ["System", "Services"])
        let start = "\n" + #"HKEY_LOCAL_MACHINE\System\Services"# + "\n    Start    REG_DWORD    0x2\n"
        #expect(hive.query(services, name: "START", descends: false) == start)
        #expect(hive.query(system, name: "start", descends: true) == start)
        #expect(hive.query(services, name: "", descends: false)?.contains("(Default)    REG_SZ    all") == true)
    }

    @Test func `what is not there is nothing`() {
        #expect(hive.query(RegistryKeyPath(.localMachine, ["Software"]), name: nil, descends: true) == nil)
        #expect(hive.query(system, name: "Start", descends: false) == nil)
        #expect(hive.query(system, name: "Stop", descends: true) == nil)
    }
}
