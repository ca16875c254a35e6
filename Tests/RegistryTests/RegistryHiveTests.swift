import Registry
import Testing

@Suite struct RegistryHiveTests {
    private let services = RegistryKeyPath(.localMachine, ["System", "Services"])

    @Test func `a value is found whatever the case of key and name`() throws {
        var hive = RegistryHive()
        hive.set("RootDir", in: services, to: .string(#"C:\imcdata"#))
        #expect(hive.value("rootdir", in: try RegistryKeyPath(parsing: #"hklm\SYSTEM\services"#)) != nil)
        hive.set("ROOTDIR", in: services, to: .string("D:"))
        #expect(hive.entries(of: services).map(\.name) == ["RootDir"])
        #expect(hive.value("RootDir", in: services) == .string("D:"))
        hive.remove("rootDIR", in: services)
        #expect(hive.value("RootDir", in: services) == nil)
        #expect(hive.keys == [services])
    }

    @Test func `the order does not show who was set first`() {
        var (forwards, backwards) = (RegistryHive(), RegistryHive())
        let names = ["Alpha", "Bravo", "Charlie", "Delta"]
        let keys = names.map { RegistryKeyPath(.localMachine, [$0]) }
        for key in keys { for name in names { forwards.set(name, in: key, to: .dword(1)) } }
        for key in keys.reversed() { for name in names.reversed() { backwards.set(name, in: key, to: .dword(1)) } }
        #expect(forwards == backwards)
        #expect(forwards.keys == keys)
        #expect(forwards.entries(of: keys[2]).map(\.name) == names)
    }

    @Test func `a removed key takes the keys below it along`() {
        var hive = RegistryHive()
        hive.set("Start", in: RegistryKeyPath(.localMachine, ["System", "Services", "DNS"]), to: .dword(2))
        hive.createKey(RegistryKeyPath(.localMachine, ["System", "Servicemen"]))
        hive.removeKey(services)
        #expect(hive.keys == [RegistryKeyPath(.localMachine, ["System", "Servicemen"])])
    }

    private let exported = """
        Windows Registry Editor Version 5.00\r
        \r
        ; what the support engineer sent\r
        [HKEY_LOCAL_MACHINE\\System\\CurrentControlSet\\Services\\MSExchangeIMC\\Parameters]\r
        "DisableETRN"=dword:00000001 ; KB Q258292\r
        "RootDir" = "C:\\\\exchsrvr\\\\imcdata; old" ; moved\r
        @="the default"\r
        "AlwaysUseETRN"=dword:1\r
        "AlwaysUseETRN"=-\r
        [HKEY_LOCAL_MACHINE\\Software\\Trial]\r
        "Days"=dword:0000001e\r
        [-HKEY_LOCAL_MACHINE\\Software]\r

        """

    @Test func `an exported file is imported line by line`() throws {
        var hive = RegistryHive()
        try hive.importFile(text: exported)
        #expect(
            hive.fileText.split(separator: "\r\n") == [
                "Windows Registry Editor Version 5.00",
                #"[HKEY_LOCAL_MACHINE\System\CurrentControlSet\Services\MSExchangeIMC\Parameters]"#,
                #"@="the default""#, #""DisableETRN"=dword:00000001"#,
                #""RootDir"="C:\\exchsrvr\\imcdata; old""#,
            ])
    }

    @Test func `the same file in UTF-8, UTF-16 and the old signature reads the same`() throws {
        var expected = RegistryHive()
        try expected.importFile(text: exported)
        var (little, big): ([UInt8], [UInt8]) = ([0xFF, 0xFE], [0xFE, 0xFF])
        for unit in exported.utf16 {
            little += [UInt8(unit & 0xFF), UInt8(unit >> 8)]
            big += [UInt8(unit >> 8), UInt8(unit & 0xFF)]
        }
        let old = exported.split(separator: "\r\n", omittingEmptySubsequences: false).dropFirst()
        let oldText = (["REGEDIT4"] + old).joined(separator: "\n")
        let plain = Array(exported.utf8)
        let files: [[UInt8]] = [plain, [0xEF, 0xBB, 0xBF] + plain, little, big, Array(oldText.utf8)]
        for octets in files {
            var hive = RegistryHive()
            try hive.importFile(octets)
            #expect(hive == expected)
        }
    }

    @Test(arguments: [
        ("", 1, RegistryFileError.Problem.signature("")), ("regedit\n", 1, .signature("regedit")),
        ("REGEDIT4\n\n\"a\"=dword:1", 3, .valueWithoutKey), ("REGEDIT4\n[HKLM\\a", 2, .unclosedKey),
        ("REGEDIT4\n[HKXX\\a]", 2, .key(.unknownRoot("HKXX"))), ("REGEDIT4\n[-HKLM]", 2, .deletesRoot),
        ("REGEDIT4\n[HKLM\\a]\nDays=1", 3, .notAnEntry("Days=1")),
        ("REGEDIT4\n[HKLM\\a]\n\"b\"", 3, .value(.notAValue(""))),
        ("REGEDIT4\n[HKLM\\a]\n\"b=1", 3, .value(.unclosedText)),
        ("REGEDIT4\n[HKLM\\a]\n\"b\"=1", 3, .value(.notAValue("1"))),
        ("REGEDIT4\n[HKLM\\a]\n\"b\"=", 3, .value(.notAValue(""))),
        ("REGEDIT4\n[HKLM\\a]\n\"b\"=\"x\" y", 3, .value(.unclosedText)),
        ("REGEDIT4\n[HKLM\\a]\n\"b\"=hex(b):41,00,\\\n  00,00", 3, .value(.unsupportedType("hex(b)"))),
        ("REGEDIT4\n[HKLM\\a]\n\n\"b\"=hex:41,\\\n  4x", 4, .value(.notAnOctet("4x"))),
        ("REGEDIT4\n[HKLM\\a]\n\"b\"=hex:41,\\", 3, .value(.unfinished)),
        ("REGEDIT4\n[HKLM\\a]\n\"b\"=hex:41,\\\n\nx", 3, .value(.notAnOctet(""))),
        ("REGEDIT4\n[-HKLM\\a]\n\"b\"=dword:1", 3, .valueWithoutKey),
    ])
    func `a file with a mistake names its line and changes nothing`(
        text: String, line: Int, problem: RegistryFileError.Problem
    ) {
        var hive = RegistryHive()
        hive.set("Start", in: services, to: .dword(2))
        let before = hive
        let error = #expect(throws: RegistryFileError.self) { try hive.importFile(text: text) }
        #expect(error?.line == line)
        #expect(error?.problem == problem)
        #expect(hive == before)
        #expect(error?.description.hasPrefix("line \(line): ") == true)
    }

    @Test(arguments: [[0xFF, 0xFE, 0x41], [0x41, 0xC3, 0x28], [0xFF, 0xFE, 0x00, 0xD8]] as [[UInt8]])
    func `octets that are no text are refused`(octets: [UInt8]) {
        var hive = RegistryHive()
        let error = #expect(throws: RegistryFileError.self) { try hive.importFile(octets) }
        #expect(error?.problem == .encoding)
    }

    @Test func `a key is there when something below it is`() throws {
        var hive = RegistryHive()
        hive.createKey(RegistryKeyPath(.localMachine, ["System", "Services", "DNS"]))
        #expect(hive.contains(services))
        #expect(hive.contains(RegistryKeyPath(.users, [])))
        #expect(!hive.contains(RegistryKeyPath(.localMachine, ["System", "Servicemen"])))
        #expect(!hive.contains(RegistryKeyPath(.users, ["System"])))
    }

    @Test func `a part holds a key and what is below it`() {
        var hive = RegistryHive()
        hive.set("Start", in: services, to: .dword(2))
        let below = RegistryKeyPath(.localMachine, ["system", "SERVICES", "DNS"])
        hive.set("Start", in: below, to: .dword(3))
        hive.createKey(RegistryKeyPath(.localMachine, ["System"]))
        #expect(hive.part(below: services).keys == [services, below])
        #expect(hive.part(below: services).value("Start", in: below) == .dword(3))
        #expect(hive.part(below: RegistryKeyPath(.users, [])).keys == [])
    }
}
