/// All that is known here of each value: what it may hold, what holds when it is absent, what it means, who says so,
/// and whether it takes effect in this program.
extension ExchangeValue {
    /// The row of the table.
    public var row: Row {
        switch self {
        case .disableETRN: row(.flag, 0, "turns ETRN off", "Q258292", takesEffect: true)
        case .alwaysUseETRN:
            row(
                .flag, 0, "sends ETRN to every host that offers it", "Q175494, Q241157, Q269771", takesEffect: true)
        case .alwaysUseTURN: row(.flag, 0, "sends TURN to every host that offers it", "Q257979", takesEffect: true)
        case .advertiseSMTPExtensions:
            row(.flag, 1, "with 0, takes ESMTP away, and ETRN with it", "Q194131", takesEffect: true)
        case .disableAuth: row(.anyNumberButZero, 0, "neither offers nor takes AUTH", "Q235627", takesEffect: true)
        case .diskSpaceLowWaterMark:
            row(
                .any, 0x00A0_0000, "takes no mail while fewer octets are free on the disk", "Q189587",
                takesEffect: true)
        case .maxRecipients:
            row(
                .number(1...(.max)), nil, "sends to so many recipients in one transaction", "Q196818",
                takesEffect: true)
        case .inboundSizeLimit:
            row(
                .any, 0, "takes messages of at most so many octets, with 0 of any size", "Q231303", takesEffect: true)
        case .outboundSizeLimit:
            row(
                .any, 0, "sends messages of at most so many octets, with 0 of any size", "Q231303", takesEffect: true)
        case .smtpWorkerThreads: row(.any, nil, "counts the threads for SMTP", "Q184542")
        case .resolverThreads: row(.any, nil, "counts the threads for DNS", "Q184542")
        case .destinationDomainThreshold: row(.any, nil, "caches so many destination domains", "Q184542")
        case .threadsPerProcessor: row(.any, nil, "counts the threads for each processor", "Q184542")
        case .inOutThreads: row(.any, nil, "does nothing either", "Q169845")
        case .routeCalculationInterval:
            row(.any, 15, "reads the routing table every so many minutes, with 0 only at the start", "Q153655, Q156063")
        case .rootDir: row(.text, nil, "names the folder of the queues", "Q244048")
        case .siteDomain:
            row(
                .text, nil, "names the domain for ETRN, routing and reports", "Q153655, Q269771", takesEffect: true)
        case .siteDN: row(.text, nil, "names the site", "Q298565")
        case .disableReverseResolve: row(.flag, 0, "asks for no names of addresses", "Q258745")
        case .disableResolverSearchList: row(.flag, 0, "searches no domain suffixes", "Q150969, Q153655")
        case .enableTTL: row(.flag, 0, "honours the lifetimes of DNS records", "Q285023")
        case .disableLoopbackConnection: row(.flag, 0, "does not connect to itself", "Q146126, Q153655")
        case .relayFlags: row(.number(0...15), nil, "says which lists decide about relaying", "Q193922")
        case .relayDenyList: row(.texts, nil, "lists networks that may not relay", "Q193922")
        case .relayAllowList: row(.texts, nil, "lists networks that may relay", "Q193922")
        case .relayLocalIPList: row(.texts, nil, "lists own addresses at which one may relay", "Q193922")
        case .acceptMalformed821Adrs: row(.flag, nil, "takes addresses that break RFC 821", "Q166616")
        case .displayErrsOnConsole: row(.any, nil, "shows errors on a console", "Q181950")
        case .consoleStatFrequency: row(.any, 14, "says how often a console shows statistics", "Q181950")
        case .turfDir: row(.text, nil, "names the folder of filtered mail", "Q155683")
        case .turfTable: row(.texts, nil, "lists senders whose mail is filtered", "Q155683")
        case .resolveP2: row(.number(0...126), nil, "says which addresses in headers are resolved", "Q174755")
        case .addressRewrite: row(.unstated, nil, "rewrites addresses", "Q238471")
        case .rerouteViaStore: row(.flag, nil, "sends mail by way of the information store", "Q238471")
        case .alwaysSuppressDR: row(.flag, 0, "sends no delivery receipts", "Q216162")
        case .alwaysAllowForwarding:
            row(.flag, nil, "forwards automatically even without automatic replies", "Q192982")
        case .onlySystemMessagesUseCDs: row(.flag, 0, "routes between sites by DNS", "Q223385")
        case .sendPlainTextAsIs: row(.flag, 0, "sends plain text without HTML beside it", "Q222508")
        case .overrideProxyOut: row(.text, nil, "names the type of outbound addresses", "Q183801")
        }
    }

    private func row(
        _ content: Content, _ standing: UInt32?, _ meaning: String, _ source: String, takesEffect: Bool = false
    ) -> Row {
        Row(content: content, standing: standing, meaning: meaning, source: source, takesEffect: takesEffect)
    }
}

extension ExchangeValue.Content {
    /// REG_DWORD, every number.
    fileprivate static let any = ExchangeValue.Content.number(0...(.max))
}
