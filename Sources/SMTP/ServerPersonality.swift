/// Whose manner of speaking a server has: its greeting, its list of extensions, its words and codes, its treatment of
/// ETRN with what is wrong with it.
///
/// It is data: the session asks it what to say, and does the same with every one. What a server does with mail is not
/// imitated: queues are started by whole labels, where sendmail and Exim search addresses for a part of them.
public struct ServerPersonality: Hashable, Sendable {
    /// What a scenario calls it.
    public let name: String
    /// The keywords of the reply to EHLO, in order and as they are spelled. A keyword of an extension that is known
    /// here stands for it, and is left out while the extension is switched off; any other is a word that nothing here
    /// stands behind. Nil for all extensions that are switched on.
    public var keywords: [String]? { didSet { listing = ServerPersonality.listing(of: keywords) } }
    /// The same, looked up: what may be listed in the reply to EHLO, in order.
    private(set) var listing: [ListedKeyword]
    /// What it says on each occasion, by the raw values: looked up for every reply.
    private let forms: [ReplyForm]
    /// Commands refused with 5yz until the connection is closed, at least 1; nil for the limit of the configuration.
    public var errors: Int?
    /// How it treats ETRN.
    public var etrn: ETRNPolicy

    /// A personality of these parts.
    /// - Parameters:
    ///   - name: what a scenario calls it.
    ///   - keywords: the keywords of the reply to EHLO; nil for all extensions that are switched on.
    ///   - replies: what it says instead of the words of the generic server.
    ///   - errors: commands refused until the connection is closed.
    ///   - etrn: how it treats ETRN.
    public init(
        name: String, keywords: [String]? = nil, replies: [ReplyOccasion: ReplyForm] = [:], errors: Int? = nil,
        etrn: ETRNPolicy = ETRNPolicy()
    ) {
        self.name = name
        self.keywords = keywords
        listing = ServerPersonality.listing(of: keywords)
        forms = ReplyOccasion.allCases.map { replies[$0] ?? $0.standardForm }
        self.errors = errors
        self.etrn = etrn
    }

    /// Whether a keyword, written in upper case, is one of its list; a personality without a list has none of its own.
    public func lists(_ keyword: String) -> Bool { keywords?.contains { $0.uppercased() == keyword } ?? false }

    /// Whether an extension that servers offer unless they are told not to is offered in this manner.
    public func offers(_ keyword: String) -> Bool { keywords == nil || lists(keyword) }

    /// What it says on an occasion, before the gaps are filled.
    public func form(on occasion: ReplyOccasion) -> ReplyForm { forms[occasion.rawValue] }

    private static func listing(of keywords: [String]?) -> [ListedKeyword] {
        keywords?.map(ListedKeyword.init) ?? ListedKeyword.all
    }
}
