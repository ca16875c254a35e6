import Registry
import Testing

@Suite struct ExchangeParametersTests {
    private func hive(_ value: RegistryValue?, name: String = "disableetrn") -> RegistryHive {
        var hive = RegistryHive()
        if let value { hive.set(name, in: ExchangeParameters.key, to: value) }
        return hive
    }

    @Test(arguments: [(nil, false), (.dword(0), false), (.dword(1), true)] as [(RegistryValue?, Bool)])
    func `DisableETRN is off when absent or 0 and on when 1`(value: RegistryValue?, disables: Bool) throws {
        #expect(try ExchangeParameters(hive(value)).disablesETRN == disables)
    }

    @Test(
        arguments: [
            (.string("1"), #"REG_SZ "1""#), (.string(""), #"REG_SZ """#), (.dword(2), "REG_DWORD 2"),
            (.binary([1, 0, 0, 0]), #"REG_BINARY "01000000""#), (.multiString(["1"]), #"REG_MULTI_SZ "1""#),
            (.expandString("1"), #"REG_EXPAND_SZ "1""#),
        ] as [(RegistryValue, String)])
    func `any other type or number is refused by name`(value: RegistryValue, found: String) {
        let error = #expect(throws: ExchangeParametersError.self) { try ExchangeParameters(hive(value)) }
        #expect(
            error?.description == #"HKEY_LOCAL_MACHINE\System\CurrentControlSet\Services\MSExchangeIMC\Parameters"#
                + #"\DisableETRN is "# + found + ", expected REG_DWORD 0 or 1")
    }

    @Test func `absent values mean what the articles say`() throws {
        let absent = try ExchangeParameters(RegistryHive())
        #expect(absent.advertisesSMTPExtensions)
        #expect(absent.diskSpaceLowWaterMark == 10 << 20)
        #expect(absent.routeCalculationIntervalMinutes == 15)
        #expect(absent.consoleStatisticsFrequency == 14)
        #expect(absent.maxRecipients == nil && absent.inboundSizeLimit == nil && absent.siteDomain == nil)
        #expect(!absent.disablesETRN && !absent.alwaysUsesETRN && !absent.disablesAuthentication)
        #expect(absent.relayDenyList == [])
    }

    @Test func `values of every type are read`() throws {
        var hive = RegistryHive()
        try hive.importFile(
            text: """
                REGEDIT4
                [HKLM\\System\\CurrentControlSet\\Services\\MSExchangeIMC\\Parameters]
                "AdvertiseSMTPExtensions"=dword:0
                "DisableAuth"=dword:7
                "MaxRecipients"=dword:fa
                "InboundSizeLimit"=dword:0
                "OutboundSizeLimit"=dword:ffffffff
                "SiteDomain"="branch.example"
                "RelayFlags"=dword:f
                "RelayAllowList"=hex(7):31,30,2e,30,2e,30,2e,31,00,00
                "DisableLoopbackConnections"=dword:1
                """)
        let parameters = try ExchangeParameters(hive)
        #expect(!parameters.advertisesSMTPExtensions)
        #expect(parameters.disablesAuthentication)
        #expect(parameters.maxRecipients == 250)
        #expect(parameters.inboundSizeLimit == nil)
        #expect(parameters.outboundSizeLimit == .max)
        #expect(parameters.siteDomain == "branch.example")
        #expect(parameters.relayFlags == 15)
        #expect(parameters.relayAllowList == ["10.0.0.1"])
        #expect(parameters.disablesLoopbackConnection)
    }

    @Test(
        arguments: [
            ("MaxRecipients", .dword(0), "REG_DWORD from 1"), ("RelayFlags", .dword(16), "REG_DWORD 0 to 15"),
            ("InboundSizeLimit", .string("1"), "REG_DWORD"), ("DisableAuth", .binary([1]), "REG_DWORD"),
            ("SiteDomain", .expandString("branch.example"), "REG_SZ"), ("RelayDenyList", .string(""), "REG_MULTI_SZ"),
            ("EnableTTL", .dword(2), "REG_DWORD 0 or 1"),
        ] as [(String, RegistryValue, String)])
    func `each value has its type and range`(name: String, value: RegistryValue, expected: String) {
        let error = #expect(throws: ExchangeParametersError.self) { try ExchangeParameters(hive(value, name: name)) }
        #expect(error?.expected == expected)
        #expect(error?.name == name)
    }

    @Test func `all faults are found, each once`() {
        var hive = hive(.dword(2))
        hive.set("SITEDN", in: ExchangeParameters.key, to: .dword(1))
        hive.set("Colour", in: ExchangeParameters.key, to: .dword(1))
        #expect(ExchangeParameters.faults(in: hive).map(\.name) == ["DisableETRN", "SiteDN"])
    }

    @Test(arguments: ExchangeValue.allCases)
    func `every known value is found in any case, and the table tells its meaning and source`(value: ExchangeValue) {
        for spelling in value.spellings { #expect(ExchangeValue(named: spelling.uppercased()) == value) }
        #expect(!value.row.meaning.isEmpty)
        #expect(value.row.source.wholeMatch(of: /Q\d{6}(, Q\d{6})*/) != nil)
    }

    @Test func `what is without effect is listed by name, known or not`() {
        var hive = hive(.dword(1))
        hive.set("InOutThreads", in: ExchangeParameters.key, to: .dword(4))
        hive.set("Colour", in: ExchangeParameters.key, to: .string("red"))
        hive.set("", in: ExchangeParameters.key, to: .string("red"))
        hive.set("Colour", in: RegistryKeyPath(.localMachine, ["Software"]), to: .string("red"))
        let listed = ExchangeParameters.withoutEffect(in: hive)
        #expect(listed.map(\.name) == ["", "Colour", "InOutThreads"])
        #expect(listed.map(\.known) == [nil, nil, .inOutThreads])
        #expect(
            listed.map(\.description) == [
                "(Default) is without effect here: it is not known",
                "Colour is without effect here: it is not known",
                "InOutThreads is without effect here (in Exchange it does nothing either; KB Q169845)",
            ])
    }
}
