/// A value that the Internet Mail Connector of Exchange 5.5 reads, by the name that Microsoft gave it.
///
/// What each one holds, means and does here stands in one table, ``row``.
public enum ExchangeValue: String, CaseIterable, Hashable, Sendable {
    case disableETRN = "DisableETRN"
    case alwaysUseETRN = "AlwaysUseETRN"
    case alwaysUseTURN = "AlwaysUseTURN"
    case advertiseSMTPExtensions = "AdvertiseSMTPExtensions"
    case disableAuth = "DisableAuth"
    case diskSpaceLowWaterMark = "DiskSpaceLowWaterMark"
    case maxRecipients = "MaxRecipients"
    case inboundSizeLimit = "InboundSizeLimit"
    case outboundSizeLimit = "OutboundSizeLimit"
    case smtpWorkerThreads = "SMTPWorkerThreads"
    case resolverThreads = "ResolverThreads"
    case destinationDomainThreshold = "DestinationDomainThreshold"
    case threadsPerProcessor = "ThreadsPerProcessor"
    case inOutThreads = "InOutThreads"
    case routeCalculationInterval = "RouteCalculationInterval"
    case rootDir = "RootDir"
    case siteDomain = "SiteDomain"
    case siteDN = "SiteDN"
    case disableReverseResolve = "DisableReverseResolve"
    case disableResolverSearchList = "DisableResolverSearchList"
    case enableTTL = "EnableTTL"
    case disableLoopbackConnection = "DisableLoopbackConnection"
    case relayFlags = "RelayFlags"
    case relayDenyList = "RelayDenyList"
    case relayAllowList = "RelayAllowList"
    case relayLocalIPList = "RelayLocalIPList"
    case acceptMalformed821Adrs = "AcceptMalformed821Adrs"
    case displayErrsOnConsole = "DisplayErrsOnConsole"
    case consoleStatFrequency = "ConsoleStatFrequency"
    case turfDir = "TurfDir"
    case turfTable = "TurfTable"
    case resolveP2 = "ResolveP2"
    case addressRewrite = "AddressRewrite"
    case rerouteViaStore = "RerouteViaStore"
    case alwaysSuppressDR = "AlwaysSuppressDR"
    case alwaysAllowForwarding = "AlwaysAllowForwarding"
    case onlySystemMessagesUseCDs = "OnlySystemMessagesUseCDs"
    case sendPlainTextAsIs = "SendPlainTextAsIs"
    case overrideProxyOut = "OverrideProxyOut"

    /// What a value may hold.
    public enum Content: Hashable, Sendable {
        /// REG_DWORD 0 or 1.
        case flag
        /// REG_DWORD: 0 is no, every other number is yes.
        case anyNumberButZero
        /// REG_DWORD from one number to another.
        case number(ClosedRange<UInt32>)
        /// REG_SZ.
        case text
        /// REG_MULTI_SZ.
        case texts
        /// No article states it: everything is kept.
        case unstated
    }

    /// A row of the table.
    public struct Row: Hashable, Sendable {
        /// What the value may hold.
        public var content: Content
        /// What holds when the value is absent; nil when no article states it.
        public var standing: UInt32?
        /// What it does in Exchange, in a few words.
        public var meaning: String
        /// The articles of Microsoft's knowledge base that say so.
        public var source: String
        /// Whether it does the same here.
        public var takesEffect: Bool
    }

    /// The value that a name means, in any case.
    public init?(named name: String) {
        let folded = name.lowercased()
        guard let value = ExchangeValue.allCases.first(where: { $0.spellings.contains { $0.lowercased() == folded } })
        else { return nil }
        self = value
    }

    /// The names under which the articles know it.
    public var spellings: [String] {
        self == .disableLoopbackConnection ? [rawValue, "DisableLoopbackConnections"] : [rawValue]
    }

    /// What the value should hold, when something else is found; nil when it may hold this.
    func expectation(insteadOf found: RegistryValue) -> String? {
        switch (row.content, found) {
        case (.flag, .dword(0...1)), (.anyNumberButZero, .dword), (.text, .string), (.texts, .multiString): nil
        case (.number(let range), .dword(let bits)) where range.contains(bits): nil
        case (.unstated, _): nil
        case (.flag, _): "REG_DWORD 0 or 1"
        case (.anyNumberButZero, _): "REG_DWORD"
        case (.number(let range), _): range == 0...(.max) ? "REG_DWORD" : "REG_DWORD \(range.words)"
        case (.text, _): "REG_SZ"
        case (.texts, _): "REG_MULTI_SZ"
        }
    }
}

extension ClosedRange<UInt32> {
    /// `0 to 15`, or `from 1` when only 32 bits set the end.
    fileprivate var words: String { upperBound == .max ? "from \(lowerBound)" : "\(lowerBound) to \(upperBound)" }
}
