import Registry
import Testing

@Suite struct RegistryValueTests {
    @Test(arguments: [
        ("dword:0", RegistryValue.dword(0)), ("dword:00000001", .dword(1)), ("DWORD:ffffFFFF", .dword(.max)),
        ("dword:10", .dword(16)), ("10", .dword(10)), ("4294967295", .dword(.max)), (#""1""#, .string("1")),
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
        ("hex(7):41,00", .unsupportedType("hex(7)")), ("hex:01", .unsupportedType("hex")), ("a:b", .notAValue("a:b")),
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
}
