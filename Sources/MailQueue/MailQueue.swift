public import SMTP
public import Timebase

/// All the mail a server host holds, by domain, and the runs that deliver it (RFC 5321 §4.5.4; ETRN, RFC 1985).
///
/// Tell the queue what happened and when. Do what it answers, in order. Wake it no later than its ``deadline``. Nothing
/// else makes it move, and it never asks.
///
/// Messages are kept in a ``QueueStore``; the queue itself knows a ``QueueEntry`` of each. What a turn changes is
/// written when the driver calls ``commit(at:into:)`` at its end, all of it or nothing: a message and the report that
/// takes its place are never both there, nor both gone. New mail is held, and may be answered for with 250, when it is
/// durable.
///
/// Everything undelivered is indexed by domain when it is held, tried or not, so that a flush takes exactly what is
/// held for the domain: there is no separate list of deferred mail that could lag behind. Each domain has at most one
/// reverse connection, and domains that share a link take turns. A call costs O(1) amortised to find the domain,
/// O(log d) to note its deadline, and what ``DomainQueue`` says for its part; d is the number of domains so far.
public struct MailQueue: Sendable {
    /// What the queue wants done, or lets be known.
    public enum Action: Hashable, Sendable {
        /// The batch of this number, and all before it, are durable: who waits for it may be answered.
        case written(Int)
        /// A message is held for a domain.
        case held(MessageID, Domain)
        /// The store has lost a message, or cannot read it now: it is left there, and not tried.
        case unreadable(MessageID, Domain)
        /// Mail for this host's own postmaster, which has no domain: deliver it here.
        case local(Envelope, MessageContent)
        /// Open the reverse connection to the domain's host.
        case connect(Domain)
        /// Abort the domain's reverse connection, open or opening; nothing more is to be told about it.
        case abandon(Domain)
        /// A message arrived after ``MailQueue/nextMessage(for:at:into:)`` had said that nothing was left: unless QUIT
        /// has been sent, ask again.
        case messageWaits(Domain)
        /// A message has waited for ``QueueConfiguration/warning``, and goes on waiting.
        case delayed(HeldMessage)
        /// A message was given up because of its age, and is gone.
        case expired(HeldMessage)
        /// The recipients in the envelope were refused for good, and are gone.
        case bounced(HeldMessage, DeliveryReply)
        /// A sender is to hear what became of a message: write a ``ReportMessage``, and deliver that.
        case report(DeliveryReport)
        /// A run of a domain's queue is over.
        case flushFinished(FlushSummary)
    }

    /// How the queue works.
    public var configuration: QueueConfiguration { order.general.value }
    var order: StandingOrder
    var queues = DomainTable()
    var deadlines = DeadlineTree()
    var links: [SharedLink] = []
    // One. It lies in an array because a value with a store of any kind inside has no size that the compiler knows, nor
    // has what holds it, and all access to that is slow.
    private var stores: [any QueueStore]
    /// What has changed since the last batch; how many batches were written, and how many are known to be durable.
    var batch: [QueueChange] = []
    var batchCount = 0
    var durableCount = 0
    /// New mail that is not yet held, each with the number of its batch.
    var unwritten: ArraySlice<(batch: Int, domain: Domain, entry: QueueEntry)> = []
    /// What an operator keeps back, in the order of arrival; it is in no domain's queue.
    var onHold: [QueueEntry] = []
    private var lastID: Int
    /// The last message that may have been there before this queue: whether and how often it was handed out, is not
    /// known of any up to this one.
    public let recoveredID: MessageID
    var runningCount = 0
    /// The size of everything held, in octets.
    public internal(set) var octets = 0
    var storeWorks = true

    /// A queue of what is in a store.
    /// - Parameters:
    ///   - configuration: how it works; its times are consistent.
    ///   - store: where the messages are kept. Default: in memory.
    ///   - now: when.
    public init(
        _ configuration: QueueConfiguration = QueueConfiguration(), store: any QueueStore = MemoryStore(),
        at now: Instant = .beginning
    ) {
        order = StandingOrder(configuration)
        stores = [store]
        lastID = store.lastNumber
        recoveredID = MessageID(lastID)
        durableCount = store.durableBatches
        batchCount = durableCount
        links = Array(repeating: SharedLink(), count: configuration.links.count)
        store.forEachEntry { domain, entry in
            if entry.isOnHold {
                keepBack(entry)
            } else {
                change(domain, creating: true) { $0.recover(entry, at: now) }
            }
        }
    }

    // MARK: What happened

    /// A message has come: it is held for the domain of each recipient, once per domain, as soon as it is durable.
    /// - Parameters:
    ///   - envelope: where it comes from and goes to.
    ///   - content: what it says.
    ///   - now: when.
    ///   - outbox: gets what is for this host itself.
    public mutating func hold(
        _ envelope: Envelope, content: MessageContent, at now: Instant, into outbox: inout Outbox<Action>
    ) {
        for (domain, part) in envelope.partsByDomain {
            lastID += 1
            guard let domain else {
                outbox.append(.local(part, content))
                if let report = DeliveryReport(
                    on: part, content, number: lastID, arrival: now,
                    recipients: [.init(.postmaster, .delivered, .init(2, 1, 5))], at: now)
                {
                    outbox.append(.report(report))
                }
                continue
            }
            let message = HeldMessage(id: MessageID(lastID), envelope: part, content: content, arrival: now)
            batch.append(.hold(message))
            unwritten.append((batchCount + 1, domain, QueueEntry(message)))
        }
    }

    /// The reverse connection is ready for mail: the peer has greeted with 220 and taken EHLO or HELO.
    public mutating func connected(_ domain: Domain) {
        change(domain) { $0.connected() }
    }

    /// The reverse connection did not come about, or the peer did not greet. The reason is for the summary.
    public mutating func connectFailed(
        _ domain: Domain, reason: String, at now: Instant, into outbox: inout Outbox<Action>
    ) {
        change(domain, into: &outbox) { $0.connectFailed(reason: reason, at: now, into: &$1) }
    }

    /// The host that greeted is not the domain's: the address is somebody else's now, and would be so a second later,
    /// so it is not tried again quickly.
    public mutating func misdirected(
        _ domain: Domain, reason: String, at now: Instant, into outbox: inout Outbox<Action>
    ) {
        change(domain, into: &outbox) { $0.misdirected(reason: reason, at: now, into: &$1) }
    }

    /// All of the message's data was sent, the final dot included. Until the reply comes its fate is open (RFC 1047).
    public mutating func contentSent(_ id: MessageID, for domain: Domain) {
        change(domain) { $0.contentSent(id) }
    }

    /// The peer has taken the message that was handed out.
    /// - Parameters:
    ///   - id: the message.
    ///   - domain: its domain.
    ///   - recipients: the recipients the reply speaks for; nil is all of them. For the others the message stays.
    ///   - reply: what the peer said.
    ///   - peerReports: whether the peer knows DSN: what was asked for was handed on to it, and it reports success
    ///     (RFC 3461 §5.2.1). Otherwise the message is reported as relayed (§5.2.2).
    ///   - now: when.
    ///   - outbox: gets ``Action/report(_:)`` when one is due.
    public mutating func delivered(
        _ id: MessageID, for domain: Domain, to recipients: [ForwardPath]? = nil, reply: DeliveryReply? = nil,
        peerReports: Bool = true, at now: Instant, into outbox: inout Outbox<Action>
    ) {
        change(domain, into: &outbox) {
            $0.delivered(id, to: recipients, reply: reply, peerReports: peerReports, at: now, into: &$1)
        }
    }

    /// The peer has put a recipient of the message off with a 4yz reply, and the transaction goes on.
    public mutating func putOff(_ id: MessageID, for domain: Domain, reply: DeliveryReply) {
        change(domain) { $0.putOff(id, reply: reply) }
    }

    /// The peer has taken, or refused, the message for some recipients, and takes no more of them in one transaction:
    /// ``nextMessage(for:at:into:)`` gives it again for the others.
    /// - Parameters:
    ///   - id: the message.
    ///   - domain: its domain.
    ///   - recipients: the recipients that have it.
    ///   - reply: what the peer said.
    ///   - peerReports: whether the peer knows DSN, as for ``delivered(_:for:to:reply:peerReports:at:into:)``.
    ///   - next: those to whom it was not yet offered, or who were too many: they come first.
    ///   - now: when.
    ///   - outbox: gets ``Action/report(_:)`` when one is due.
    public mutating func partlyDelivered(
        _ id: MessageID, for domain: Domain, to recipients: [ForwardPath], reply: DeliveryReply,
        peerReports: Bool = true, next: [ForwardPath], at now: Instant, into outbox: inout Outbox<Action>
    ) {
        change(domain, into: &outbox) {
            $0.partlyDelivered(
                id, to: recipients, reply: reply, peerReports: peerReports, next: next, at: now, into: &$1)
        }
    }

    /// Recipients of the message were left out of the transaction under way.
    public mutating func divided(_ id: MessageID, for domain: Domain) {
        change(domain) { $0.divided(id) }
    }

    /// The peer takes no more over the reverse connection, and the message that was handed out was not sent: when the
    /// connection is over, the next one is opened at once.
    public mutating func connectionFull(_ domain: Domain, at now: Instant, into outbox: inout Outbox<Action>) {
        change(domain, into: &outbox) { $0.connectionFull(at: now, into: &$1) }
    }

    /// The peer has put the message off with a 4yz reply: it stays, and is not handed out again in this run.
    /// - Parameters:
    ///   - id: the message.
    ///   - domain: its domain.
    ///   - reply: what the peer said, if not to single recipients.
    ///   - now: when.
    ///   - outbox: gets ``Action/report(_:)`` when some recipients were refused before.
    public mutating func deferred(
        _ id: MessageID, for domain: Domain, reply: DeliveryReply? = nil, at now: Instant,
        into outbox: inout Outbox<Action>
    ) {
        change(domain, into: &outbox) { $0.deferred(id, reply: reply, at: now, into: &$1) }
    }

    /// The peer has refused recipients of the message, or the message itself, with a 5yz reply.
    ///
    /// While other recipients are left the transaction goes on, and comes to its own end.
    /// - Parameters:
    ///   - id: the message.
    ///   - domain: its domain.
    ///   - recipients: those refused; nil is all of them.
    ///   - reply: what the peer said.
    ///   - now: when.
    ///   - outbox: gets ``Action/bounced(_:_:)``, and ``Action/report(_:)`` when the transaction has come to its end.
    public mutating func refused(
        _ id: MessageID, for domain: Domain, recipients: [ForwardPath]? = nil, reply: DeliveryReply,
        at now: Instant, into outbox: inout Outbox<Action>
    ) {
        change(domain, into: &outbox) { $0.refused(id, recipients: recipients, reply: reply, at: now, into: &$1) }
    }

    /// The reverse connection is over, after QUIT or not. A message without an answer stays.
    public mutating func connectionEnded(_ domain: Domain, at now: Instant, into outbox: inout Outbox<Action>) {
        change(domain, into: &outbox) { $0.connectionEnded(at: now, into: &$1) }
    }

    /// The link to the domain's host came up. It starts nothing by itself.
    public mutating func linkUp(_ domain: Domain, at now: Instant) {
        change(domain, creating: true) { $0.linkUp(at: now) }
    }

    /// The link to the domain's host went down: quick retries end, and a connection is abandoned.
    public mutating func linkDown(_ domain: Domain, at now: Instant, into outbox: inout Outbox<Action>) {
        // It is down for all who share it: none of them takes over the turn.
        for index in queues.index(of: domain).map({ sharers(of: $0) }) ?? [] { change(at: index) { $0.link = .down } }
        change(domain, creating: true, into: &outbox) { $0.linkDown(at: now, into: &$1) }
    }

    /// The queue's store does not work, or works again: meanwhile no flush can be started.
    public mutating func storeChanged(works: Bool) { storeWorks = works }

    /// Time has passed: connections that are due are tried, messages that are too old expire. Harmless at any time.
    public mutating func deadlineReached(at now: Instant, into outbox: inout Outbox<Action>) {
        store.deadlineReached(at: now)
        storeAdvanced(at: now, into: &outbox)
        let store = store
        while let deadline = deadlines.earliest, deadline <= now, let index = deadlines.earliestIndex {
            change(at: index, into: &outbox) { $0.deadlineReached(at: now, reading: store, into: &$1) }
        }
    }

    // MARK: What is asked

    /// The message to deliver now over the domain's reverse connection: the same until its outcome was told.
    ///
    /// Nil when nothing is left, or there is no connection. Then QUIT, or stay for ``Action/messageWaits(_:)``.
    public mutating func nextMessage(
        for domain: Domain, at now: Instant, into outbox: inout Outbox<Action>
    ) -> HeldMessage? {
        var message: HeldMessage?
        let store = store
        change(domain, into: &outbox) { message = $0.nextMessage(at: now, reading: store, into: &$1) }
        return message
    }

    /// A client asks for mail by ETRN, or an operator does (RFC 1985).
    ///
    /// Costs O(1) for a domain by name; O(domains) for one with its subdomains.
    /// - Parameters:
    ///   - argument: what for.
    ///   - permission: which domains the asker may name.
    ///   - now: when.
    ///   - outbox: gets ``Action/connect(_:)`` for each domain that is started.
    /// - Returns: the reply, in all its parts.
    public mutating func startFlush(
        _ argument: ETRNArgument, permitted permission: FlushPermission, at now: Instant,
        into outbox: inout Outbox<Action>
    ) -> FlushAnswer {
        if let objection = objection(to: argument, permission) {
            return FlushAnswer(argument: argument, verdict: .notAllowed(objection))
        }
        guard storeWorks else { return FlushAnswer(argument: argument, verdict: .unable(.storeFailed)) }
        let asked = scope(of: argument).filter { !queues[$0].messages.isEmpty }
        let verdict = start(asked, at: now, into: &outbox)
        return FlushAnswer(argument: argument, verdict: verdict)
    }

    // MARK: What can be known

    /// Where the messages are.
    public var store: any QueueStore {
        get { stores[0] }
        _modify { yield &stores[0] }
    }
    /// When the queue must be told the time, if ever. O(1).
    public var deadline: Instant? { [deadlines.earliest, store.deadline].compactMap { $0 }.min() }
    /// The queue of a domain; nil when it never had mail or a link.
    public func queue(of domain: Domain) -> DomainQueue? { queues.index(of: domain).map { queues[$0] } }
    /// The messages held for a domain as they were last written, in the order of their arrival. O(n).
    public func messages(for domain: Domain) -> [HeldMessage] {
        queue(of: domain)?.entries.compactMap { store.message($0.id) } ?? []
    }
    /// The size of what is held for a domain, in octets. O(1).
    public func octets(for domain: Domain) -> Int { queues.index(of: domain).map { queues[$0].octets } ?? 0 }
    /// All domains that ever had mail or a link, in the order in which they first did.
    public var domains: [Domain] { queues.indices.map { queues[$0].domain } }
    /// How many messages are held. O(domains).
    public var count: Int { queues.indices.reduce(onHold.count) { $0 + queues[$1].count } }
    /// How many messages were sent to their end without a reply, in the runs that go on: what becomes of them when they
    /// are sent again, nobody here can know (RFC 1047). O(domains).
    public var openEnds: Int { queues.indices.reduce(0) { $0 + queues[$1].openEnds } }
    /// Whether the domain, or one above it, is held on demand.
    public func isOnDemand(_ domain: Domain) -> Bool { order.listing(of: domain) != nil }
}

extension MailQueue {
    private mutating func start(
        _ asked: [Int], at now: Instant, into outbox: inout Outbox<Action>
    ) -> FlushAnswer.Verdict {
        guard !asked.isEmpty else { return .nothingWaiting }
        let isRunning = asked.allSatisfy { queues[$0].isRunning }
        guard isRunning || runningCount < configuration.concurrentFlushes else { return .unable(.tooManyFlushes) }
        var (hasStarted, hasJoined) = (false, false)
        var pending = 0
        var obstacles: [FlushAnswer.Obstacle] = []
        for index in asked {
            change(at: index, into: &outbox) { queue, outbox in
                switch queue.startFlush(at: now, into: &outbox) {
                case .started: (hasStarted, pending) = (true, pending + queue.count)
                case .alreadyRunning: (hasJoined, pending) = (true, pending + queue.count)
                case .unable(let obstacle): obstacles.append(obstacle)
                case .nothingWaiting: break
                }
            }
        }
        if hasStarted { return .started(messages: pending) }
        return hasJoined
            ? .alreadyRunning(messages: pending) : .unable(obstacles.foremost ?? .tooSoon(wait: .zero))
    }

    // RFC 1985 §8: never anything wider than what the client may use.
    private func objection(to argument: ETRNArgument, _ permission: FlushPermission) -> FlushAnswer.Objection? {
        switch argument {
        case .domain(let domain): objection(to: domain, permission)
        case .domainAndSubdomains(let domain):
            objection(to: domain, permission)
                ?? (configuration.onDemandDomains.allSatisfy {
                    !$0.isSubdomain(of: domain) || permission.includes($0.folded)
                } ? nil : .tooWide)
        case .queue(let name):
            if let domains = namedQueue(name)?.domains {
                domains.lazy.compactMap { objection(to: $0, permission) }.first
            } else {
                .noSuchQueue
            }
        }
    }

    func objection(to domain: Domain, _ permission: FlushPermission) -> FlushAnswer.Objection? {
        guard let listing = order.listing(of: domain) else { return .notHeldHere }
        return permission.includes(listing) ? nil : .notYours
    }

    private func namedQueue(_ name: String) -> QueueConfiguration.NamedQueue? {
        configuration.namedQueues.first { $0.name.lowercased() == name.lowercased() }
    }

    /// The queues asked for, in the order in which their domains first had mail.
    private func scope(of argument: ETRNArgument) -> [Int] {
        switch argument {
        case .domain(let domain): queues.index(of: domain).map { [$0] } ?? []
        case .domainAndSubdomains: queues.indices.filter { argument.covers(queues[$0].domain) }
        case .queue(let name): (namedQueue(name)?.domains ?? []).compactMap { queues.index(of: $0) }
        }
    }
}
