public import MailQueue
public import SMTP
public import Timebase

/// What a mail host is told once.
public struct MailHostConfiguration: Sendable {
    /// Its name in greetings, Received fields and reports.
    public var name: Domain
    /// What the names of the messages begin with that it takes: `server-12`.
    public var label: String
    /// The calendar's date at the beginning of time.
    public var begins: CalendarDate
    /// How its SMTP server speaks.
    public var smtp: SMTPServerConfiguration
    /// How its queue works.
    public var queue: QueueConfiguration
    /// Whose mail is held: the domains of each owner. Whoever calls itself by a name of an owner, or below one, gets
    /// the mail of all the owner's domains.
    public var owners: [[Domain]] { didSet { ownerByDomain = MailHostConfiguration.index(owners) } }
    /// What each account may ask for over a connection of its own; looked up, never walked.
    public var accounts: [String: [Domain]] = [:]
    /// How an account can be proved.
    public var mechanisms: [SASLMechanism] = []
    /// Whether a host gets a domain's mail only when it calls itself by a name of the domain's owner.
    public var checksIdentity = true
    /// Whether mail for others than the owners is queued, too; otherwise it is passed on, as is.
    public var queuesAllMail = false
    /// Who gets the mail for this host's own postmaster; nil when it is delivered here.
    public var postmaster: Mailbox?
    /// How many connections there may be; nil for any number.
    public var sessionLimit: Int?
    /// How many connections there may be from one address; nil for any number.
    public var sessionLimitPerAddress: Int?
    /// How many octets of the disk are free when nothing is held; nil when there is always enough.
    public var diskSpace: Int?
    /// How many octets must be free for mail to be taken.
    public var lowWaterMark = 0
    /// How many octets of messages there may be in memory that are not whole or not durable; nil for any number. The
    /// largest message should fit.
    public var contentLimit: Int?
    /// The largest message that is sent, in octets; nil for any.
    public var outboundSizeLimit: Int?
    /// How many recipients are named in one transaction; nil for any.
    public var recipientLimit: Int?
    /// Whether mail goes by TLS, unless ``tlsByDomain`` says otherwise.
    public var tls = TLSPolicy.never
    /// Whether the mail of some domains, and of those below them, goes by TLS; looked up, never walked.
    public var tlsByDomain: [Domain: TLSPolicy] = [:]

    /// How many octets may be held for some domains before no more mail is taken for them; looked up, never walked.
    public var heldLimits: [Domain: Int] = [:]

    private var ownerByDomain: [Domain: Int]

    /// A host of that name which holds the mail of some domains.
    public init(
        name: Domain, label: String, begins: CalendarDate, smtp: SMTPServerConfiguration, queue: QueueConfiguration,
        owners: [[Domain]]
    ) {
        self.name = name
        self.label = label
        self.begins = begins
        self.smtp = smtp
        self.queue = queue
        self.owners = owners
        ownerByDomain = MailHostConfiguration.index(owners)
    }

    /// How its queue works, with what follows from whose mail is held.
    var wholeQueue: QueueConfiguration {
        var queue = queue
        queue.onDemandDomains = owners.flatMap { $0 }
        queue.links = owners
        return queue
    }

    /// How the host speaks when it delivers.
    func delivery(tls: TLSPolicy = .never) -> SMTPClientConfiguration {
        var configuration = SMTPClientConfiguration(hostName: name)
        configuration.recipientLimit = recipientLimit
        configuration.tls = tls
        return configuration
    }

    /// Whether the mail of a domain goes by TLS: as it is set for it, or for the nearest domain above it.
    func tls(for domain: Domain) -> TLSPolicy {
        var domain = domain
        while true {
            if let policy = tlsByDomain[domain] { return policy }
            guard let parent = domain.parent else { return tls }
            domain = parent
        }
    }

    /// How its server speaks at a port for that service, to a client there.
    func smtp(for service: SMTPService, _ peer: MailHost.Peer) -> SMTPServerConfiguration {
        var configuration = smtp
        configuration.service = service
        configuration.offersATRN = service == .onDemandRelay
        configuration.requiresAuthentication = service == .submission || smtp.requiresAuthentication
        configuration.relaysForAnybody = peer.mayRelay
        return configuration
    }

    /// Whether a host of that name is the one that takes a domain's mail. An address may have become somebody else's
    /// since the route was written.
    func isHost(_ name: Domain?, of domain: Domain) -> Bool {
        guard checksIdentity else { return true }
        guard let name else { return false }
        let domains = ownerByDomain[domain].map { owners[$0] } ?? [domain]
        return domains.contains { name == $0 || name.isSubdomain(of: $0) }
    }

    /// What a client may ask for by ETRN: what is its own, by its address or because it has proved who it is, unless
    /// nobody looks.
    func permission(of peer: MailHost.Peer, provedAs identity: String?) -> FlushPermission {
        if smtp.personality.etrn.has(.servesAnybody) { return .everyDomain }
        return .domains(peer.domains + (identity.flatMap { accounts[$0] } ?? []))
    }

    private static func index(_ owners: [[Domain]]) -> [Domain: Int] {
        var index: [Domain: Int] = [:]
        for (owner, domains) in owners.enumerated() { for domain in domains { index[domain] = owner } }
        return index
    }
}
