/// Why octets are not the argument of ATRN.
public enum ATRNArgumentError: Error, Hashable, Sendable {
    /// What should be a domain is none: also an empty one, or one with a space before it.
    case badDomain(DomainError)
    /// A name of one label, or an address literal: mail is held for fully qualified domains (RFC 2645 §5.2.1).
    case notQualified
}

/// How a client asks for its mail over the connection that it has made itself: both ends then change their roles.
///
/// Nobody is connected to, so it does not matter which address the client has today. Both are only for clients that
/// have proved who they are, for whoever asks gets the mail.
public enum Reversal: Hashable, Sendable {
    /// ATRN (RFC 2645 §5.2.1): the mail of these domains, or of all that are the client's when none is named.
    case atrn([Domain])
    /// TURN (RFC 821 §3.8): the mail of all domains of the client. Alone it proves nothing; after AUTH it is safe.
    case turn

    /// The domains that are named; none stands for all of the client's.
    public var domains: [Domain] {
        switch self {
        case .atrn(let domains): domains
        case .turn: []
        }
    }

    /// Reads the argument of ATRN.
    /// - Parameter argument: what follows `ATRN` and the space: domains with commas and nothing else between them; nil
    ///   when nothing follows.
    /// - Throws: ``ATRNArgumentError`` when the octets are anything else.
    public init(atrn argument: ArraySlice<UInt8>?) throws(ATRNArgumentError) {
        var domains: [Domain] = []
        for name in argument?.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) ?? [] {
            let domain: Domain
            do throws(DomainError) {
                domain = try Domain(parsing: name)
            } catch {
                throw .badDomain(error)
            }
            guard domain.labelCount > 1 else { throw .notQualified }
            domains.append(domain)
        }
        self = .atrn(domains)
    }
}

extension Reversal: CustomStringConvertible {
    /// The command as it goes on the wire, without the line end.
    public var description: String {
        switch self {
        case .atrn(let domains):
            domains.isEmpty ? "ATRN" : "ATRN \(domains.map(\.description).joined(separator: ","))"
        case .turn: "TURN"
        }
    }
}
