/// What the registry tells the Internet Mail Connector of Exchange 5.5, typed.
///
/// The values stand below HKEY_LOCAL_MACHINE\System\CurrentControlSet\Services\MSExchangeIMC\Parameters.
/// ``ExchangeValue/row`` says of each what it may hold, who says so, and whether it takes effect here; the articles
/// named below are those of Microsoft's knowledge base.
public struct ExchangeParameters: Hashable, Sendable {
    /// Whether ETRN is neither offered nor obeyed (Q258292). Absent means no.
    public var disablesETRN: Bool
    /// Whether ETRN is sent to every host that offers it, and not only after dialling (Q175494). Absent means no.
    public var alwaysUsesETRN: Bool
    /// Whether TURN is sent to every host that offers it (Q257979). Absent means no.
    public var alwaysUsesTURN: Bool
    /// Whether the server speaks ESMTP at all; without it there is no ETRN either (Q194131). Absent means yes.
    public var advertisesSMTPExtensions: Bool
    /// Whether AUTH is neither offered nor taken (Q235627). Every number but 0 means yes; absent means no.
    public var disablesAuthentication: Bool
    /// How much of the disk must be free for mail to be taken, in octets (Q189587). Absent means 10 MiB.
    public var diskSpaceLowWaterMark: UInt32
    /// The most recipients of one outbound mail transaction (Q196818); at least 1. Nil is no limit.
    public var maxRecipients: UInt32?
    /// The largest message that is taken, in octets (Q231303). Nil is no limit: the value is 0 or absent.
    public var inboundSizeLimit: UInt32?
    /// The largest message that is sent, in octets (Q231303). Nil is no limit: the value is 0 or absent.
    public var outboundSizeLimit: UInt32?
    /// How many threads speak SMTP (Q184542).
    public var smtpWorkerThreads: UInt32?
    /// How many threads ask DNS (Q184542).
    public var resolverThreads: UInt32?
    /// How many destination domains are cached before their list is made shorter (Q184542).
    public var destinationDomainThreshold: UInt32?
    /// How many threads each processor gets (Q184542).
    public var threadsPerProcessor: UInt32?
    /// Without effect in Exchange, too (Q169845).
    public var inOutThreads: UInt32?
    /// How often the routing table is read again, in minutes (Q153655). 0 means only at the start; absent means 15.
    public var routeCalculationIntervalMinutes: UInt32
    /// The folder of the queues (Q244048).
    public var rootDirectory: String?
    /// The domain that is used for ETRN, for routing and as the sender of reports (Q153655, Q269771).
    public var siteDomain: String?
    /// The name of the site in the directory (Q298565).
    public var siteDN: String?
    /// Whether the names of connecting hosts are not asked for (Q258745). Absent means no.
    public var disablesReverseResolve: Bool
    /// Whether names are not tried with the host's domain suffixes (Q150969). Absent means no.
    public var disablesResolverSearchList: Bool
    /// Whether DNS records are asked for again when their lifetime is over (Q285023). Absent means no.
    public var honoursTimeToLive: Bool
    /// Whether the server does not connect to itself (Q146126). Absent means no.
    public var disablesLoopbackConnection: Bool
    /// Which rules decide about relaying: 1 the denied, 2 the allowed, 4 the own addresses, 8 AUTH (Q193922).
    public var relayFlags: UInt32?
    /// Networks that may not relay, as `192.0.2.0;255.255.255.0` (Q193922).
    public var relayDenyList: [String]
    /// Networks that may relay (Q193922).
    public var relayAllowList: [String]
    /// Own addresses at which one may relay (Q193922).
    public var relayLocalIPList: [String]
    /// Whether addresses that break RFC 821 are taken (Q166616). Absent means no.
    public var acceptsMalformedAddresses: Bool
    /// Which errors are shown on a console (Q181950).
    public var displaysErrorsOnConsole: UInt32?
    /// How often a console shows statistics (Q181950). Absent means 14.
    public var consoleStatisticsFrequency: UInt32
    /// The folder of filtered mail (Q155683).
    public var filterDirectory: String?
    /// The senders whose mail is filtered (Q155683).
    public var filterTable: [String]
    /// Which addresses in headers are resolved (Q174755).
    public var resolvedHeaders: UInt32?
    /// Whether mail goes by way of the information store (Q238471). Absent means no.
    public var reroutesViaStore: Bool
    /// Whether no delivery receipts are sent (Q216162). Absent means no.
    public var suppressesDeliveryReceipts: Bool
    /// Whether mail is forwarded automatically even where automatic replies are off (Q192982). Absent means no.
    public var alwaysAllowsForwarding: Bool
    /// Whether sites are routed to by DNS (Q223385). Absent means no.
    public var routesSitesByDNS: Bool
    /// Whether plain text goes out without HTML beside it (Q222508). Absent means no.
    public var sendsPlainTextAsIs: Bool
    /// The type of outbound addresses (Q183801).
    public var outboundAddressType: String?

    /// The key below which the values stand.
    public static let key = RegistryKeyPath(
        .localMachine, ["System", "CurrentControlSet", "Services", "MSExchangeIMC", "Parameters"])
    /// The name of the value that switches ETRN off.
    public static let disableETRN = ExchangeValue.disableETRN.rawValue

    /// Reads the values from a hive.
    /// - Parameter hive: the server host's registry.
    /// - Throws: ``ExchangeParametersError`` when a value has the wrong type or a number without a meaning.
    public init(_ hive: RegistryHive) throws(ExchangeParametersError) {
        if let fault = ExchangeParameters.faults(in: hive).first { throw fault }
        let values = ExchangeValues(hive: hive)
        disablesETRN = values.flag(.disableETRN)
        alwaysUsesETRN = values.flag(.alwaysUseETRN)
        alwaysUsesTURN = values.flag(.alwaysUseTURN)
        advertisesSMTPExtensions = values.flag(.advertiseSMTPExtensions)
        disablesAuthentication = values.flag(.disableAuth)
        diskSpaceLowWaterMark = values.number(.diskSpaceLowWaterMark) ?? 0
        maxRecipients = values.number(.maxRecipients)
        inboundSizeLimit = values.limit(.inboundSizeLimit)
        outboundSizeLimit = values.limit(.outboundSizeLimit)
        smtpWorkerThreads = values.number(.smtpWorkerThreads)
        resolverThreads = values.number(.resolverThreads)
        destinationDomainThreshold = values.number(.destinationDomainThreshold)
        threadsPerProcessor = values.number(.threadsPerProcessor)
        inOutThreads = values.number(.inOutThreads)
        routeCalculationIntervalMinutes = values.number(.routeCalculationInterval) ?? 0
        rootDirectory = values.text(.rootDir)
        siteDomain = values.text(.siteDomain)
        siteDN = values.text(.siteDN)
        disablesReverseResolve = values.flag(.disableReverseResolve)
        disablesResolverSearchList = values.flag(.disableResolverSearchList)
        honoursTimeToLive = values.flag(.enableTTL)
        disablesLoopbackConnection = values.flag(.disableLoopbackConnection)
        relayFlags = values.number(.relayFlags)
        relayDenyList = values.texts(.relayDenyList)
        relayAllowList = values.texts(.relayAllowList)
        relayLocalIPList = values.texts(.relayLocalIPList)
        acceptsMalformedAddresses = values.flag(.acceptMalformed821Adrs)
        displaysErrorsOnConsole = values.number(.displayErrsOnConsole)
        consoleStatisticsFrequency = values.number(.consoleStatFrequency) ?? 0
        filterDirectory = values.text(.turfDir)
        filterTable = values.texts(.turfTable)
        resolvedHeaders = values.number(.resolveP2)
        reroutesViaStore = values.flag(.rerouteViaStore)
        suppressesDeliveryReceipts = values.flag(.alwaysSuppressDR)
        alwaysAllowsForwarding = values.flag(.alwaysAllowForwarding)
        routesSitesByDNS = values.flag(.onlySystemMessagesUseCDs)
        sendsPlainTextAsIs = values.flag(.sendPlainTextAsIs)
        outboundAddressType = values.text(.overrideProxyOut)
    }

    /// All values of a hive that the Internet Mail Connector cannot mean, in the order of the table.
    public static func faults(in hive: RegistryHive) -> [ExchangeParametersError] {
        ExchangeValue.allCases.flatMap { value in
            value.spellings.compactMap { name in
                guard let found = hive.value(name, in: key), let expected = value.expectation(insteadOf: found)
                else { return nil }
                return ExchangeParametersError(key: key, name: name, found: found, expected: expected)
            }
        }
    }

    /// The values below the key that do nothing here, by name: known ones and others.
    public static func withoutEffect(in hive: RegistryHive) -> [ValueWithoutEffect] {
        hive.entries(of: key).compactMap { entry in
            let known = ExchangeValue(named: entry.name)
            return known?.row.takesEffect == true ? nil : ValueWithoutEffect(name: entry.name, known: known)
        }
    }
}

/// The values of a hive by what they hold; they have the types that the table asks for.
private struct ExchangeValues {
    let hive: RegistryHive

    func flag(_ value: ExchangeValue) -> Bool { (number(value) ?? 0) != 0 }

    func limit(_ value: ExchangeValue) -> UInt32? { number(value).flatMap { $0 == 0 ? nil : $0 } }

    func number(_ value: ExchangeValue) -> UInt32? {
        if case .dword(let bits) = found(value) { bits } else { value.row.standing }
    }

    func text(_ value: ExchangeValue) -> String? {
        if case .string(let text) = found(value) { text } else { nil }
    }

    func texts(_ value: ExchangeValue) -> [String] {
        if case .multiString(let texts) = found(value) { texts } else { [] }
    }

    private func found(_ value: ExchangeValue) -> RegistryValue? {
        value.spellings.lazy.compactMap { hive.value($0, in: ExchangeParameters.key) }.first
    }
}
