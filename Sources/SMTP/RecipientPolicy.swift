/// Which recipients a server takes mail for.
public struct RecipientPolicy: Hashable, Sendable {
    /// Domains whose mailboxes are here.
    public let localDomains: Set<Domain>
    /// Domains whose mail is held for, or passed on to, somebody else; every local-part is taken.
    public let relayDomains: Set<Domain>
    /// How much is taken for some of them; looked up, never walked.
    public var limits: [Domain: Limit] = [:]
    /// The mailboxes of the local domains with local-parts in lower case; nil when all are taken.
    private let knownMailboxes: Set<String>?

    /// How much mail is taken for a domain.
    public struct Limit: Hashable, Sendable {
        /// The largest message, in octets; as large as for all when it is nil.
        public var messageSize: Int?
        /// Whether as much waits as may: for the present nothing more is taken.
        public var isReached = false

        /// A limit of the size of messages, if any.
        public init(messageSize: Int? = nil) { self.messageSize = messageSize }
    }

    /// What a server says to a recipient.
    public enum Verdict: Hashable, Sendable {
        /// Mail for it is taken.
        case accepted
        /// The domain is local, but has no such mailbox.
        case unknownMailbox
        /// The domain is nobody's here (RFC 5321 §3.6.2).
        case relayingDenied

        /// What is to be said to RCPT.
        var occasion: ReplyOccasion {
            switch self {
            case .accepted: .recipientOk
            case .unknownMailbox: .unknownMailbox
            case .relayingDenied: .relayingDenied
            }
        }
    }

    /// A policy from its lists.
    /// - Parameters:
    ///   - localDomains: domains whose mailboxes are here.
    ///   - relayDomains: domains whose mail goes on to somebody else.
    ///   - mailboxes: the local mailboxes; nil when every local-part of a local domain is one. The case of their
    ///     local-parts does not count. The postmaster of each local domain is always there (RFC 5321 §4.5.1).
    public init(localDomains: Set<Domain> = [], relayDomains: Set<Domain> = [], mailboxes: [Mailbox]? = nil) {
        self.localDomains = localDomains
        self.relayDomains = relayDomains
        knownMailboxes = mailboxes.map { Set($0.map(RecipientPolicy.key)) }
    }

    /// Decides about one recipient.
    public func verdict(on path: ForwardPath) -> Verdict {
        guard case .mailbox(let mailbox) = path else { return .accepted }
        if relayDomains.contains(mailbox.domain) { return .accepted }
        guard localDomains.contains(mailbox.domain) else { return .relayingDenied }
        guard let knownMailboxes, !mailbox.isPostmaster else { return .accepted }
        return knownMailboxes.contains(RecipientPolicy.key(mailbox)) ? .accepted : .unknownMailbox
    }

    private static func key(_ mailbox: Mailbox) -> String {
        "\(mailbox.localPart.lowercased())@\(mailbox.domain.folded)"
    }
}
