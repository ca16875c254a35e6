/// Why octets are not the argument of ETRN.
public enum ETRNArgumentError: Error, Hashable, Sendable {
    /// Nothing after the verb.
    case empty
    /// What should be a domain is none.
    case badDomain(DomainError)
    /// A name of one label: queues are named by fully qualified domains (RFC 1985 §5).
    case notQualified
    /// An address literal: mail is held for names.
    case addressLiteral
    /// Nothing after `#`, or a queue name with spaces, control characters or octets above 126, or of more than 255
    /// octets.
    case badQueueName
}

/// Which queue a client asks to be started (RFC 1985 §5).
public enum ETRNArgument: Hashable, Sendable {
    /// `domain.example`: the mail of this domain alone.
    case domain(Domain)
    /// `@domain.example`: the domain and everything below it (RFC 1985 §5.3). Whether it is too wide is for the
    /// queue to judge (RFC 1985 §8).
    case domainAndSubdomains(Domain)
    /// `#queue`: a queue by its local name (RFC 1985 §5.3).
    case queue(String)

    /// Reads the argument; a dot at the end of a name is left aside.
    /// - Parameter octets: what follows `ETRN` and the space.
    /// - Throws: ``ETRNArgumentError`` when the octets are anything else.
    public init(parsing octets: ArraySlice<UInt8>) throws(ETRNArgumentError) {
        guard let first = octets.first else { throw .empty }
        switch first {
        case UInt8(ascii: "#"):
            let name = octets.dropFirst()
            guard !name.isEmpty, name.count <= 255, name.allSatisfy(\.isVisible) else { throw .badQueueName }
            self = .queue(name.text)
        case UInt8(ascii: "@"):
            self = .domainAndSubdomains(try ETRNArgument.name(octets.dropFirst()))
        default:
            let domain = try ETRNArgument.name(octets)
            guard domain.labelCount > 1 else { throw .notQualified }
            self = .domain(domain)
        }
    }

    /// Reads the argument from text.
    /// - Parameter text: what follows `ETRN` and the space.
    /// - Throws: ``ETRNArgumentError`` when the text is anything else.
    public init(parsing text: String) throws(ETRNArgumentError) {
        try self.init(parsing: Array(text.utf8)[...])
    }

    /// Whether mail for a domain is asked for. A local queue's domains are known to the queue alone: false.
    public func covers(_ domain: Domain) -> Bool {
        switch self {
        case .domain(let asked): domain == asked
        case .domainAndSubdomains(let asked): domain == asked || domain.isSubdomain(of: asked)
        case .queue: false
        }
    }

    private static func name(_ octets: ArraySlice<UInt8>) throws(ETRNArgumentError) -> Domain {
        let domain: Domain
        do throws(DomainError) {
            domain = try Domain(parsing: octets.count > 1 && octets.last == .dot ? octets.dropLast() : octets)
        } catch {
            throw .badDomain(error)
        }
        guard !domain.isAddressLiteral else { throw .addressLiteral }
        return domain
    }
}

extension ETRNArgument: CustomStringConvertible {
    /// The argument as it goes on the wire.
    public var description: String {
        switch self {
        case .domain(let domain): "\(domain)"
        case .domainAndSubdomains(let domain): "@\(domain)"
        case .queue(let name): "#\(name)"
        }
    }
}
