public import Timebase
public import Wire

/// Everything one end of a link wants: one value, which many links may share.
public struct PPPConfiguration: Sendable {
    /// LCP's options. Which methods are demanded and offered follows from `demands` and `offers` in it.
    public var lcp: LCPConfiguration
    /// The restart timer and the limits of both automata.
    public var restart: RestartConfiguration
    /// Echo-Requests while the link is open; nil sends none. Default nil, as pppd.
    public var keepalive: KeepaliveConfiguration?

    /// The name under which this end sends challenges.
    public var name: String
    /// Who this end is to the peer; nil when it will not say.
    public var credentials: PPPCredentials?
    /// Who the peer may be.
    public var users: PPPUsers
    /// How long an answer is waited for in PAP and CHAP before the question is repeated. Default 3 s, as pppd.
    public var authenticationRetryInterval: Interval
    /// How often a question is asked in all. Default 10, as pppd.
    public var authenticationTries: Int
    /// How long after a success CHAP asks again; nil for never. Default nil.
    public var challengeRepeatInterval: Interval?
    /// MD5, for CHAP.
    ///
    /// A function value, since digests belong to a library and libraries stay above the core. It runs twice in a link's
    /// life, must depend on its argument alone, and is never told apart from another one.
    public var digest: @Sendable ([UInt8]) -> [UInt8]

    /// Our address; unspecified to be given one by the peer.
    public var localAddress: IPv4Address
    /// The peer's address, unless its user has one of its own; nil takes the peer's word.
    public var peerAddress: IPv4Address?

    /// How long the peer may take over authentication. Default 60 s.
    public var authenticationLimit: Interval
    /// How long the link may take from the first packet until datagrams can pass: NT's NegotiateTime. Default 150 s.
    public var negotiationLimit: Interval

    /// The end that dials in: it proves who it is when asked, and is given an address.
    /// - Parameters:
    ///   - credentials: who it is.
    ///   - offers: how it is ready to prove that, best first.
    ///   - digest: MD5.
    /// - Returns: a configuration whose other properties have their defaults.
    public static func client(
        _ credentials: PPPCredentials, offers: [AuthenticationMethod] = [.chap, .pap],
        digest: @escaping @Sendable ([UInt8]) -> [UInt8]
    ) -> PPPConfiguration {
        var configuration = PPPConfiguration(name: credentials.name, localAddress: .unspecified, digest: digest)
        configuration.credentials = credentials
        configuration.lcp.offers = offers
        return configuration
    }

    /// The end that is dialled: it wants to know who the peer is, and gives it an address.
    /// - Parameters:
    ///   - name: its name in challenges.
    ///   - address: its own address on the link.
    ///   - users: who may dial in, with their addresses.
    ///   - demands: how they must prove who they are, best first; empty lets everybody in.
    ///   - digest: MD5.
    /// - Returns: a configuration whose other properties have their defaults.
    public static func server(
        name: String, address: IPv4Address, users: PPPUsers, demands: [AuthenticationMethod] = [.chap, .pap],
        digest: @escaping @Sendable ([UInt8]) -> [UInt8]
    ) -> PPPConfiguration {
        var configuration = PPPConfiguration(name: name, localAddress: address, digest: digest)
        configuration.users = users
        configuration.lcp.demands = demands
        return configuration
    }

    private init(name: String, localAddress: IPv4Address, digest: @escaping @Sendable ([UInt8]) -> [UInt8]) {
        lcp = LCPConfiguration()
        restart = RestartConfiguration()
        self.name = name
        users = PPPUsers()
        authenticationRetryInterval = .seconds(3)
        authenticationTries = 10
        self.digest = digest
        self.localAddress = localAddress
        authenticationLimit = .seconds(60)
        negotiationLimit = .seconds(150)
    }
}
