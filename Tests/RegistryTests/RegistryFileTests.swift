import Registry
import TestSupport
import Testing

/// `.reg` files of both generations, octet by octet.
@Suite struct RegistryFileTests {
    private let parameters = ExchangeParameters.key

    private func hive(_ value: RegistryValue, name: String = "Value") -> RegistryHive {
        var hive = RegistryHive()
        hive.set(name, in: RegistryKeyPath(.localMachine, ["Software"]), to: value)
        return hive
    }

    private static let values: [RegistryValue] = [
        .dword(0), .dword(.max), .string(""), .string(#"a "quoted" C:\path; no comment"#), .string("grün €"),
        .expandString(#"%SystemRoot%\system32"#), .expandString(""), .multiString([]), .multiString(["192.0.2.1"]),
        .multiString((1...30).map { "192.0.2.\($0);255.255.255.255" }), .binary([]), .binary(Array(0...255)),
    ]

    @Test(arguments: values, RegistryFileFormat.allCases)
    func `every value comes back from both generations`(value: RegistryValue, format: RegistryFileFormat) throws {
        let octets = try hive(value).file(format)
        var again = RegistryHive()
        #expect(try again.importFile(octets) == format)
        #expect(again == hive(value))
        #expect(RegistryFileFormat(ofFile: octets) == format)
    }

    @Test func `version 5 is UTF-16 with a byte order mark, little end first`() throws {
        let octets = try hive(.string("ü")).file(.version5)
        #expect(octets.starts(with: [0xFF, 0xFE, 0x57, 0x00, 0x69, 0x00]))
        #expect(octets.suffix(8).elementsEqual([0xFC, 0x00, 0x22, 0x00, 0x0D, 0x00, 0x0A, 0x00]))
    }

    @Test func `REGEDIT4 is Windows-1252`() throws {
        let octets = try hive(.string("ü€")).file(.regedit4)
        #expect(octets.starts(with: "REGEDIT4\r\n\r\n[HKEY_LOCAL_MACHINE\\Software]\r\n".utf8))
        #expect(octets.suffix(5).elementsEqual([0xFC, 0x80, 0x22, 0x0D, 0x0A]))
    }

    @Test func `lists are in UTF-16 in one generation and in Windows-1252 in the other`() throws {
        let hive = hive(.multiString(["é", "B"]), name: "L")
        #expect(hive.fileText.contains("\"L\"=hex(7):e9,00,00,00,42,00,00,00,00,00\r\n"))
        let older = try String(decoding: hive.file(.regedit4), as: UTF8.self)
        #expect(older.contains("\"L\"=hex(7):e9,00,42,00,00\r\n"))
    }

    @Test func `octets go on below after a backslash, as the registry editor breaks them`() {
        let lines = hive(.binary(Array(repeating: 0xAB, count: 60)), name: "Octets").fileText.split(separator: "\r\n")
        #expect(lines.count == 5)
        #expect(lines[2] == "\"Octets\"=hex:" + String(repeating: "ab,", count: 22) + "\\")
        #expect(lines[3] == "  " + String(repeating: "ab,", count: 25) + "\\")
        #expect(lines[4] == "  " + String(repeating: "ab,", count: 12) + "ab")
    }

    @Test func `a name of any length leaves its octets on the lines below`() throws {
        let long = hive(.binary([1, 2]), name: String(repeating: "a,b:", count: 60))
        var again = RegistryHive()
        try again.importFile(text: long.fileText)
        #expect(again == long)
    }

    @Test func `what regedit wrote on Windows NT 4 is read`() throws {
        let text = """
            REGEDIT4

            [HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\MSExchangeIMC\\Parameters]
            "RootDir"="D:\\\\exchsrvr\\\\imcdata"
            "RelayDenyList"=hex(7):31,30,2e,30,2e,30,2e,30,3b,32,35,35,2e,30,2e,30,2e,30,00,\\
              31,39,32,2e,30,2e,32,2e,37,00,00 ; two networks
            "ImagePath"=hex(2):25,50,25,\\ ; goes on
              00
            @=hex:\\
              01,02
            """
        var hive = RegistryHive()
        try hive.importFile(Array(text.replacing("\n", with: "\r\n").utf8))
        #expect(hive.value("RelayDenyList", in: parameters) == .multiString(["10.0.0.0;255.0.0.0", "192.0.2.7"]))
        #expect(hive.value("ImagePath", in: parameters) == .expandString("%P%"))
        #expect(hive.value("", in: parameters) == .binary([1, 2]))
        #expect(hive.value("RootDir", in: parameters) == .string(#"D:\exchsrvr\imcdata"#))
    }

    @Test func `every octet above ASCII is a character of REGEDIT4`() throws {
        let octets = Array("REGEDIT4\n[HKLM\\Software]\n\"Value\"=\"".utf8) + [0x80, 0x92, 0xE4, 0xFF, 0x22]
        var hive = RegistryHive()
        try hive.importFile(octets)
        #expect(hive == self.hive(.string("€’äÿ")))
    }

    @Test(arguments: [
        (RegistryValue.string("日本"), "Value"), (.multiString(["a", "日本"]), "Value"), (.dword(1), "日本"),
    ])
    func `a character that REGEDIT4 lacks is refused and not replaced`(value: RegistryValue, name: String) throws {
        let hive = hive(value, name: name)
        let error = #expect(throws: RegistryEncodingError.self) { try hive.file(.regedit4) }
        #expect(error?.name == name)
        #expect(error?.description.contains("HKEY_LOCAL_MACHINE\\Software\\\(name)") == true)
        var again = RegistryHive()
        try again.importFile(hive.file(.version5))
        #expect(again == hive)
    }

    private let newer = """
        Windows Registry Editor Version 5.00\r
        [HKLM\\Sys]\r
        "a"=hex(2):25,00,41,00,25,00,00,00\r
        "b"=hex(7):41,00,00,00,\\\r
          42,00,00,00,00,00\r
        "c"=hex:0a,ff\r
        "d"="x; \\"y\\"" ; z\r
        "a"=-\r
        [-HKLM\\Sys\\b]\r

        """
    private let older = """
        REGEDIT4
        [HKLM\\Sys]
        "a"=hex(2):25,41,25,00
        "b"=hex(7):41,00,\\
          42,00,00
        @="x" ;
        "a"=dword:1
        """

    @Test func `no truncation and no mutation traps or is accepted without being written again`() throws {
        var mutations = Mutations(of: "registry", telling: "[]\\\"=@-:;\n1,()hex\0")
        for text in [newer, older] {
            let plain = Array(text.utf8)
            for length in 0...plain.count { try expectReversible(Array(plain.prefix(length))) }
            for _ in 0..<Mutations.count(40_000) { try expectReversible(mutations.spoil(plain)) }
        }
        let wide: [UInt8] = [0xFF, 0xFE] + newer.utf16.flatMap { unit in [UInt8(unit & 0xFF), UInt8(unit >> 8)] }
        for length in 0...wide.count { try expectReversible(Array(wide.prefix(length))) }
        for _ in 0..<Mutations.count(40_000) { try expectReversible(mutations.spoil(wide)) }
    }

    private func expectReversible(_ octets: [UInt8]) throws {
        var hive = RegistryHive()
        guard (try? hive.importFile(octets)) != nil else { return }
        for format in RegistryFileFormat.allCases {
            guard let file = try? hive.file(format) else { continue }
            var again = RegistryHive()
            try again.importFile(file)
            if again != hive { Issue.record("\(octets) is not written again as \(format)") }
        }
    }
}
