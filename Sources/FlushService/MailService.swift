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
    private let capture: TrafficCapture?

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

        /// A journal in a file.
        public init(path: String, configuration: ServiceConfiguration) {
            self.path = path
            self.configuration = configuration
        }
    }

    /// A capture of the service's own traffic, with its events between the packets.
    public struct Capture: Sendable {
        /// The file, in pcapng; there must be none of that name.
        public var path: String
        /// Whether the secrets of its TLS sessions are in it: who has the file reads them all.
        public var withSecrets: Bool

        /// A capture in a file.
        public init(path: String, withSecrets: Bool = false) {
            self.path = path
            self.withSecrets = withSecrets
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

    /// What needs the rights of root: sockets at low ports, a private key that nobody else may read, to see packets.
    public struct Doors: Sendable {
        let sockets: [BoundSocket]
        let tls: TLSSettings
        let capture: TrafficCapture?

        /// Binds the listeners of a plan, reads its certificate, and then becomes the user that the plan names, if it
        /// names one: what follows is done by, and belongs to, that user.
        ///
        /// To be called on the first thread of a process, before it makes others: of a thread that has ended, even if
        /// it is the first, the system goes on to show who it was.
        /// - Parameters:
        ///   - plan: the service.
        ///   - capture: what is captured of its traffic; nil for nothing.
        /// - Throws: what is wrong with an address, the certificate, the capture or the user.
        public init(_ plan: Plan, capturing capture: Capture? = nil) throws {
            let sockets = try plan.listeners.map { try BoundSocket($0.address, port: $0.port) }
            self.sockets = sockets
            self.capture = try capture.map {
                try TrafficCapture($0, filter: TrafficCapture.filter(for: plan, boundTo: sockets.map(\.port)))
            }
            tls = try TLSSettings(plan.certificate, keyLog: self.capture?.keyLog)
            if let user = plan.user { try Privileges.giveUp(for: user) }
        }
    }

    /// Opens the store and begins.
    /// - Parameters:
    ///   - plan: what it is made of.
    ///   - doors: what was opened for it; nil to open it now.
    ///   - journal: where everything is written that the mail host is told; nil when it is not.
    ///   - note: hears why the journal or the capture ends early, if one does.
    ///   - report: hears of everything that happens, on the thread of the event loop.
    /// - Throws: ``StoreError``, ``CaptureError``, or what is wrong with an address or a certificate.
    public init(
        _ plan: Plan, _ doors: Doors? = nil, journal: Journal? = nil,
        note: @escaping @Sendable (String) -> Void = { _ in }, report: @escaping @Sendable (Event) -> Void
    ) async throws {
        let doors = try doors ?? Doors(plan)
        capture = doors.capture
        try capture?.begin(tell: note)
        let tell: @Sendable (Event) -> Void = { [capture] event in
            report(event)
            capture?.note(event)
        }
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let loop = group.next()
        let box = NIOLoopBoundBox<MailHostLoop?>.makeEmptyBox(valueType: MailHostLoop.self, eventLoop: loop)
        var routes = Routes(plan)
        let store = try SQLiteStore(folder: plan.store) { news in loop.execute { box.value?.storeDid(news) } }
        let clock = ServiceClock()
        let begins = clock.now
        let mail = MailHost(plan.host, store: store, taken: store.lastNumber, at: begins)
        for (id, domain) in store.unreadable {
            tell(Event(at: begins, host: "server", happening: .queueUnreadable(domain: domain, message: id.number)))
        }
        for (account, address) in try store.addresses() { routes.isAt(address, account) }
        let authenticator = Authenticator(plan.accounts)
        let resolver = ResolverConfiguration(of: plan)
        host = try await loop.submit { [routes] in
            let host = MailHostLoop(
                mail, store, on: loop, routes: routes, resolver: resolver, authenticator: authenticator, tls: doors.tls,
                clock: clock,
                journal: try journal.map { try MailService.journal($0, of: mail, plan, at: begins, note) }, report: tell
            )
            box.value = host
            host.watchSpace(in: plan.store)
            if let damage = store.damage { host.storeDamaged(damage) }
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

    /// Another configuration holds for whatever begins from now on, the files of its certificate included. Where it
    /// listens, where its store is, and who it is stays as it was.
    /// - Throws: what is wrong with the certificate; then nothing has changed.
    func apply(_ configuration: ServiceConfiguration) async throws {
        let host = host
        let tls = try TLSSettings(configuration.plan.certificate, keyLog: capture?.keyLog)
        try capture?.setFilter(TrafficCapture.filter(for: configuration.plan, boundTo: ports))
        try await group.next().submit { host.value.apply(configuration, tls: tls) }.get()
    }

    /// Stops listening, lets transactions and deliveries come to their ends for a while, and closes the store.
    public func shutDown() async throws {
        for door in listeners + [control, monitor].compactMap({ $0 }) { try await door.close() }
        let host = host
        try await group.next().flatSubmit { host.value.shutDown() }.get()
        // The store's thread tells the loop what it has written as long as there is one.
        let end = Result { try store.close() }
        try await group.shutdownGracefully()
        await capture?.finish()
        try end.get()
    }

    private static func journal(
        _ journal: Journal, of mail: MailHost, _ plan: Plan, at now: Instant,
        _ note: @escaping @Sendable (String) -> Void
    ) throws -> JournalWriter {
        let writer = try JournalWriter(path: journal.path, tell: note)
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
