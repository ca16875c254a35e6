import Registry
import Testing

@Suite struct RegistryValueTests {
    @Test(arguments: [
        ("dword:0", RegistryValue.dword(0)), ("dword:00000001", .dword(1)), ("DWORD:ffffFFFF", .dword(.max)),
        ("dword:10", .dword(16)), ("10", .dword(10)), ("4294967295", .dword(.max)), (#""1""#, .string("1")),
        ("hex:", .binary([])), ("hex:0a, FF,1", .binary([10, 255, 1])), ("hex(3):00", .binary([0])),
        ("hex(1):41,00,00,00", .string("A")), ("hex(4):78,56,34,12", .dword(0x1234_5678)),
        ("hex(2):25,00,41,00,25,00,00,00", .expandString("%A%")), ("hex(2):3d,d8,00,de", .expandString("\u{1F600}")),
        ("HEX(7):41,00,00,00,42,00,43,00,00,00,00,00", .multiString(["A", "BC"])), ("hex(7):00,00", .multiString([])),
        ("hex(7):41,00", .multiString(["A"])), ("hex(7):", .multiString([])),
        (#""""#, .string("")), (#""C:\\exchsrvr \"imcdata\"""#, .string(#"C:\exchsrvr "imcdata""#)),
    ])
    func `the forms of a value are read`(text: String, value: RegistryValue) throws {
        #expect(try RegistryValue(parsing: text) == value)
        #expect(try RegistryValue(parsing: value.description) == value)
    }

    @Test(arguments: [
        ("", RegistryValueError.notAValue("")), ("yes", .notAValue("yes")), ("-1", .notAValue("-1")),
        ("4294967296", .outOfRange), ("99999999999999999999", .outOfRange), ("dword:", .notADWORD("")),
        ("dword:123456789", .notADWORD("123456789")), ("dword:+1", .notADWORD("+1")), ("dword:0x1", .notADWORD("0x1")),
        ("hex(b):41,00", .unsupportedType("hex(b)")), ("hex(0):", .unsupportedType("hex(0)")),
        ("a:b", .notAValue("a:b")), ("hex:1,,2", .notAnOctet("")), ("hex:1,", .notAnOctet("")),
        ("hex:012", .notAnOctet("012")), ("hex:-1", .notAnOctet("-1")), ("hex:+1", .notAnOctet("+1")),
        ("hex:g0", .notAnOctet("g0")), ("hex(4):01,00", .notFourOctets(2)), ("hex(2):41", .notText),
        ("hex(2):00,d8", .notText), ("hex(2):07,00", .unprintable), ("hex(2):41,00,00,00,42,00", .textAfterEnd),
        ("hex(7):41,00,00,00,00,00,42,00", .textAfterEnd), ("hex(7):0a,00", .unprintable),
        ("\"", .unclosedText), (#""a"b"#, .unclosedText), (#""a\"#, .unclosedText), (#""\n""#, .unknownEscape),
        ("\"a\u{7}\"", .unprintable),
    ])
    func `what is no value is refused with the reason`(text: String, error: RegistryValueError) {
        #expect(throws: error) { try RegistryValue(parsing: text) }
        #expect(!error.description.isEmpty)
    }

    @Test func `a whole number is a REG_DWORD when 32 bits hold it`() throws {
        #expect(try RegistryValue(number: 1).description == "dword:00000001")
        #expect(throws: RegistryValueError.outOfRange) { try RegistryValue(number: -1) }
        #expect(throws: RegistryValueError.outOfRange) { try RegistryValue(number: 1 << 32) }
    }

    @Test(arguments: [
        (RegistryValue.dword(1), "REG_DWORD", "0x1"), (.string(#"C:\x"#), "REG_SZ", #"C:\x"#),
        (.expandString("%A%"), "REG_EXPAND_SZ", "%A%"), (.multiString(["A", "BC"]), "REG_MULTI_SZ", #"A\0BC"#),
        (.multiString([]), "REG_MULTI_SZ", ""), (.binary([10, 255]), "REG_BINARY", "0AFF"),
    ])
    func `every type is spelt as reg does`(value: RegistryValue, type: String, data: String) throws {
        #expect(value.typeName == type)
        #expect(value.data == data)
        let kind = try RegistryValue.Kind(named: type.lowercased())
        #expect(try RegistryValue(data: data, kind: kind) == value)
    }

    @Test(arguments: [
        ("4294967295", RegistryValue.Kind.dword, RegistryValue.dword(.max)), ("0X00000010", .dword, .dword(16)),
        ("0aff", .binary, .binary([10, 255])), (#"A\0"#, .multiString, .multiString(["A"])),
    ])
    func `data has several spellings`(data: String, kind: RegistryValue.Kind, value: RegistryValue) throws {
        #expect(try RegistryValue(data: data, kind: kind) == value)
    }

    @Test func `another separator may stand between texts`() throws {
        let value = try RegistryValue(data: "A, B, C", kind: .multiString, separator: ", ")
        #expect(value == .multiString(["A", "B", "C"]))
        #expect(throws: RegistryDataError.emptySeparator) {
            try RegistryValue(data: "A", kind: .multiString, separator: "")
        }
    }

    @Test func `without data, text and octets are empty, and a number is refused`() throws {
        #expect(try RegistryValue(data: nil, kind: .string) == .string(""))
        #expect(try RegistryValue(data: nil, kind: .multiString) == .multiString([]))
        #expect(try RegistryValue(data: nil, kind: .binary) == .binary([]))
        #expect(throws: RegistryDataError.notANumber("")) { try RegistryValue(data: nil, kind: .dword) }
    }

    @Test(arguments: [
        ("one", RegistryValue.Kind.dword, RegistryDataError.notANumber("one")), ("-1", .dword, .notANumber("-1")),
        ("+1", .dword, .notANumber("+1")), ("0x", .dword, .notANumber("0x")), ("0xg", .dword, .notANumber("0xg")),
        ("4294967296", .dword, .outOfRange("4294967296")), ("0x100000000", .dword, .outOfRange("0x100000000")),
        ("abc", .binary, .notOctets("abc")), ("0x", .binary, .notOctets("0x")), ("+1", .binary, .notOctets("+1")),
        (#"A\0\0B"#, .multiString, .emptyText(#"A\0\0B"#)), (#"\0A"#, .multiString, .emptyText(#"\0A"#)),
        ("a\nb", .string, .unprintable), ("a\nb", .expandString, .unprintable),
    ])
    func `data that does not fit its type is refused`(
        data: String, kind: RegistryValue.Kind, error: RegistryDataError
    ) {
        #expect(throws: error) { try RegistryValue(data: data, kind: kind) }
        #expect(!error.description.isEmpty)
    }

    @Test func `a type that no value has is refused`() {
        #expect(throws: RegistryDataError.unknownType("REG_QWORD")) { try RegistryValue.Kind(named: "REG_QWORD") }
    }
}
