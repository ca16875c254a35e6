import Wire

/// The search for records of one name and type, along its aliases.
struct Search: Sendable {
    /// What must be known next.
    private(set) var question: DNSQuestion
    /// Whether it has been asked and is not answered yet.
    var isAsked = false
    /// What came out; nil until it did. Never an alias.
    private(set) var result: Finding?

    private let mostAliases: Int
    // What it means when there are more aliases.
    private let excess: Finding
    private var aliases = 0

    private init(_ question: DNSQuestion, mostAliases: Int, excess: Finding) {
        self.question = question
        self.mostAliases = mostAliases
        self.excess = excess
    }

    /// The search for what a domain has. More than eight aliases are a mistake that may be mended (DNS-12).
    static func ofDomain(_ name: DNSName, _ type: DNSType) -> Search {
        Search(DNSQuestion(name, type), mostAliases: Answer.mostAliases, excess: .unanswered)
    }

    /// The search for the addresses of a mail exchanger, which should not be an alias at all: one is followed, and with
    /// more it has no address (MXR-5).
    static func ofExchanger(_ name: DNSName, _ type: DNSType) -> Search {
        Search(DNSQuestion(name, type), mostAliases: 1, excess: .nothing)
    }

    /// The question has been answered.
    mutating func take(_ answer: Answer) {
        isAsked = false
        aliases += answer.aliases
        if aliases > mostAliases {
            result = excess
        } else if case .alias(let name) = answer.finding {
            question = DNSQuestion(name, question.type)
        } else {
            result = answer.finding
        }
    }

    /// The addresses that were found.
    var addresses: [IPAddress] {
        guard case .records(let records) = result else { return [] }
        return records.compactMap { data in
            switch data {
            case .a(let address): .v4(address)
            case .aaaa(let address): .v6(address)
            default: nil
            }
        }
    }
}
