import Foundation
import TestSupport
import Testing

/// `ringback registry`, as somebody types it who knows reg.exe.
struct RegistryCommandTests {
    private static let key = #"HKLM\System\CurrentControlSet\Services\MSExchangeIMC\Parameters"#
    private static let longKey = #"HKEY_LOCAL_MACHINE\System\CurrentControlSet\Services\MSExchangeIMC\Parameters"#
    private static let hive = """
        REGEDIT4

        [HKEY_LOCAL_MACHINE\\System\\CurrentControlSet\\Services\\MSExchangeIMC\\Parameters]
        "DisableETRN"=dword:00000000
        "RootDir"="C:\\\\exchsrvr\\\\imcdata"

        """
    private static let done = "The operation completed successfully.\n"

    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try write(RegistryCommandTests.hive, to: "server.reg")
    }

    private func write(_ text: String, to name: String) throws { try folder.write(Array(text.utf8), to: name) }

    private func registry(_ arguments: String..., hive: String = "server.reg") throws -> ExternalTool.Outcome {
        try Ringback.run(["registry"] + arguments + ["--hive", hive], in: folder.path)
    }

    private func text(of name: String) throws -> String {
        let octets = try folder.octets(of: name)
        let isWide = octets.starts(with: [0xFF, 0xFE])
        let text = String(bytes: octets, encoding: isWide ? .utf16 : .windowsCP1252)
        return try #require(text).replacing("\r\n", with: "\n")
    }

    /// That something was refused, with nothing written.
    private func expectRefused(
        _ outcome: ExternalTool.Outcome, code: Int32 = 2, _ complaint: String,
        at location: SourceLocation = #_sourceLocation
    ) throws {
        #expect(outcome.code == code, sourceLocation: location)
        #expect(outcome.output == "", sourceLocation: location)
        #expect(outcome.complaint.contains(complaint), "\(outcome.complaint)", sourceLocation: location)
        #expect(try text(of: "server.reg") == RegistryCommandTests.hive, sourceLocation: location)
        #expect(try !folder.files.contains { $0.contains(".before-") }, sourceLocation: location)
    }

    @Test func `a value is queried under the short name of its key`() throws {
        let outcome = try registry("query", Self.key.uppercased(), "/v", "disableetrn")
        #expect(outcome.code == 0)
        #expect(outcome.output == "\n\(Self.longKey.uppercased())\n    DisableETRN    REG_DWORD    0x0\n")
        let all = try registry("query", #"HKLM\System"#, "/s")
        #expect(all.output.contains(#"    RootDir    REG_SZ    C:\exchsrvr\imcdata"#))
    }

    @Test func `what is not there is code 1`() throws {
        try expectRefused(registry("query", Self.key, "/v", "Colour"), code: 1, #"has no value "Colour""#)
        try expectRefused(registry("query", #"HKCU\Software"#), code: 1, #"there is no key HKEY_CURRENT_USER\Software"#)
        try expectRefused(registry("delete", Self.key, "/v", "Colour", "/f"), code: 1, #"has no value "Colour""#)
        try expectRefused(registry("delete", #"HKLM\Software"#, "/f"), code: 1, "there is no key")
        try expectRefused(registry("export", #"HKLM\Software"#, "out.reg"), code: 1, "there is no key")
    }

    @Test func `before a change the hive is kept as it was`() throws {
        let first = try registry("add", Self.key, "/v", "DisableETRN", "/t", "REG_DWORD", "/d", "1", "/f")
        #expect(first.code == 0, "\(first.complaint)")
        #expect(first.output.hasPrefix("The hive as it was is kept in server.reg.before-1.reg.\n" + Self.done))
        #expect(try text(of: "server.reg.before-1.reg") == Self.hive)
        #expect(try text(of: "server.reg") == Self.hive.replacing("dword:00000000", with: "dword:00000001"))
        let second = try registry("delete", Self.key, "/va", "/f")
        #expect(second.output.contains("server.reg.before-2.reg"))
        #expect(try text(of: "server.reg.before-2.reg").contains("dword:00000001"))
        #expect(try folder.files == ["server.reg", "server.reg.before-1.reg", "server.reg.before-2.reg"])
    }

    @Test func `what changes nothing writes nothing`() throws {
        let outcome = try registry("add", Self.key, "/v", "DisableETRN", "/t", "REG_DWORD", "/d", "0x0", "/f")
        #expect(outcome.output == Self.done)
        #expect(try folder.files == ["server.reg"])
        #expect(try text(of: "server.reg") == Self.hive)
    }

    @Test func `values without effect are told after a change of the Exchange parameters`() throws {
        let outcome = try registry("add", Self.key, "/v", "Colour", "/d", "grün")
        #expect(
            outcome.output.split(separator: "\n").suffix(2) == [
                "Colour is without effect here: it is not known",
                "RootDir is without effect here (in Exchange it names the folder of the queues; KB Q244048)",
            ])
        let elsewhere = try registry("add", #"HKLM\Software\Trial"#, "/ve", "/d", "x")
        #expect(elsewhere.output.split(separator: "\n").count == 2)
    }

    @Test func `all five types are added, exported and imported`() throws {
        for (name, type, data) in [
            ("Number", "REG_DWORD", "4294967295"), ("Text", "REG_SZ", "a"), ("Path", "REG_EXPAND_SZ", "%A%"),
            ("Texts", "REG_MULTI_SZ", #"a\0b"#), ("Octets", "REG_BINARY", "00ff"),
        ] {
            #expect(try registry("add", #"HKLM\Software"#, "/v", name, "/t", type, "/d", data).code == 0)
        }
        #expect(try registry("export", #"HKLM\Software"#, "out.reg").output == Self.done)
        let lines = try text(of: "out.reg").split(separator: "\n")
        #expect(
            lines == [
                "Windows Registry Editor Version 5.00", #"[HKEY_LOCAL_MACHINE\Software]"#,
                #""Number"=dword:ffffffff"#, #""Octets"=hex:00,ff"#, #""Path"=hex(2):25,00,41,00,25,00,00,00"#,
                #""Text"="a""#, #""Texts"=hex(7):61,00,00,00,62,00,00,00,00,00"#,
            ])
        try write("REGEDIT4\n", to: "other.reg")
        #expect(try registry("import", "out.reg", hive: "other.reg").code == 0)
        #expect(try text(of: "other.reg").contains("\"Texts\"=hex(7):61,00,62,00,00\n"))
    }

    @Test func `an export and a backup replace a file only when that is said, and never the hive`() throws {
        try write("mine", to: "out.reg")
        try expectRefused(registry("export", Self.key, "out.reg"), "/y replaces it")
        try expectRefused(registry("backup", "out.reg"), "/y replaces it")
        try expectRefused(registry("export", Self.key, "./server.reg", "/y"), "this file is what would be read")
        #expect(try text(of: "out.reg") == "mine")
        #expect(try registry("export", Self.key, "out.reg", "/y", "--regedit4").code == 0)
        #expect(try text(of: "out.reg") == Self.hive)
    }

    @Test func `a backup is restored, also over a hive that is no registry file any more, or gone`() throws {
        #expect(try registry("backup", "kept.reg").code == 0)
        try write("spoiled", to: "server.reg")
        #expect(try registry("query", #"HKLM\System"#).code == 2)
        let restored = try registry("restore", "kept.reg")
        #expect(restored.code == 0)
        #expect(try text(of: "server.reg.before-1.reg") == "spoiled")
        #expect(try text(of: "server.reg") == Self.hive)
        try FileManager.default.removeItem(atPath: folder.file("server.reg"))
        #expect(try registry("restore", "kept.reg").output.hasPrefix(Self.done))
        #expect(try text(of: "server.reg") == Self.hive)
    }

    @Test(arguments: [
        (["add", key, "/v", "DisableETRN", "/t", "REG_DWORD", "/d", "2", "/f"], "expected REG_DWORD 0 or 1"),
        (["add", key, "/v", "DisableETRN", "/d", "1", "/f"], #"is REG_SZ "1", expected REG_DWORD 0 or 1"#),
        (["add", key, "/v", "DisableETRN", "/t", "REG_DWORD", "/d", "1"], "/f replaces it"),
        (["add", key, "/v", "a", "/t", "REG_QWORD", "/d", "1"], #""REG_QWORD" is none of REG_DWORD"#),
        (["add", key, "/v", "a", "/t", "REG_DWORD", "/d", "4294967296"], "is out of range"),
        (["add", #"HKXX\System"#], #"no predefined key is called "HKXX""#),
        (["add", #"HKLM\System\\Services"#], "a key without a name"),
        (["add", key, "/v", "a", "/d", "日本"], "REGEDIT4 files cannot hold"),
        (["delete", key], "nothing is deleted without /f"), (["delete", "HKLM", "/f"], "cannot be deleted"),
        (["import", "none.reg"], "none.reg: no such file"), (["restore", "."], ".: cannot be read"),
    ])
    func `a wrong type, range or path is refused`(arguments: [String], complaint: String) throws {
        try expectRefused(
            Ringback.run(["registry"] + arguments + ["--hive", "server.reg"], in: folder.path), complaint)
    }

    @Test func `a bad file is refused with its line`() throws {
        try write("REGEDIT4\n[HKLM\\Software]\n\"a\"=hex:0g\n", to: "bad.reg")
        try expectRefused(registry("import", "bad.reg"), #"bad.reg: line 3: "0g" is not an octet"#)
        try expectRefused(registry("restore", "bad.reg"), "bad.reg: line 3:")
        try expectRefused(registry("query", "HKLM", hive: "none.reg"), "none.reg: no such file")
        try expectRefused(registry("add", "HKLM", hive: "none.reg"), "none.reg: no such file")
    }

    @Test func `a place that cannot be written is code 3`() throws {
        try expectRefused(registry("backup", "none/out.reg"), code: 3, "cannot create none/out.reg")
        try FileManager.default.createSymbolicLink(atPath: folder.file("link.reg"), withDestinationPath: "server.reg")
        let outcome = try registry("add", #"HKLM\Software"#, hive: "link.reg")
        #expect(outcome.code == 3)
        #expect(try text(of: "server.reg") == Self.hive)
    }

    @Test(arguments: [
        (["query"], "query takes a key"), (["query", "HKLM", "/v", "a", "/ve"], "only one"),
        (["query", "HKLM", "/q"], "Unknown option '/q'"), (["import", "a.reg", "/y"], "Unknown option '/y'"),
        (["add", "HKLM", "/d", "1"], "/t and /d need /v or /ve"), (["query", "HKLM", "/s", "/S"], "twice"),
        (["delete", "HKLM", "/v", "a", "/va", "/f"], "only one"), (["copy", "HKLM"], "'copy' is invalid for '<verb>'"),
        (["export", "HKLM"], "export takes a key and a file"),
    ])
    func `a command line that is not understood is code 64`(arguments: [String], complaint: String) throws {
        let outcome = try Ringback.run(["registry"] + arguments + ["--hive", "server.reg"], in: folder.path)
        try expectRefused(outcome, code: 64, complaint)
    }

    @Test func `one hive is named, not two and not none`() throws {
        for sources in [[], ["--hive", "server.reg", "--scenario", "a.yaml"], ["--hive"], ["--hive="]] {
            let outcome = try Ringback.run(["registry", "query", "HKLM"] + sources, in: folder.path)
            #expect(outcome.code == 64)
        }
    }

    @Test func `a path is no option, though it begins with a stroke`() throws {
        #expect(try registry("backup", folder.file("kept.reg")).code == 0)
        #expect(try folder.files.contains("kept.reg"))
    }

    @Test func `a scenario's own registry is queried and exported only`() throws {
        let scenario = "\(Ringback.package)/\(Ringback.file(of: "etrn-disabled"))"
        func registry(_ arguments: String...) throws -> ExternalTool.Outcome {
            try Ringback.run(["registry"] + arguments + ["--scenario", scenario], in: folder.path)
        }
        #expect(try registry("query", Self.key, "/v", "DisableETRN").output.contains("REG_DWORD    0x1"))
        #expect(try registry("export", "HKLM", "out.reg").code == 0)
        #expect(try text(of: "out.reg").contains("\"DisableETRN\"=dword:00000001"))
        try expectRefused(registry("add", Self.key, "/v", "a"), "it can be queried and exported only")
        try expectRefused(registry("backup", "b.reg"), "it can be queried and exported only")
    }

    @Test func `a scenario that names a registry file has that one changed`() throws {
        let office = "\(Ringback.package)/\(Ringback.file(of: "etrn-disabled"))"
        var lines = try String(contentsOfFile: office, encoding: .utf8).split(separator: "\n").map { String($0) }
        let place = try #require(lines.firstIndex { $0.hasPrefix("  registry:") })
        lines[place] = "  registry: server.reg"
        lines[(place + 1)...].removeAll { $0.contains("HKLM") || $0.contains("DisableETRN") }
        try write(lines.joined(separator: "\n"), to: "story.yaml")
        try FileManager.default.copyItem(
            atPath: "\(Ringback.package)/Scenarios/provider.yaml", toPath: folder.file("provider.yaml"))
        let arguments = ["registry", "add", Self.key, "/v", "DisableETRN", "/t", "REG_DWORD", "/d", "1", "/f"]
        let outcome = try Ringback.run(arguments + ["--scenario", folder.file("story.yaml")])
        #expect(outcome.code == 0, "\(outcome.complaint)")
        #expect(try text(of: "server.reg").contains("dword:00000001"))
        #expect(try folder.files == ["provider.yaml", "server.reg", "server.reg.before-1.reg", "story.yaml"])
    }

    @Test func `help is no failure`() throws {
        for arguments in [["help", "registry"], ["registry", "--help"], ["registry", "query", "/?"]] {
            let outcome = try Ringback.run(arguments)
            #expect(outcome.code == 0)
            #expect(outcome.output.contains("add KEY [/v NAME | /ve]"))
        }
    }
}
