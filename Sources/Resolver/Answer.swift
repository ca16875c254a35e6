import Wire

/// How a question ends.
enum Finding: Hashable, Sendable {
    /// There are these records of the type asked for.
    case records([DNSRecord.Data])
    /// The name is an alias, and nothing has been said about this other name.
    case alias(DNSName)
    /// There is no record of this type (NODATA).
    case nothing
    /// There is no such name (NXDOMAIN).
    case noSuchName
    /// Nobody has answered, or nothing that makes sense. Never a proof that something is not there (DNS-11).
    case unanswered
}

/// How a question ends, and how many aliases were followed up to there.
struct Answer: Hashable, Sendable {
    /// So many in a row are followed (DNS-12): more of them are a loop.
    static let mostAliases = 8

    var finding: Finding
    var aliases = 0
}
