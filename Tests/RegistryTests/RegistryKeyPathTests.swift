import Registry
import Testing

@Suite struct RegistryKeyPathTests {
    @Test func `the short and the long name of a root are one key, in any case`() throws {
        let short = try RegistryKeyPath(parsing: #"hklm\SYSTEM\currentcontrolset"#)
        let long = try RegistryKeyPath(parsing: #"HKEY_LOCAL_MACHINE\System\CurrentControlSet"#)
        #expect(short == long)
        #expect(Set([short, long]).count == 1)
        #expect(long.description == #"HKEY_LOCAL_MACHINE\System\CurrentControlSet"#)
        #expect(short.description == #"HKEY_LOCAL_MACHINE\SYSTEM\currentcontrolset"#)
    }

    @Test(arguments: RegistryKeyPath.Root.allCases)
    func `every root is read by both of its names`(root: RegistryKeyPath.Root) throws {
        #expect(try RegistryKeyPath(parsing: root.rawValue).root == root)
        #expect(try RegistryKeyPath(parsing: root.abbreviation + #"\Software"#).root == root)
    }

    @Test(arguments: [
        ("", RegistryKeyPathError.unknownRoot("")), (#"HKXX\Software"#, .unknownRoot("HKXX")),
        (#"\HKLM"#, .unknownRoot("")), (#"HKLM\"#, .emptyName), (#"HKLM\a\\b"#, .emptyName),
        ("HKLM\\a\nb", .unprintable), (#"HKLM\"# + String(repeating: "x", count: 256), .nameTooLong),
    ])
    func `what is no path is refused with the reason`(text: String, error: RegistryKeyPathError) {
        #expect(throws: error) { try RegistryKeyPath(parsing: text) }
        #expect(!error.description.isEmpty)
    }

    @Test func `a key is below another only at a backslash`() {
        let services = RegistryKeyPath(.localMachine, ["System", "Services"])
        #expect(RegistryKeyPath(.localMachine, ["system", "services", "DNS"]).isAtOrBelow(services))
        #expect(services.isAtOrBelow(services))
        #expect(!RegistryKeyPath(.localMachine, ["System", "ServicesOld"]).isAtOrBelow(services))
    }
}
