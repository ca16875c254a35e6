public import Events
public import MailQueue
public import SMTP
public import Timebase

/// The mail side of a server host, whole: the sessions of its SMTP server, its queue, and the reverse connections over
/// which the queue's mail goes. Simulation and service drive the same one.
///
/// Tell the host what happened and when. Do what ``nextAction()`` gives, in order, until it gives nothing. Wake it no
/// later than its ``deadline``. Nothing else makes it move, and it never asks.
///
///     accepted, receive ──▶ server session ──ETRN──▶ queue ──▶ connect ──▶ connected, receive ──▶ client session
///                                          ──DATA──▶ store ──▶ 250            ▲                        │
///                                          ──ATRN──▶ roles reversed ──────────┘             message gone, or kept
///
/// Actions are pulled because each of them may let the driver tell more at once, as the answer to a connect does.
public struct MailHost: Sendable {
    /// What the host wants done, or lets be known.
    public enum Action: Sendable {
        /// There is something to send: take it with ``MailHost/takeOutput(of:upTo:into:at:)`` as far as there is room,
        /// and again when there is room.
        case send(SessionID)
        /// Input that was left where it is may be read now.
        case read(SessionID)
        /// Open a connection to the host that takes a domain's mail; then tell ``MailHost/connected(_:to:at:)``, or
        /// ``MailHost/closed(_:reason:at:)`` when there is no way to it.
        case connect(SessionID, Domain)
        /// Give the connection up without a word; nothing more is to be told about it.
        case abort(SessionID)
        /// Send what is left, then begin TLS, as the server or the client that the session is; then call
        /// ``MailHost/tlsStarted(_:at:)``, or close the connection.
        case startTLS(SessionID)
        /// Make a challenge that nobody can foresee, and none comes twice (RFC 2195 §2); then call
        /// ``MailHost/challengeMade(_:for:at:)``.
        case makeChallenge(SessionID)
        /// Look up what is stored for a user, then call ``MailHost/scramChallengeMade(_:for:at:)``.
        case makeSCRAMChallenge(SessionID, user: String)
        /// Find out whether a proof is true, then call ``MailHost/authenticated(_:as:serverSignature:at:)`` or
        /// ``MailHost/authenticationRefused(_:at:)``.
        case verify(SessionID, SASLProof)
        /// Mail for this host's own postmaster.
        case deliverHere(Message)
        /// Mail for others than the owners: send it where it belongs. The number is part of its name.
        case passOn(Message, number: Int)
        /// Something happened, to the host that takes a domain's mail or to this one.
        case happened(Happening, Domain?)
    }

    /// A message that nobody has numbered yet.
    public struct Message: Hashable, Sendable {
        /// Where it comes from and goes to.
        public var envelope: Envelope
        /// What it says.
        public let content: MessageContent

        /// A message.
        public init(envelope: Envelope, content: MessageContent) {
            self.envelope = envelope
            self.content = content
        }
    }

    /// Who is at the other end of a connection, as far as the driver knows.
    public struct Peer: Hashable, Sendable {
        /// The address as text, without brackets.
        public let address: String
        /// The domains that whoever has the address may ask for.
        public let domains: [Domain]
        /// Whether it may send to anybody.
        public let mayRelay: Bool

        /// Somebody at an address.
        public init(address: String, domains: [Domain] = [], mayRelay: Bool = false) {
            self.address = address
            self.domains = domains
            self.mayRelay = mayRelay
        }
    }

    /// What it was told.
    public internal(set) var configuration: MailHostConfiguration
    /// What it holds.
    public internal(set) var queue: MailQueue
    var sessions = Slab<MailSession>()
    var deadlines = DeadlineTree()
    /// The session that delivers a domain's mail, while there is one; looked up, never walked.
    var deliveries: [Domain: SessionID] = [:]
    /// Domains whose host offers TLS and then fails at it: the next connection goes without (RFC 7435 §3).
    var domainsWithoutTLS: Set<Domain> = []
    /// Mail that the queue was given in this turn, and mail that is being written, by the number of its batch.
    var incoming: [Incoming] = []
    var unwritten: ArraySlice<(batch: Int, incoming: [Incoming])> = []
    /// How many octets of messages are there that are not whole or not durable.
    var contentCount = 0
    /// Domains of which as much waits as may.
    var fullDomains: [Domain] = []
    private var isShuttingDown = false
    /// What is wrong with the store, if anything is.
    var storeFault: String?
    /// What the store has lost, if it has lost anything; then no mail is taken any more.
    public internal(set) var storeDamage: String?
    /// How many messages came in by SMTP, or were written here.
    public internal(set) var takenCount: Int
    /// Which session lies at each place: a name is used once. 0 is none.
    private var serials: [Int] = []
    private var lastSerial = 0
    /// How many connections there are, or are wanted.
    public private(set) var sessionCount = 0
    /// How many clients are there from each address; looked up, never walked.
    private var sessionsByAddress: [String: Int] = [:]
    /// The time of the last thing that was told.
    var now: Instant

    var actions = Outbox<Action>()
    var serverActions = Outbox<SMTPServerSession.Action>()
    var clientActions = Outbox<SMTPClientSession.Action>()
    var queueActions = Outbox<MailQueue.Action>()

    /// A host that goes on with what its store holds.
    /// - Parameters:
    ///   - configuration: what it is told.
    ///   - store: where its queue keeps the messages.
    ///   - taken: how many messages it had taken before, so that no name is given twice.
    ///   - now: when.
    public init(
        _ configuration: MailHostConfiguration, store: any QueueStore, taken: Int = 0, at now: Instant = .beginning
    ) {
        takenCount = taken
        self.configuration = configuration
        self.now = now
        queue = MailQueue(configuration.wholeQueue, store: store, at: now)
        checkDomains()
    }

    // MARK: What happened

    /// A client has connected.
    /// - Parameters:
    ///   - peer: who it is.
    ///   - service: what the port is for.
    ///   - isSecure: whether TLS stands already (RFC 8314 §3).
    ///   - now: when.
    /// - Returns: what the session is called from now on.
    public mutating func accepted(
        _ peer: Peer, for service: SMTPService, isSecure: Bool = false, at now: Instant
    ) -> SessionID {
        self.now = now
        var session = SMTPServerSession(configuration: configuration.smtp(for: service, peer))
        let refusal = refusal(of: peer)
        if let refusal {
            session.connected(refusingWith: refusal, at: now)
        } else {
            session.connected(at: now, date: configuration.begins.date(at: now), isSecure: isSecure)
        }
        let id = open(MailSession(peer: peer, server: session))
        sessions[id.slot]?.isClosing = refusal != nil
        stir(id)
        return id
    }

    /// A connection that the host wanted stands.
    public mutating func connected(_ id: SessionID, to peer: Peer, at now: Instant) {
        self.now = now
        guard let slot = slot(of: id), let delivery = sessions[slot]?.delivery else { return }
        sessions[slot]?.peer = peer
        sessions[slot]?.client?.connected(at: now)
        say(.flushConnected(domain: delivery.domain.spelling), of: delivery.domain)
        stir(id)
    }

    /// Octets have come. While ``wantsInput(_:)`` says no, leave them where they are: TCP holds the peer back.
    public mutating func receive(_ octets: RawSpan, on id: SessionID, at now: Instant) {
        self.now = now
        guard let slot = slot(of: id) else { return }
        sessions[slot]?.receive(octets, at: now, &serverActions, &clientActions)
        if let domain = sessions[slot]?.finger?.receive(octets) { fingerAsked(domain, session: id) }
        goOn(id)
    }

    /// The peer will send nothing more.
    public mutating func peerClosed(_ id: SessionID, at now: Instant) {
        self.now = now
        tellPeerClosed(id)
        stir(id)
    }

    /// A connection is gone, or has not come about.
    /// - Parameters:
    ///   - id: its session.
    ///   - reason: why, for the events.
    ///   - now: when.
    public mutating func closed(_ id: SessionID, reason: String, at now: Instant) {
        self.now = now
        guard let slot = slot(of: id) else { return }
        let wasConnected = sessions[slot]?.isConnected() ?? false
        if sessions[slot]?.client?.state == .startingTLS { tlsFailed(id) }
        if sessions[slot]?.isClosing == false { tellPeerClosed(id) }
        guard let session = remove(id), let delivery = session.delivery, !wasConnected else { return }
        deliveries[delivery.domain] = nil
        say(.flushFailed(domain: delivery.domain.spelling, reason: reason), of: delivery.domain)
        queue.connectFailed(delivery.domain, reason: reason, at: now, into: &queueActions)
        performQueueActions()
    }

    /// There is nowhere to connect to for a domain's mail, and there will not be: the mail is refused (RFC 5321 §5.1),
    /// unless the domain is one whose mail is held here; then it waits, since somebody will mend that.
    /// - Parameters:
    ///   - id: the session that was to connect.
    ///   - reply: what the senders are told.
    ///   - now: when.
    public mutating func hostIsMissing(_ id: SessionID, _ reply: SMTPReply, at now: Instant) {
        guard let slot = slot(of: id), let domain = sessions[slot]?.delivery?.domain, !queue.isOnDemand(domain) else {
            return closed(id, reason: reply.lines.joined(separator: " "), at: now)
        }
        self.now = now
        deliveries[domain] = nil
        _ = remove(id)
        say(.flushFailed(domain: domain.spelling, reason: reply.lines.joined(separator: " ")), of: domain)
        queue.connected(domain)
        while let message = queue.nextMessage(for: domain, at: now, into: &queueActions) {
            let word = DeliveryReply(
                code: reply.code, text: reply.lines.joined(separator: " "), status: reply.enhancedStatus)
            queue.refused(message.id, for: domain, reply: word, at: now, into: &queueActions)
        }
        queue.connectionEnded(domain, at: now, into: &queueActions)
        performQueueActions()
    }

    /// TLS stands on a connection.
    public mutating func tlsStarted(_ id: SessionID, at now: Instant) {
        self.now = now
        guard let slot = slot(of: id) else { return }
        sessions[slot]?.server?.tlsStarted(at: now)
        sessions[slot]?.client?.tlsStarted(at: now)
        stir(id)
    }

    /// The link to the host of a domain came up. It starts nothing by itself.
    public mutating func linkUp(_ domain: Domain, at now: Instant) {
        self.now = now
        queue.linkUp(domain, at: now)
    }

    /// The links to the hosts of some domains are gone.
    public mutating func linkDown(_ domains: [Domain], at now: Instant) {
        self.now = now
        for domain in domains { queue.linkDown(domain, at: now, into: &queueActions) }
        performQueueActions()
    }

    /// The store has made more durable.
    public mutating func storeAdvanced(at now: Instant) {
        self.now = now
        queue.storeAdvanced(at: now, into: &queueActions)
        performQueueActions()
    }

    /// The store does not take what is to be written, or takes it again. Meanwhile no mail is taken, and no flush is
    /// begun.
    /// - Parameters:
    ///   - reason: what is wrong; nil when nothing is.
    ///   - now: when.
    public mutating func storeChanged(fault reason: String?, at now: Instant) {
        self.now = now
        queue.storeChanged(works: reason == nil)
        if reason != storeFault { say(reason.map { .storeFailed(reason: $0) } ?? .storeRecovered) }
        storeFault = reason
        checkStorage()
    }

    /// The store cannot read something that it has written: no mail is taken from now on. What can be read is given to
    /// those who ask for it.
    public mutating func storeDamaged(_ reason: String, at now: Instant) {
        self.now = now
        guard storeDamage == nil else { return }
        storeDamage = reason
        say(.storeDamaged(reason: reason))
        checkStorage()
    }

    /// So many octets are free on the disk now.
    public mutating func spaceChanged(free: Int, at now: Instant) {
        self.now = now
        configuration.diskSpace = free + queue.octets
        checkStorage()
    }

    /// Time has passed. Harmless at any time.
    public mutating func deadlineReached(at now: Instant) {
        self.now = now
        while let deadline = deadlines.earliest, deadline <= now, let slot = deadlines.earliestIndex {
            sessionDeadline(slot)
        }
        guard let deadline = queue.deadline, deadline <= now else { return }
        queue.deadlineReached(at: now, into: &queueActions)
        performQueueActions()
    }

    /// The host is to stop: no session begins anything new. Each client hears 421 when its transaction is over
    /// (RFC 5321 §3.8); what is being delivered is delivered.
    public mutating func shutDown(at now: Instant) {
        self.now = now
        isShuttingDown = true
        for slot in 0..<sessions.placeCount where sessions[slot] != nil {
            stir(SessionID(slot: slot, serial: serials[slot]))
        }
    }

    // MARK: What comes out

    /// What is to be done next; nil when all is done.
    public mutating func nextAction() -> Action? { actions.next() }

    /// Takes output to send. Hot path.
    /// - Parameters:
    ///   - id: the session.
    ///   - room: how many octets the driver has room for.
    ///   - octets: where they are appended.
    ///   - now: when.
    /// - Returns: whether the session is over, and everything is said: close the connection.
    public mutating func takeOutput(
        of id: SessionID, upTo room: Int, into octets: inout [UInt8], at now: Instant
    ) -> Bool {
        guard let slot = slot(of: id) else { return false }
        if sessions[slot]?.takeOutput(upTo: room, into: &octets, at: now) == true { noteContentSent(slot) }
        deadlines.set(sessions[slot]?.deadline(), at: slot)
        if sessions[slot]?.letsGo() == true { actions.append(.read(id)) }
        return sessions[slot]?.isOver() ?? false
    }

    // MARK: What can be known

    /// Whether nothing is wrong with the store.
    public var storeWorks: Bool { storeFault == nil }
    /// When the host must be told the time, if ever.
    public var deadline: Instant? { [deadlines.earliest, queue.deadline].compactMap { $0 }.min() }
    /// Whether octets that have come may be handed over now. When they may again, after a no, ``Action/read(_:)`` says.
    public mutating func wantsInput(_ id: SessionID) -> Bool {
        guard let slot = slot(of: id) else { return false }
        return sessions[slot]?.holdsBack() == false
    }

    // MARK: How it works

    /// Where a session lies, if it is still there.
    func slot(of id: SessionID) -> Int? {
        serials.indices.contains(id.slot) && serials[id.slot] == id.serial && id.serial != 0 ? id.slot : nil
    }

    mutating func say(_ happening: Happening, of domain: Domain? = nil) {
        actions.append(.happened(happening, domain))
    }

    /// Carries out what a session wants, and lets it be heard.
    mutating func goOn(_ id: SessionID) {
        performSessionActions(of: id)
        stir(id)
    }

    /// A session may have something to send, and may wait for something else now.
    mutating func stir(_ id: SessionID) {
        guard let slot = slot(of: id) else { return }
        if isShuttingDown, sessions[slot]?.server?.isBetweenTransactions == true {
            sessions[slot]?.server?.shutDown(at: now, into: &serverActions)
            performSessionActions(of: id)
        }
        contentCount += sessions[slot]?.countContent() ?? 0
        if let limit = configuration.contentLimit { boundContent(to: limit) }
        deadlines.set(sessions[slot]?.deadline(), at: slot)
        actions.append(.send(id))
        if sessions[slot]?.letsGo() == true { actions.append(.read(id)) }
    }

    /// Why a client gets no service now, if it does not.
    func refusal(of peer: Peer) -> SMTPReply? {
        if let limit = configuration.sessionLimit, sessionCount >= limit {
            return SMTPReply(421, EnhancedStatusCode(4, 3, 2), "Too many connections, try again later")
        }
        if let limit = configuration.sessionLimitPerAddress, sessionsByAddress[peer.address] ?? 0 >= limit {
            return SMTPReply(421, EnhancedStatusCode(4, 7, 0), "Too many connections from you, try again later")
        }
        return nil
    }

    mutating func open(_ session: MailSession) -> SessionID {
        sessionCount += 1
        if session.wasAccepted { sessionsByAddress[session.peer.address, default: 0] += 1 }
        let slot = sessions.insert(session)
        while serials.count <= slot { serials.append(0) }
        lastSerial += 1
        serials[slot] = lastSerial
        return SessionID(slot: slot, serial: lastSerial)
    }

    mutating func remove(_ id: SessionID) -> MailSession? {
        guard let slot = slot(of: id) else { return nil }
        deadlines.set(nil, at: slot)
        serials[slot] = 0
        guard let session = sessions.remove(at: slot) else { return nil }
        sessionCount -= 1
        contentCount -= session.contentCount
        if let count = sessionsByAddress[session.peer.address], session.wasAccepted {
            sessionsByAddress[session.peer.address] = count > 1 ? count - 1 : nil
        }
        return session
    }

    private mutating func tellPeerClosed(_ id: SessionID) {
        guard let slot = slot(of: id), sessions[slot]?.isConnected() == true else { return }
        sessions[slot]?.server?.peerClosed(at: now, into: &serverActions)
        sessions[slot]?.client?.peerClosed(at: now, into: &clientActions)
        sessions[slot]?.finger?.peerClosed()
        performSessionActions(of: id)
    }

    private mutating func sessionDeadline(_ slot: Int) {
        let id = SessionID(slot: slot, serial: serials[slot])
        sessions[slot]?.server?.deadlineReached(at: now, into: &serverActions)
        sessions[slot]?.client?.deadlineReached(at: now, into: &clientActions)
        sessions[slot]?.finger?.deadlineReached(at: now)
        goOn(id)
    }
}
