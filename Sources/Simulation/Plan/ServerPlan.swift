public import MailQueue
public import Registry
public import SMTP
public import Telephony
public import Timebase
public import Wire

/// The provider's server host: RAS ports on the telephone side, the mail queue behind them.
public struct ServerPlan: Sendable {
    /// Its name in SMTP greetings and in the capture: `mail.isp.example`.
    public var name: Domain
    /// Its address on every link.
    public var address: IPv4Address
    /// Whose manner of speaking its SMTP server has.
    public var personality: ServerPersonality
    /// The dial-in side.
    public var ras: RASPlan
    /// Retry schedule and lifetime of held mail.
    public var queue: QueueConfiguration
    /// The registry, where an administrator may have set DisableETRN.
    public var registry: RegistryHive
    /// Where mail for a domain goes when that is not its user's own address.
    public var routes: [Route]
    /// Whether a host gets a domain's mail only when it calls itself by a name of the domain's user.
    public var checksIdentity: Bool
    /// How many octets of its disk are free when no mail is held; nil when there is always enough.
    public var diskSpace: Int?
    /// How long its disk needs until what was written is durable; with none it is so at once.
    public var diskLatency: Interval

    /// Who may prove a name with AUTH, and so ask for mail by ATRN and TURN. When there is one, the server listens on
    /// port 366, too.
    public var accounts: [Account]
    /// Whether a user can have his mail released by Finger, at port 79.
    public var answersFinger: Bool
    /// The mechanisms of AUTH, best first.
    public var mechanisms: [SASLMechanism]

    /// Somebody whose mail is held, as the mail server knows him.
    public struct Account: Hashable, Sendable {
        /// The name.
        public var name: String
        /// The password.
        public var password: String
        /// The domains whose mail he gets.
        public var domains: [Domain]

        /// A name with its password and domains.
        public init(name: String, password: String, domains: [Domain]) {
            self.name = name
            self.password = password
            self.domains = domains
        }
    }

    /// An entry of the server's routing by domain.
    public struct Route: Hashable, Sendable {
        /// The domain.
        public var domain: Domain
        /// The host that takes its mail.
        public var address: IPv4Address
        /// Mail for the domain goes to the host at this address.
        public init(domain: Domain, address: IPv4Address) {
            self.domain = domain
            self.address = address
        }
    }

    /// A server host of these parts.
    public init(
        name: Domain, address: IPv4Address, personality: ServerPersonality = .generic, ras: RASPlan,
        queue: QueueConfiguration, registry: RegistryHive, routes: [Route], checksIdentity: Bool = true,
        diskSpace: Int? = nil, diskLatency: Interval = .zero, accounts: [Account] = [],
        mechanisms: [SASLMechanism] = [.cramMD5], answersFinger: Bool = false
    ) {
        self.name = name
        self.address = address
        self.personality = personality
        self.ras = ras
        self.queue = queue
        self.registry = registry
        self.routes = routes
        self.checksIdentity = checksIdentity
        self.diskSpace = diskSpace
        self.diskLatency = diskLatency
        self.accounts = accounts
        self.mechanisms = mechanisms
        self.answersFinger = answersFinger
    }
}

/// The RAS of the server host: a hunt group of modems and the users that may dial in.
public struct RASPlan: Sendable {
    /// How a user proves who it is.
    public enum Authentication: String, CaseIterable, Hashable, Sendable {
        /// RFC 1334: the password travels in clear text.
        case pap
        /// RFC 1994 with MD5.
        case chap
    }

    /// Somebody who may dial in.
    public struct User: Hashable, Sendable {
        /// The name said in PAP or CHAP.
        public var name: String
        /// The shared secret.
        public var password: String
        /// The address given by IPCP; nil for another one of the pool at each call.
        public var address: IPv4Address?
        /// The domains whose mail the server holds for this user, and may be asked for by ETRN.
        public var domains: [Domain]

        /// A user with its address and domains.
        public init(name: String, password: String, address: IPv4Address?, domains: [Domain]) {
            self.name = name
            self.password = password
            self.address = address
            self.domains = domains
        }
    }

    /// Addresses that are lent to users without one of their own; as many as there are ports, at least.
    public struct Pool: Hashable, Sendable {
        /// The first of them.
        public var first: IPv4Address
        /// How many.
        public var count: Int

        /// So many addresses from the first on; at least one.
        public init(first: IPv4Address, count: Int) {
            self.first = first
            self.count = count
        }
    }

    /// The number of the hunt group.
    public var number: String
    /// How many modems answer it.
    public var ports: Int
    /// What kind they are.
    public var modem: ModemProfile
    /// The protocols the server accepts, best first. Not empty.
    public var authentication: [Authentication]
    /// Who may dial in.
    public var users: [User]
    /// Addresses for users without one of their own; not nil when there is such a user.
    public var pool: Pool?
    /// Hang up when no datagram has passed for so long; nil never does.
    public var idleDisconnect: Interval?
    /// Whether the modems answer (register S0); otherwise every call rings until its caller gives up.
    public var autoAnswer: Bool

    /// A RAS of these parts.
    public init(
        number: String, ports: Int, modem: ModemProfile, authentication: [Authentication], users: [User],
        pool: Pool? = nil, idleDisconnect: Interval?, autoAnswer: Bool = true
    ) {
        self.number = number
        self.ports = ports
        self.modem = modem
        self.authentication = authentication
        self.users = users
        self.pool = pool
        self.idleDisconnect = idleDisconnect
        self.autoAnswer = autoAnswer
    }
}
