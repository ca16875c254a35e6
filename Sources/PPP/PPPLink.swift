public import Timebase
public import Wire

/// One end of a PPP link, from carrier to hang-up (RFC 1661 §3).
///
/// ```
/// dead --up--> establish --LCP opened--> authenticate --success, or none wanted--> network
///   ^              |                        | failure          closed by either end |
///   +---down-------+------------------ terminate <----------------------------------+
/// ```
///
/// The driver tells it of the carrier and of every control packet, sends the frames it answers, and wakes it at its
/// ``deadline``. IP datagrams never pass through: while ``acceptsDatagrams`` is true the driver hands them straight to
/// the stack and takes the stack's to the line, each with the header that ``PPPFrame/appendHeader(_:to:)`` writes.
///
/// Both ends begin alike, at `lowerLayerUp`. What the peer does wrong, RFC 1661 answers or ignores; nothing that comes
/// from it traps. Not supported: multilink, compression of headers or datagrams, callback, EAP, MS-CHAP, IPv6.
public struct PPPLink: Sendable {
    /// The phases of RFC 1661 §3.2.
    public enum Phase: Hashable, Sendable {
        /// There is no carrier.
        case dead
        /// LCP is being negotiated.
        case establish
        /// LCP is open; one or both ends prove who they are.
        case authenticate
        /// IPCP is being negotiated, or open.
        case network
        /// LCP is being closed, or the carrier is about to be dropped.
        case terminate
    }

    /// What the driver must do or should know.
    public enum Action: Hashable, Sendable {
        /// Send this frame: from `FF 03` to the end of the information, without FCS.
        case send([UInt8])
        /// LCP is open; the peer takes packets with so many octets of information.
        case linkOpened(maximumReceiveUnit: Int)
        /// The peer has proved to be this user, or has accepted us as such.
        case authenticated(user: String, by: AuthenticationMethod)
        /// The proof of the peer, or ours, was not accepted. The link is being closed.
        case authenticationFailed(user: String, by: AuthenticationMethod, message: String)
        /// Datagrams can pass.
        case networkUp(local: IPv4Address, peer: IPv4Address)
        /// They no longer can.
        case networkDown
        /// The link is over: hang up.
        case lowerLayerFinished(FinishReason)
    }

    /// The phase the link is in.
    public internal(set) var phase = Phase.dead
    /// Our address; nil until datagrams can pass.
    public internal(set) var localAddress: IPv4Address?
    /// The peer's address; nil until datagrams can pass.
    public internal(set) var peerAddress: IPv4Address?
    /// Who the peer has proved to be.
    public internal(set) var peerUser: String?
    /// Why the link is ending or over; nil while it stands, and when the carrier went without a word.
    public internal(set) var finishReason: FinishReason?
    /// How many frames have been discarded in silence, as RFC 1661 demands for what does not fit the phase.
    public internal(set) var discardedFrames = 0

    let configuration: PPPConfiguration
    var random: RandomStream
    var lcp: LCP
    var ipcp: ControlProtocol<IPCPNegotiator>?
    var proof = Authentication.none
    var check = Authentication.none
    var isProofOwed = false
    var isCheckOwed = false
    // When the peer has had time enough, for all of the negotiation and for authentication.
    var limit: Instant?
    var authenticationLimit: Instant?
    var hasFinished = false
    var hasHeardPeer = false

    /// A link without carrier.
    /// - Parameters:
    ///   - configuration: what this end wants.
    ///   - random: the stream for magic numbers and challenges of this link.
    public init(_ configuration: PPPConfiguration, random: RandomStream) {
        precondition(
            configuration.lcp.offers.isEmpty || configuration.credentials != nil,
            "who offers to authenticate has something to prove it with")
        self.configuration = configuration
        self.random = random
        lcp = PPPLink.makeLCP(configuration, random: &self.random)
    }

    // What happened

    /// The carrier is there: negotiation begins.
    /// - Parameters:
    ///   - now: the time.
    ///   - outbox: gets what is to be done.
    public mutating func lowerLayerUp(at now: Instant, into outbox: inout Outbox<Action>) {
        precondition(phase == .dead, "a carrier comes up once")
        lcp = PPPLink.makeLCP(configuration, random: &random)
        finishReason = nil
        hasFinished = false
        hasHeardPeer = false
        phase = .establish
        limit = now + configuration.negotiationLimit
        var actions = Outbox<ControlProtocolAction>()
        lcp.raise(.open, at: now, into: &actions)
        lcp.raise(.up, at: now, into: &actions)
        carryOut(&actions, at: now, into: &outbox)
    }

    /// The carrier is gone. Harmless when it was not there.
    /// - Parameters:
    ///   - now: the time.
    ///   - outbox: gets what is to be done.
    public mutating func lowerLayerDown(at now: Instant, into outbox: inout Outbox<Action>) {
        guard phase != .dead else { return }
        var actions = Outbox<ControlProtocolAction>()
        lcp.raise(.down, at: now, into: &actions)
        carryOut(&actions, at: now, into: &outbox)
        leaveUpperLayers(into: &outbox)
        phase = .dead
        limit = nil
    }

    /// The time is there. Harmless before the deadline.
    /// - Parameters:
    ///   - now: the time.
    ///   - outbox: gets what is to be done.
    public mutating func deadlineReached(at now: Instant, into outbox: inout Outbox<Action>) {
        var actions = Outbox<ControlProtocolAction>()
        let isPeerGone = lcp.deadlineReached(at: now, into: &actions)
        carryOut(&actions, at: now, into: &outbox)
        if isPeerGone { finish(.peerDead, at: now, into: &outbox) }
        authenticationDeadlineReached(at: now, into: &outbox)
        if ipcp != nil {
            ipcp?.deadlineReached(at: now, into: &actions)
            carryOutIPCP(&actions, at: now, into: &outbox)
        }
        if let authenticationLimit, authenticationLimit <= now {
            finish(.authenticationTimedOut, at: now, into: &outbox)
        } else if let limit, limit <= now {
            finish(.notConverging, at: now, into: &outbox)
        }
    }

    // What is asked

    /// Ends the link: the peer is told, and the driver hears when to hang up. Harmless when there is none.
    /// - Parameters:
    ///   - now: the time.
    ///   - outbox: gets what is to be done.
    public mutating func close(at now: Instant, into outbox: inout Outbox<Action>) {
        finish(.closedHere, at: now, into: &outbox)
    }

    // What can be known

    /// When the link must next be told the time, if ever.
    public var deadline: Instant? {
        let authentication = earlier(proof.deadline, check.deadline)
        return earlier(
            earlier(lcp.deadline, earlier(limit, authenticationLimit)),
            earlier(ipcp?.automaton.deadline, authentication))
    }

    /// Whether datagrams can pass: IPCP is open.
    public var acceptsDatagrams: Bool { localAddress != nil }

    /// The longest information that the peer takes.
    public var peerMaximumReceiveUnit: Int { Int(lcp.options.peerUnit) }

    /// The control characters that the peer wants escaped in what it receives.
    public var transmitACCM: UInt32 { lcp.state == .opened ? lcp.options.peerMap : AsyncFraming.defaultMap }

    /// The control characters that the peer escapes in what it sends.
    public var receiveACCM: UInt32 { lcp.state == .opened ? lcp.options.receiveMap : AsyncFraming.defaultMap }

    /// The control characters to be escaped in a frame. LCP's codes 1 to 7 are sent as if nothing had been negotiated,
    /// so that they are understood whatever the other end believes (RFC 1661 §5).
    /// - Parameter frame: the frame from `FF 03` on, without FCS.
    /// - Returns: the map.
    public func transmitACCM(for frame: RawSpan) -> UInt32 {
        guard let header = try? PPPFrame(parsing: frame), header.carriedProtocol == .lcp,
            frame.byteCount > header.headerLength, (1...7).contains(frame[octet: header.headerLength])
        else { return transmitACCM }
        return AsyncFraming.defaultMap
    }

    /// Whether a frame carries an IP datagram, so that it is the stack's and not the link's.
    @inlinable public static func isDatagram(_ frame: RawSpan) -> Bool {
        if frame.byteCount >= PPPFrame.fullHeaderLength, frame.bigEndian32(at: 0) == 0xFF03_0021 { return true }
        guard let header = try? PPPFrame(parsing: frame) else { return false }
        return header.carriedProtocol == .ip
    }

    private static func makeLCP(_ configuration: PPPConfiguration, random: inout RandomStream) -> LCP {
        LCP(
            configuration.lcp, restart: configuration.restart, keepalive: configuration.keepalive,
            random: branch(&random, "magic number"))
    }

    /// A stream of its own for one purpose, so that a challenge tells nothing of a magic number.
    static func branch(_ random: inout RandomStream, _ purpose: String) -> RandomStream {
        RandomStream(seed: random.next(), thing: "ppp", purpose: purpose)
    }
}
