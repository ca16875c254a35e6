import Registry
import Testing

@Suite struct ExchangeParametersTests {
    private func hive(_ value: RegistryValue?) -> RegistryHive {
        var hive = RegistryHive()
        if let value { hive.set("disableetrn", in: ExchangeParameters.key, to: value) }
        return hive
    }

    @Test(arguments: [(nil, false), (.dword(0), false), (.dword(1), true)] as [(RegistryValue?, Bool)])
    func `DisableETRN is off when absent or 0 and on when 1`(value: RegistryValue?, disables: Bool) throws {
        #expect(try ExchangeParameters(hive(value)).disablesETRN == disables)
    }

    @Test(
        arguments: [
            (.string("1"), #"REG_SZ "1""#), (.string(""), #"REG_SZ """#), (.dword(2), "REG_DWORD 2"),
        ] as [(RegistryValue, String)])
    func `any other type or number is refused by name`(value: RegistryValue, found: String) {
        let error = #expect(throws: ExchangeParametersError.self) { try ExchangeParameters(hive(value)) }
        #expect(
            error?.description == #"HKEY_LOCAL_MACHINE\System\CurrentControlSet\Services\MSExchangeIMC\Parameters"#
                + #"\DisableETRN is "# + found + ", expected REG_DWORD 0 or 1")
    }
}
