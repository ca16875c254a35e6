public import Events
public import MailHost
public import MailQueue
import NIOCore
import NIOPosix
public import Resolver
public import SMTP
package import Source
import Timebase

/// The service: a mail host at its listeners, with its store.
public final class MailService: Sendable {
    private let group: MultiThreadedEventLoopGroup
    private let host: NIOLoopBound<MailHostLoop>
    private let listeners: [any Channel]
    /// Where operators ask, and where it is watched, if it is.
    private let control: any Channel
    private let monitor: (any Channel)?
    private let store: SQLiteStore

    /// What a service is made of.
    public struct Plan: Sendable {
        /// The mail host.
        public var host: MailHostConfiguration
        /// Where it listens.
        public var listeners: [Listener]
        /// The folder of its store.
        public var store: String
        /// What is stored of the accounts' passwords.
        public var accounts: [String: SCRAMKeys]
        /// Where the hosts of domains are.
        public var routes: [Route]
        /// The files of the certificate and of its key, in PEM.
        public var certificate: (chain: String, key: String)?
        /// Where the mail of all other domains goes; nil when none is taken.
        public var smarthost: Route.Host?
        /// Whoever comes from there may send to anybody.
        package var relayNetworks: [Network] = []
        /// The name servers that are asked for MX records; nobody: those of this machine.
        public var nameServers: [NameServer] = []
        /// Who it becomes when its listeners are bound; nil when it stays who it is.
        public var user: String?
        /// Where it is watched by HTTP; nil where it is not.
        public var monitor: Listener?

        /// A service of these parts.
        public init(
            host: MailHostConfiguration, listeners: [Listener], store: String, accounts: [String: SCRAMKeys] = [:],
            routes: [Route] = [], certificate: (chain: String, key: String)? = nil
        ) {
            self.host = host
            self.listeners = listeners
            self.store = store
            self.accounts = accounts
            self.routes = routes
            self.certificate = certificate
        }
    }

    /// A journal of what the mail host is told, for ``Replay``.
    public struct Journal: Sendable {
        /// The file; there must be none of that name.
        public var path: String
        /// The configuration that the plan was made of.
        public var configuration: ServiceConfiguration
        /// Hears once why it can be written no further, if it cannot.
        public var tell: @Sendable (String) -> Void

        /// A journal in a file.
        public init(
            path: String, configuration: ServiceConfiguration, tell: @escaping @Sendable (String) -> Void = { _ in }
        ) {
            self.path = path
            self.configuration = configuration
            self.tell = tell
        }
    }

    /// A port that the service listens at.
    public struct Listener: Hashable, Sendable {
        /// The address, as text.
        public var address: String
        /// The port; 0 for any that is free.
        public var port: Int
        /// What for.
        public var service: SMTPService
        /// Whether TLS comes first (RFC 8314 §3).
        public var isImplicitlySecure: Bool

        /// A port at an address.
        public init(address: String, port: Int, service: SMTPService = .mail, isImplicitlySecure: Bool = false) {
            self.address = address
            self.port = port
            self.service = service
            self.isImplicitlySecure = isImplicitlySecure
        }
    }

    /// Where the mail of a domain goes.
    public struct Route: Hashable, Sendable {
        /// How the host of a domain is found.
        public enum Host: Hashable, Sendable {
            /// At an address, as text.
            case at(address: String, port: Int)
            /// As the domain's MX records say (RFC 5321 §5.1).
            case mailExchangers(port: Int)
            /// At the address from which an account was last proved by AUTH.
            case lastAddress(account: String, port: Int)
        }

        /// The domain, and those below it.
        public var domain: Domain
        /// Where its host is.
        public var host: Host

        /// Mail for a domain goes to a host.
        public init(domain: Domain, host: Host) {
            self.domain = domain
            self.host = host
        }

        /// Mail for a domain goes to the host at an address.
        public init(domain: Domain, address: String, port: Int = 25) {
            self.init(domain: domain, host: .at(address: address, port: port))
        }
    }

    /// Opens the store, binds the listeners, and begins.
    /// - Parameters:
    ///   - plan: what it is made of.
    ///   - journal: where everything is written that the mail host is told; nil when it is not.
    ///   - report: hears of everything that happens, on the thread of the event loop.
    /// - Throws: ``StoreError``, or what is wrong with an address or a certificate.
    public convenience init(
        _ plan: Plan, journal: Journal? = nil, report: @escaping @Sendable (Event) -> Void
    ) async throws {
        try await self.init(plan, Doors(plan), journal: journal, report: report)
    }

    /// What needs the rights of root: sockets at low ports, and a private key that nobody else may read.
    public struct Doors: Sendable {
        let sockets: [BoundSocket]
        let tls: TLSSettings

        /// Binds the listeners of a plan, reads its certificate, and then becomes the user that the plan names, if it
        /// names one: what follows is done by, and belongs to, that user.
        ///
        /// To be called on the first thread of a process, before it makes others: of a thread that has ended, even if
        /// it is the first, the system goes on to show who it was.
        /// - Throws: what is wrong with an address, the certificate or the user.
        public init(_ plan: Plan) throws {
            sockets = try plan.listeners.map { try BoundSocket($0.address, port: $0.port) }
            tls = try TLSSettings(plan.certificate)
            if let user = plan.user { try Privileges.giveUp(for: user) }
        }
    }

    init(
        _ plan: Plan, _ doors: Doors, journal: Journal? = nil, report: @escaping @Sendable (Event) -> Void
    ) async throws {
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let loop = group.next()
        let box = NIOLoopBoundBox<MailHostLoop?>.makeEmptyBox(valueType: MailHostLoop.self, eventLoop: loop)
        var routes = Routes()
        for route in plan.routes { routes.set(route.host, for: route.domain) }
        routes.smarthost = plan.smarthost
        routes.relayNetworks = plan.relayNetworks
        let store = try SQLiteStore(folder: plan.store) { news in loop.execute { box.value?.storeDid(news) } }
        let clock = ServiceClock()
        let begins = clock.now
        let mail = MailHost(plan.host, store: store, taken: store.lastNumber, at: begins)
        for (id, domain) in store.unreadable {
            report(Event(at: begins, host: "server", happening: .queueUnreadable(domain: domain, message: id.number)))
        }
        for (account, address) in try store.addresses() { routes.isAt(address, account) }
        let authenticator = Authenticator(plan.accounts)
        let resolver = ResolverConfiguration(of: plan)
        host = try await loop.submit { [routes] in
            let host = MailHostLoop(
                mail, store, on: loop, routes: routes, resolver: resolver, authenticator: authenticator, tls: doors.tls,
                clock: clock,
                journal: try journal.map { try MailService.journal($0, of: mail, plan, at: begins) }, report: report)
            box.value = host
            host.watchSpace(in: plan.store)
            return NIOLoopBound(host, eventLoop: loop)
        }.get()
        self.store = store
        var listeners: [any Channel] = []
        for (listener, socket) in zip(plan.listeners, doors.sockets) {
            listeners.append(try await MailService.listen(listener, at: socket, on: group, host))
        }
        self.listeners = listeners
        control = try await ControlHandler.listen(in: plan.store, on: group, host)
        if let place = plan.monitor {
            monitor = try await MonitorHandler.listen(at: place.address, port: place.port, on: group, host)
        } else {
            monitor = nil
        }
    }

    /// The port at which it is watched, if it is.
    public var monitorPort: Int? { monitor?.localAddress?.port }

    /// Returns as soon as the loop that does all the work has answered.
    func isAlive() async { _ = try? await group.next().submit {}.get() }

    /// The ports that it listens at, in the order of the plan.
    public var ports: [Int] { listeners.map { $0.localAddress?.port ?? 0 } }

    /// The messages that are held for a domain, in the order of their arrival.
    public func messages(for domain: Domain) async throws -> [HeldMessage] {
        let host = host
        return try await group.next().submit { host.value.ask { $0.queue.messages(for: domain) } }.get()
    }

    /// Other keys hold for the accounts from the next AUTH on.
    func setAccounts(_ accounts: [String: SCRAMKeys]) async {
        let host = host
        _ = try? await group.next().submit { host.value.setAccounts(accounts) }.get()
    }

    /// Another certificate holds from the next connection on.
    func setCertificate(_ certificate: (chain: String, key: String)) async throws {
        let host = host
        let tls = try TLSSettings(certificate)
        try await group.next().submit { host.value.tls = tls }.get()
    }

    /// Stops listening, lets transactions and deliveries come to their ends for a while, and closes the store.
    public func shutDown() async throws {
        for door in listeners + [control, monitor].compactMap({ $0 }) { try await door.close() }
        let host = host
        try await group.next().flatSubmit { host.value.shutDown() }.get()
        // The store's thread tells the loop what it has written as long as there is one.
        let end = Result { try store.close() }
        try await group.shutdownGracefully()
        try end.get()
    }

    private static func journal(
        _ journal: Journal, of mail: MailHost, _ plan: Plan, at now: Instant
    ) throws -> JournalWriter {
        let writer = try JournalWriter(path: journal.path, tell: journal.tell)
        let configuration = journal.configuration
        writer.note(
            .begins(
                configuration: configuration.text, overrides: configuration.overrides,
                registry: configuration.registry, taken: mail.takenCount), at: now)
        let held = mail.queue.domains.flatMap { mail.queue.messages(for: $0) } + mail.queue.messagesOnHold
        for message in held.sorted(by: { $0.id < $1.id }) {
            writer.note(.held(.init(message)), at: now)
        }
        return writer
    }

    private static func listen(
        _ listener: Listener, at socket: BoundSocket, on group: MultiThreadedEventLoopGroup,
        _ host: NIOLoopBound<MailHostLoop>
    ) async throws -> any Channel {
        try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1_024)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if listener.isImplicitlySecure {
                        try channel.pipeline.syncOperations.addHandler(host.value.tls.serverHandler())
                    }
                    let purpose = SessionHandler.Purpose.serves(
                        listener.service, tls: listener.isImplicitlySecure)
                    try channel.pipeline.syncOperations.addHandler(SessionHandler(host.value, for: purpose))
                }
            }
            .withBoundSocket(socket.descriptor).get()
    }
}
