/// A service extension that a server here can offer, by its keyword; in the order in which the generic server lists
/// them.
enum ServiceExtension: String, CaseIterable, Hashable, Sendable {
    case pipelining = "PIPELINING"
    case size = "SIZE"
    case eightBitMIME = "8BITMIME"
    case chunking = "CHUNKING"
    case binaryMIME = "BINARYMIME"
    case smtpUTF8 = "SMTPUTF8"
    case enhancedStatusCodes = "ENHANCEDSTATUSCODES"
    case dsn = "DSN"
    case priority = "MT-PRIORITY"
    case deliverBy = "DELIVERBY"
    case checkpoint = "CHECKPOINT"
    case startTLS = "STARTTLS"
    case auth = "AUTH"
    case limits = "LIMITS"
    case etrn = "ETRN"
    case atrn = "ATRN"
    case turn = "TURN"
    case help = "HELP"
}

/// A keyword as a server spells it.
struct ListedKeyword: Hashable, Sendable {
    let spelling: String
    /// What it stands for; nil for a word that nothing here stands behind.
    let meaning: ServiceExtension?

    init(_ spelling: String) {
        self.spelling = spelling
        meaning = ServiceExtension(rawValue: spelling.uppercased())
    }

    /// All that are known, as they are registered.
    static let all = ServiceExtension.allCases.map { ListedKeyword($0.rawValue) }
    /// What On-Demand Mail Relay lists (RFC 2645 §5.1).
    static let onDemandRelay = ["ENHANCEDSTATUSCODES", "STARTTLS", "AUTH", "ATRN"].map(ListedKeyword.init)
}
