import MailQueue
import Registry
import SMTP
import Telephony
import Timebase
import Wire

/// What the provider's server host has besides its TCP/IP stack: users, routes, the mail queue and the registry.
struct ServerHost: Sendable {
    let name: Domain
    let address: IPv4Address
    let users: [RASPlan.User]
    private let accounts: [ServerPlan.Account]
    private let mechanisms: [SASLMechanism]
    private let checksIdentity: Bool
    /// How many octets are free on the disk when nothing is held; nil when there is always enough.
    private let diskSpace: Int?
    /// How much must be free for mail to be taken.
    private(set) var lowWaterMark = 0
    /// The largest message that is sent, in octets; nil for any.
    private(set) var outboundSizeLimit: Int?
    /// How many recipients the server names in one transaction; nil for any.
    private var recipientLimit: Int?
    /// How many messages came in by SMTP.
    var takenCount = 0
    var queue: MailQueue
    private let queueConfiguration: QueueConfiguration
    /// Whether it has no power.
    private(set) var isDown = false
    /// How many messages are on the disk of which was known that they are gone, or nothing yet.
    private(set) var cameAgain = 0
    /// Mail that the queue was given in this turn, and mail that is being written, by the number of its batch.
    var incoming: [World.Incoming] = []
    var unwritten: ArraySlice<(batch: Int, incoming: [World.Incoming])> = []
    /// Mail from outside that came while nobody was there to take it.
    var missed: [WrittenMail.Message] = []
    var registry: RegistryHive
    var smtpConfiguration: SMTPServerConfiguration
    /// The conversation that delivers a domain's mail, while there is one; looked up, never walked.
    var deliveries: [Domain: Int] = [:]
    // Looked up, never walked.
    private var routes: [Domain: IPv4Address] = [:]
    private var userByAddress: [IPv4Address: Int] = [:]
    private var userByName: [String: Int] = [:]
    private var userByDomain: [Domain: Int] = [:]
    private var accountByName: [String: Int] = [:]

    init(_ plan: ServerPlan) {
        name = plan.name
        address = plan.address
        users = plan.ras.users
        accounts = plan.accounts
        mechanisms = plan.mechanisms
        registry = plan.registry
        checksIdentity = plan.checksIdentity
        diskSpace = plan.diskSpace
        var configuration = plan.queue
        configuration.onDemandDomains = plan.ras.users.flatMap(\.domains)
        configuration.links = plan.ras.users.map(\.domains)
        queueConfiguration = configuration
        queue = MailQueue(configuration, store: SimulatedDisk(latency: plan.diskLatency))
        smtpConfiguration = SMTPServerConfiguration(hostName: plan.name, personality: plan.personality)
        smtpConfiguration.offersDSN = plan.personality.offers("DSN")
        // Who dials in is a user, and may write to all others, and to where their mail comes from.
        smtpConfiguration.recipients = RecipientPolicy(
            relayDomains: Set(plan.ras.users.flatMap(\.domains) + [World.headOffice.domain]))
        for (index, user) in users.enumerated() {
            userByName[user.name] = index
            if let address = user.address { userByAddress[address] = index }
            for domain in user.domains {
                routes[domain] = user.address
                userByDomain[domain] = index
            }
        }
        for (index, account) in accounts.enumerated() { accountByName[account.name] = index }
        for route in plan.routes { routes[route.domain] = route.address }
        applyRegistry()
    }

    /// Takes over what the registry says. The scenario has checked that the values have their types.
    mutating func applyRegistry() {
        guard let parameters = try? ExchangeParameters(registry) else {
            preconditionFailure("the registry was checked before the run")
        }
        smtpConfiguration.offersETRN = !parameters.disablesETRN
        smtpConfiguration.speaksESMTP = parameters.advertisesSMTPExtensions
        smtpConfiguration.offersEnhancedStatusCodes =
            parameters.advertisesSMTPExtensions
            && smtpConfiguration.personality.offers("ENHANCEDSTATUSCODES")
        smtpConfiguration.limits.messageSize =
            parameters.inboundSizeLimit.map { Int($0) } ?? SMTPServerLimits().messageSize
        // Nobody has TLS in these years, so a password may have to go in the clear.
        smtpConfiguration.mechanisms = accounts.isEmpty || parameters.disablesAuthentication ? [] : mechanisms
        smtpConfiguration.takesPasswordsInClear = true
        smtpConfiguration.takesTURN = !accounts.isEmpty && smtpConfiguration.personality.offers("TURN")
        outboundSizeLimit = parameters.outboundSizeLimit.map { Int($0) }
        recipientLimit = parameters.maxRecipients.map { Int($0) }
        lowWaterMark = Int(parameters.diskSpaceLowWaterMark)
    }

    /// The power fails. Whoever sends from outside has heard nothing of what was being written, and sends it again.
    mutating func crash(luck: inout RandomStream, at now: Instant) {
        isDown = true
        guard var disk = queue.store as? SimulatedDisk else { preconditionFailure("the server host has a disk") }
        disk.crash(luck: &luck, at: now)
        let known = Set(queue.domains.flatMap { queue.queue(of: $0)?.entries.map(\.id) ?? [] })
        queue = MailQueue(queueConfiguration, store: disk, at: now)
        cameAgain = 0
        disk.forEachEntry { if !known.contains($1.id) { cameAgain += 1 } }
        for case .elsewhere(let messages) in unwritten.flatMap(\.incoming).map(\.source) { missed += messages }
        unwritten = []
        deliveries = [:]
    }

    /// The power is back.
    mutating func start(at now: Instant) {
        isDown = false
        queue = MailQueue(queueConfiguration, store: queue.store, at: now)
    }

    var hasAccounts: Bool { !accounts.isEmpty }

    /// How the server speaks when it delivers.
    var deliveryConfiguration: SMTPClientConfiguration {
        var configuration = SMTPClientConfiguration(hostName: name)
        configuration.recipientLimit = recipientLimit
        return configuration
    }

    /// What the SMTP server at a port is told.
    func smtpConfiguration(at port: UInt16) -> SMTPServerConfiguration {
        guard port == World.relayPort else { return smtpConfiguration }
        var configuration = smtpConfiguration
        configuration.service = .onDemandRelay
        configuration.offersATRN = true
        return configuration
    }

    /// Who may prove that name with AUTH.
    func account(named name: String) -> ServerPlan.Account? { accountByName[name].map { accounts[$0] } }

    /// An address is lent to a user for a call; to nobody when the call is over.
    mutating func lend(_ address: IPv4Address, to name: String?) {
        userByAddress[address] = name.flatMap { userByName[$0] }
    }

    /// How many octets are free on the disk; nil when nobody counts them.
    var freeSpace: Int? { diskSpace.map { max(0, $0 - queue.octets) } }

    /// The host that takes a domain's mail.
    func route(to domain: Domain) -> IPv4Address? { routes[domain] }

    mutating func setRoute(to domain: Domain, _ address: IPv4Address) { routes[domain] = address }

    /// Whether a host of that name is the one that takes a domain's mail: it calls itself by a domain of the same user,
    /// or by a name below one. An address may have become somebody else's since the route was written.
    func isHost(_ name: Domain?, of domain: Domain) -> Bool {
        guard checksIdentity else { return true }
        guard let name else { return false }
        let domains = userByDomain[domain].map { users[$0].domains } ?? [domain]
        return domains.contains { name == $0 || name.isSubdomain(of: $0) }
    }

    /// What the client at an address may ask for by ETRN: what is its user's, unless nobody looks.
    func permission(of address: IPv4Address?) -> FlushPermission {
        if smtpConfiguration.personality.etrn.has(.servesAnybody) { return .everyDomain }
        return .domains(address.flatMap { user(at: $0) }?.domains ?? [])
    }

    /// The user that the RAS has given an address to.
    func user(at address: IPv4Address) -> RASPlan.User? { userByAddress[address].map { users[$0] } }

    func user(named name: String) -> RASPlan.User? { userByName[name].map { users[$0] } }
}
