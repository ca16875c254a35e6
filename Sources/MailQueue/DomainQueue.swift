public import SMTP
public import Timebase

/// The messages held for one domain, tried or not, and the run that delivers them.
///
/// A *run* begins when the domain asks for its mail, or by the retry schedule for domains that are tried unasked. It
/// opens one reverse connection and hands out each message once, those that arrive meanwhile included. When the run was
/// asked for and the link is not known to be down, a connection that fails or breaks is tried again after quick pauses.
///
/// ```
///            asked, or due               connected                nothing left, QUIT
///   idle ─────────────────▶ connecting ────────────▶ delivering ───────────────────▶ idle
///                             ▲     │ failed              │ broken
///                             │     ▼                     ▼
///                            waiting (quick pause, or the retry schedule)
/// ```
///
/// Before each connecting it awaits its turn: domains that share a link have one connection after the other. A run over
/// a connection that the domain's host has made (``MailQueue/beginReversedFlush(of:at:)``) begins at `connecting`, and
/// when it fails or breaks it is over.
///
/// What is told in a state where it means nothing changes nothing: a driver may be late with news of a dead connection.
/// Every operation costs O(1) amortised, plus O(log n) to find a message, but the end of a run: O(n) when the domain is
/// tried unasked, for the earliest retry.
public struct DomainQueue: Sendable {
    /// What the queue is doing.
    public enum State: Hashable, Sendable {
        /// Nothing: empty, or holding until it is asked.
        case idle
        /// Another domain has the link.
        case awaitingTurn
        /// A reverse connection is being opened.
        case connecting
        /// A reverse connection is open and takes messages.
        case delivering
        /// The next connection is tried at this instant.
        case waiting(until: Instant)
    }

    /// What the domain's link is known to be.
    enum Link { case unknown, up, down }

    /// A message that was handed out and not yet answered for.
    struct Delivery {
        /// The message as it stands now; the store learns of it when the message has come to an end.
        var message: HeldMessage
        /// When it was handed out, or when its last transaction ended.
        var began: Instant
        /// The end of its data was sent: from now on only the reply tells whether it was taken.
        var contentWasSent = false
        /// Why recipients were put off one by one.
        var objection: DeliveryReply?
        /// For whom it has come to its end, and how.
        var recipients: [DeliveryReport.Recipient] = []

        var id: MessageID { message.id }
    }

    struct Run {
        var summary: FlushSummary
        var delivery: Delivery?
        /// The messages in the order in which they are handed out, and the place of the next one; nil when that is the
        /// order of their arrival.
        var order: [MessageID]?
        var place = 0
        /// `nextMessage` has said on this connection that nothing is left.
        var ranOut = false
        /// It goes over a connection that the domain's host has made (RFC 2645): there is no way to another one.
        var isReversed = false
        /// Failures in a row, and when the first of them was.
        var failures = 0
        var firstFailure: Instant?
    }

    /// The domain.
    public let domain: Domain
    private var part: StandingOrder.Part
    /// Whether mail is tried without being asked for.
    var isTriedUnasked: Bool { part.isTriedUnasked }
    /// Which of the queue's links it shares; nil when it has one of its own.
    var sharedLink: Int? { part.sharedLink }
    var configuration: QueueConfiguration { _read { yield part.configuration.value } }
    /// What the queue is doing.
    public internal(set) var state = State.idle
    var messages = MessageList()
    /// What the store has not yet been told.
    var changes: [QueueChange] = []
    var link = Link.unknown
    // None or one: few domains have a run at a time, and one is larger than all the rest.
    private var runs: [Run?] = []
    /// The run that goes on, if any.
    var run: Run? {
        _read {
            if runs.isEmpty { yield nil } else { yield runs[0] }
        }
        _modify {
            if runs.isEmpty { runs.append(nil) }
            defer { if runs[0] == nil { runs = [] } }
            yield &runs[0]
        }
    }
    var runNumber: UInt32 = 0
    /// Failures in a row of runs, and until when they hold back unasked ones (a dead host costs one attempt at a time).
    var failures = 0
    var heldBackUntil: Instant?
    /// The last message whose sender was told that it waits: messages become late in the order of their arrival.
    var lastDelayed: MessageID?
    /// When the call under way, or the run on a link of which nothing is known, began, and what it has brought so far.
    var callBegan: Instant?
    var broughtOctets = 0
    /// What delivering has cost so far.
    var pace = DeliveryPace()
    /// When the last run that was asked for and ran to its end began, and whether mail has come since it ended.
    var lastFlush: Instant?
    var hasNewMail = false

    init(domain: Domain, _ part: StandingOrder.Part) {
        self.domain = domain
        self.part = part
    }

    // MARK: What can be known

    /// How many messages are held, the one being delivered included.
    public var count: Int { messages.count }
    /// The size of their contents in octets.
    public var octets: Int { messages.octets }
    /// The messages in the order of their arrival. O(n).
    public var entries: [QueueEntry] { messages.all }
    /// How long what is held will take at the pace of what was delivered before; nil when nothing was.
    public var drainTime: Interval? { pace.time(for: octets) }
    /// Whether a run goes on: a connection, or a quick pause between two.
    public var isRunning: Bool { run != nil }

    /// When the queue must be told the time: the next connection, or the expiry of the oldest message.
    public var deadline: Instant? {
        // Messages expire in the order of their arrival. The one being delivered waits for its outcome.
        let underway = run?.delivery?.id
        var deadlines = [messages.first { $0.id != underway }.map { expiry(of: $0.entry) }, nextDelay?.at]
        if case .waiting(let until) = state { deadlines.append(until) }
        return deadlines.compactMap { $0 }.min()
    }

    /// The next message to become late, and when.
    var nextDelay: (entry: QueueEntry, at: Instant)? {
        guard let warning = configuration.warning, let next = messages.first(after: lastDelayed) else { return nil }
        return (next, next.arrival + warning)
    }

    /// When a message is given up.
    func expiry(of entry: QueueEntry) -> Instant { entry.arrival + configuration.lifetime }

    var openEnds: Int {
        guard let run else { return 0 }
        return run.summary.unanswered + (run.delivery?.contentWasSent == true ? 1 : 0)
    }

    /// Whether it has the link.
    var hasTurn: Bool { state == .connecting || state == .delivering }
}

// MARK: - What happened
extension DomainQueue {
    mutating func hold(_ entry: QueueEntry, at now: Instant, into outbox: inout Outbox<MailQueue.Action>) {
        messages.append(entry)
        outbox.append(.held(entry.id, domain))
        admit(entry, at: now, into: &outbox)
    }

    /// An operator keeps a message back, or wants it gone.
    /// - Returns: its entry; nil when it is not here, or is being delivered.
    mutating func withdraw(_ id: MessageID) -> QueueEntry? {
        guard run?.delivery?.id != id, let entry = messages[id] else { return nil }
        messages.remove(id)
        return entry
    }

    /// An operator lets a message go on.
    mutating func release(_ entry: QueueEntry, at now: Instant, into outbox: inout Outbox<MailQueue.Action>) {
        messages.insert(entry)
        admit(entry, at: now, into: &outbox)
    }

    /// What a message that is here from now on sets off.
    private mutating func admit(_ entry: QueueEntry, at now: Instant, into outbox: inout Outbox<MailQueue.Action>) {
        if run == nil { hasNewMail = true }
        insertIntoOrder(entry, at: now)
        if run == nil, isTriedUnasked, obstacle(to: entry, at: now) != nil { return rest(at: now) }
        switch state {
        case .delivering where run?.ranOut == true: outbox.append(.messageWaits(domain))
        case .idle where isTriedUnasked: begin(asked: false, at: now)
        case .waiting where run == nil && heldBackUntil == nil: begin(asked: false, at: now)
        default: return
        }
    }

    /// A message was there before this queue was.
    mutating func recover(_ entry: QueueEntry, at now: Instant) {
        messages.append(entry)
        if entry.wasDelayed { lastDelayed = entry.id }
        if isTriedUnasked { rest(at: now) }
    }

    /// It is told something else. A run goes on; what waits for the schedule waits for the new one.
    mutating func apply(_ part: StandingOrder.Part, at now: Instant) {
        self.part = part
        if run == nil { rest(at: now) }
    }

    mutating func connected() {
        guard state == .connecting else { return }
        state = .delivering
        failures = 0
        heldBackUntil = nil
    }

    mutating func connectFailed(reason: String, at now: Instant, into outbox: inout Outbox<MailQueue.Action>) {
        guard state == .connecting else { return }
        interrupted(.connectFailed(reason: reason), at: now, into: &outbox)
    }

    mutating func misdirected(reason: String, at now: Instant, into outbox: inout Outbox<MailQueue.Action>) {
        guard state == .connecting else { return }
        giveUp(.connectFailed(reason: reason), at: now, into: &outbox)
    }

    mutating func connectionEnded(at now: Instant, into outbox: inout Outbox<MailQueue.Action>) {
        guard state == .delivering, let run else {
            return connectFailed(reason: "connection closed", at: now, into: &outbox)
        }
        if hasTriedAll(at: now) {
            finish(.completed, at: now, into: &outbox)
        } else if run.ranOut, run.delivery == nil {
            // It arrived while the connection was being closed: the domain's host is still there.
            guard run.isReversed else { return connect(at: now) }
            finish(.completed, at: now, into: &outbox)
            hasNewMail = true
        } else {
            settleDelivery(at: now, into: &outbox)
            interrupted(.connectionLost, at: now, into: &outbox)
        }
    }

    mutating func linkUp(at now: Instant) {
        link = .up
        lastFlush = nil
        callBegan = now
        broughtOctets = 0
    }

    mutating func linkDown(at now: Instant, into outbox: inout Outbox<MailQueue.Action>) {
        link = .down
        (callBegan, broughtOctets) = (nil, 0)
        guard run != nil else { return }
        if hasTurn { outbox.append(.abandon(domain)) }
        // With nothing left but the reply to QUIT, nothing is missed.
        if hasTriedAll(at: now) { return finish(.completed, at: now, into: &outbox) }
        settleDelivery(at: now, into: &outbox)
        interrupted(.linkDown, at: now, into: &outbox)
    }

    mutating func deadlineReached(
        at now: Instant, reading store: any QueueStore, into outbox: inout Outbox<MailQueue.Action>
    ) {
        expire(at: now, reading: store, into: &outbox)
        tellDelays(at: now, reading: store, into: &outbox)
        guard case .waiting(let until) = state else { return }
        if messages.isEmpty {
            if run != nil { finish(.completed, at: now, into: &outbox) }
            state = .idle
        } else if until <= now {
            if run != nil { return connect(at: now) }
            if hasMessageDue(at: now) { begin(asked: false, at: now) } else { rest(at: now) }
        }
    }

    private mutating func expire(
        at now: Instant, reading store: any QueueStore, into outbox: inout Outbox<MailQueue.Action>
    ) {
        let underway = run?.delivery?.id
        while let (_, entry) = messages.first(where: { $0.id != underway }), expiry(of: entry) <= now {
            guard let message = read(entry.id, from: store, into: &outbox) else { continue }
            remove(entry.id)
            outbox.append(.expired(message))
            if let report = message.reportOfExpiry(at: now) { outbox.append(.report(report)) }
        }
    }

    private mutating func tellDelays(
        at now: Instant, reading store: any QueueStore, into outbox: inout Outbox<MailQueue.Action>
    ) {
        while let (entry, due) = nextDelay, due <= now {
            lastDelayed = entry.id
            guard var message = read(entry.id, from: store, into: &outbox) else { continue }
            message.wasDelayed = true
            save(message)
            outbox.append(.delayed(message))
            if let report = message.reportOfDelay(until: expiry(of: entry), at: now) { outbox.append(.report(report)) }
        }
    }
}

// MARK: - What is kept
extension DomainQueue {
    /// A message as it stands. What the store cannot read stays there untouched, and is not tried.
    mutating func read(
        _ id: MessageID, from store: any QueueStore, into outbox: inout Outbox<MailQueue.Action>
    ) -> HeldMessage? {
        if let message = run?.delivery?.message, message.id == id { return message }
        if let message = store.message(id) { return message }
        messages.remove(id)
        outbox.append(.unreadable(id, domain))
        return nil
    }

    /// What has become of a message is to be known after a crash, too.
    mutating func save(_ message: HeldMessage) {
        if run?.delivery?.id == message.id { run?.delivery?.message = message }
        messages.update(message.id) {
            $0.notBefore = message.notBefore
            $0.wasDelayed = message.wasDelayed
        }
        changes.append(.update(message))
    }

    /// A message has come to its end.
    mutating func remove(_ id: MessageID) {
        messages.remove(id)
        changes.append(.remove(id))
    }
}

// MARK: - What is asked
extension DomainQueue {
    enum Start { case nothingWaiting, alreadyRunning, started, unable(FlushAnswer.Obstacle) }

    mutating func startFlush(at now: Instant, into outbox: inout Outbox<MailQueue.Action>) -> Start {
        guard !messages.isEmpty else { return .nothingWaiting }
        guard run == nil else { return joinRun(at: now, into: &outbox) }
        if let obstacle = obstacleToFlush(at: now) { return .unable(obstacle) }
        failures = 0
        begin(asked: true, at: now)
        return .started
    }

    /// Why no run can be begun now; nil when one can, or goes on.
    func obstacleToFlush(at now: Instant) -> FlushAnswer.Obstacle? {
        guard run == nil else { return nil }
        if let obstacle = obstacleToAll(at: now) { return obstacle }
        guard let lastFlush, !hasNewMail, now - lastFlush < configuration.minimalFlushInterval else { return nil }
        return .tooSoon(wait: configuration.minimalFlushInterval - (now - lastFlush))
    }

    /// A run over a connection that the domain's host has made, and has not yet greeted on.
    mutating func beginReversedFlush(at now: Instant) {
        guard !messages.isEmpty, !hasTurn else { return }
        failures = 0
        if run == nil { begin(asked: true, at: now) } else { connect(at: now) }
        run?.summary.wasAsked = true
        run?.isReversed = true
        // Nobody is waited for: the connection is there.
        state = .connecting
    }

    private mutating func joinRun(at now: Instant, into outbox: inout Outbox<MailQueue.Action>) -> Start {
        // What the retry schedule began becomes the domain's own run: it takes the messages not yet due along.
        run?.summary.wasAsked = true
        run?.failures = 0
        run?.firstFailure = nil
        messages.cursor = 0
        run?.place = 0
        guard case .waiting = state else {
            if run?.ranOut == true { outbox.append(.messageWaits(domain)) }
            return .alreadyRunning
        }
        connect(at: now)
        return .started
    }
}
