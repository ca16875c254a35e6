import MailHost
import MailQueue
import Registry
import SMTP
import TCPIP
import Timebase
import Wire

/// What the provider's server host has besides its TCP/IP stack: users, routes, its mail
/// side and the registry.
struct ServerHost: Sendable {
    let name: Domain
    let address: IPv4Address
    let users: [RASPlan.User]
    private let accounts: [ServerPlan.Account]
    private let answersFinger: Bool
    /// Its sessions and its queue.
    var mail: MailHost
    var registry: RegistryHive
    /// Whether it has no power.
    private(set) var isDown = false
    /// How many messages are on the disk of which was known that they are gone, or nothing yet.
    private(set) var cameAgain = 0
    /// Mail from outside that came while nobody was there to take it.
    var missed: [MailHost.Message] = []
    // The connections of the sessions, by the places of either.
    private var connections: [ConnectionID?] = []
    private var sessions: [SessionID?] = []
    // Looked up, never walked.
    private var routes: [Domain: IPv4Address] = [:]
    private var userByAddress: [IPv4Address: Int] = [:]
    private var userByName: [String: Int] = [:]
    private var accountByName: [String: Int] = [:]

    init(_ plan: ServerPlan, begins: CalendarDate) {
        name = plan.name
        address = plan.address
        users = plan.ras.users
        accounts = plan.accounts
        answersFinger = plan.answersFinger
        registry = plan.registry
        mail = MailHost(ServerHost.configuration(plan, begins), store: SimulatedDisk(latency: plan.diskLatency))
        for (index, user) in users.enumerated() {
            userByName[user.name] = index
            if let address = user.address { userByAddress[address] = index }
            for domain in user.domains { routes[domain] = user.address }
        }
        for (index, account) in accounts.enumerated() { accountByName[account.name] = index }
        for route in plan.routes { routes[route.domain] = route.address }
        applyRegistry()
    }

    private static func configuration(_ plan: ServerPlan, _ begins: CalendarDate) -> MailHostConfiguration {
        var smtp = SMTPServerConfiguration(hostName: plan.name, personality: plan.personality)
        smtp.offersDSN = plan.personality.offers("DSN")
        // Who dials in is a user, and may write to all others, and to where their mail comes from.
        smtp.recipients = RecipientPolicy(
            relayDomains: Set(plan.ras.users.flatMap(\.domains) + [World.headOffice.domain]))
        // Nobody has TLS in these years, so a password may have to go in the clear.
        smtp.takesPasswordsInClear = true
        var configuration = MailHostConfiguration(
            name: plan.name, label: World.serverName, begins: begins, smtp: smtp, queue: plan.queue,
            owners: plan.ras.users.map(\.domains))
        for account in plan.accounts { configuration.accounts[account.name] = account.domains }
        configuration.mechanisms = plan.mechanisms
        configuration.checksIdentity = plan.checksIdentity
        configuration.diskSpace = plan.diskSpace
        return configuration
    }

    /// Takes over what the registry says. The scenario has checked that the values have their types.
    mutating func applyRegistry() {
        guard let parameters = try? ExchangeParameters(registry) else {
            preconditionFailure("the registry was checked before the run")
        }
        mail.apply(parameters)
    }

    // MARK: Power

    /// The power fails. Whoever sends from outside has heard nothing of what was being written, and sends it again.
    mutating func crash(luck: inout RandomStream, at now: Instant) {
        isDown = true
        guard var disk = mail.queue.store as? any ServerDisk else { preconditionFailure("the server host has a disk") }
        disk.crash(luck: &luck, at: now)
        let known = Set(mail.queue.domains.flatMap { mail.queue.queue(of: $0)?.entries.map(\.id) ?? [] })
        cameAgain = 0
        disk.forEachEntry { if !known.contains($1.id) { cameAgain += 1 } }
        missed += mail.unwrittenMessages
        begin(with: disk, at: now)
        connections = []
        sessions = []
    }

    /// The power is back.
    mutating func start(at now: Instant) {
        isDown = false
        begin(with: mail.queue.store, at: now)
    }

    private mutating func begin(with store: any QueueStore, at now: Instant) {
        mail = MailHost(mail.configuration, store: store, taken: mail.takenCount, at: now)
    }

    // MARK: Connections

    /// A session speaks on a connection.
    mutating func bind(_ session: SessionID, to connection: ConnectionID) {
        while connections.count <= session.slot { connections.append(nil) }
        while sessions.count <= connection.slot { sessions.append(nil) }
        connections[session.slot] = connection
        sessions[connection.slot] = session
    }

    /// A connection is gone.
    mutating func unbind(_ session: SessionID) {
        guard let connection = connection(of: session) else { return }
        connections[session.slot] = nil
        sessions[connection.slot] = nil
    }

    /// The session on a connection, if any.
    func session(on connection: ConnectionID) -> SessionID? {
        connection.slot < sessions.count ? sessions[connection.slot] : nil
    }

    /// The connection of a session, if it has one.
    func connection(of session: SessionID) -> ConnectionID? {
        session.slot < connections.count ? connections[session.slot] : nil
    }

    // MARK: Users

    /// The ports on which it listens.
    var ports: [UInt16] {
        [World.smtpPort] + (accounts.isEmpty ? [] : [World.relayPort]) + (answersFinger ? [World.fingerPort] : [])
    }

    /// Who may prove that name with AUTH.
    func account(named name: String) -> ServerPlan.Account? { accountByName[name].map { accounts[$0] } }

    /// An address is lent to a user for a call; to nobody when the call is over.
    mutating func lend(_ address: IPv4Address, to name: String?) {
        userByAddress[address] = name.flatMap { userByName[$0] }
    }

    /// The host that takes a domain's mail.
    func route(to domain: Domain) -> IPv4Address? { routes[domain] }

    mutating func setRoute(to domain: Domain, _ address: IPv4Address) { routes[domain] = address }

    /// Who is at an address: the user whom the RAS has given it to.
    func peer(at address: IPv4Address?) -> MailHost.Peer {
        MailHost.Peer(
            address: address?.description ?? "", domains: address.flatMap { user(at: $0) }?.domains ?? [])
    }

    /// The user that the RAS has given an address to.
    func user(at address: IPv4Address) -> RASPlan.User? { userByAddress[address].map { users[$0] } }

    func user(named name: String) -> RASPlan.User? { userByName[name].map { users[$0] } }
}
