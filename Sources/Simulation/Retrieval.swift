import Timebase

/// What a client host does while its link is up: it asks for its mail, waits for it, and hangs up.
///
/// RFC 1985 promises a connection, not a time. The host therefore counts what was promised (a reply 250, 252 or 253 to
/// an ETRN) against the reverse connections that have come and ended with QUIT, and it has patience: when nothing comes
/// for longer than the server's quick retries last, it hangs up all the same.
///
/// A host that asks until nothing is left asks again when all that was promised has come. When the server could start
/// nothing (458) it asks again after a while of its own, or all who came at one time would come again at one time.
struct Retrieval: Sendable {
    enum Action: Equatable, Sendable {
        /// Connect to the server's SMTP port and send ETRN.
        case ask
        /// All that was promised has come: say so, and hang up if the host does when its mail is there.
        case complete
        /// Close the link and hang up: it has waited long enough, or for nothing.
        case hangUp
    }

    /// Longer than the queue's quick retries of a reverse connection.
    static let patience = Interval.seconds(90)

    private let asks: Bool
    private let asksUntilEmpty: Bool
    private let hangsUp: ClientPlan.HangUp
    private var linkUpSince: Instant?
    private var isAsking = false
    private var promised = 0
    /// What was promised when it asked last.
    private var promisedBefore = 0
    private var finished = 0
    private var open = 0
    /// How often in a row it has asked again because the server could not start something, and whether it must now.
    private var refusals = 0
    private var isPutOff = false
    /// Whether an answer was good, whether one was not, and whether it was said that all has come.
    private var hasGoodAnswer = false
    private var wasRefused = false
    private var hasCompleted = false
    private var luck: RandomStream
    private(set) var deadline: Instant?

    /// So often it asks again a server that can start nothing.
    private static let mostRefusals = 10

    init(asks: Bool, untilEmpty: Bool = false, hangsUp: ClientPlan.HangUp, luck: RandomStream) {
        self.luck = luck
        self.asks = asks
        asksUntilEmpty = untilEmpty
        self.hangsUp = hangsUp
    }

    // What happened

    mutating func linkUp(at now: Instant) -> Action? {
        linkDown()
        linkUpSince = now
        isAsking = asks
        deadline =
            switch hangsUp {
            case .whenFlushed: asks ? nil : now + Retrieval.patience
            case .afterIdle(let interval), .after(let interval): now + interval
            case .never: nil
            }
        return asks ? .ask : nil
    }

    mutating func linkDown() {
        self = Retrieval(asks: asks, untilEmpty: asksUntilEmpty, hangsUp: hangsUp, luck: luck)
    }

    /// The server answered an ETRN.
    mutating func etrnAnswered(code: Int) {
        if (250...253).contains(code) && code != 251 {
            promised += 1
            refusals = 0
        }
        if code < 400 { hasGoodAnswer = true } else { wasRefused = true }
        if code == 458 { isPutOff = asksUntilEmpty }
    }

    /// The connection over which mail was asked for is gone, for whatever reason.
    mutating func askingEnded(at now: Instant) -> Action? {
        isAsking = false
        return consider(at: now)
    }

    /// The server has connected.
    mutating func deliveryBegan() {
        open += 1
        if case .whenFlushed = hangsUp { deadline = nil }
    }

    /// A reverse connection is gone. After one that broke off the server tries again.
    mutating func deliveryEnded(isComplete: Bool, at now: Instant) -> Action? {
        open -= 1
        if isComplete { finished += 1 }
        return consider(at: now)
    }

    /// The deadline came. `lastDatagram` is when the link last carried one.
    mutating func deadlineReached(at now: Instant, lastDatagram: Instant) -> Action? {
        guard let due = deadline, due <= now, linkUpSince != nil else { return nil }
        if case .afterIdle(let interval) = hangsUp, lastDatagram + interval > now {
            deadline = lastDatagram + interval
            return nil
        }
        deadline = nil
        guard isPutOff, case .whenFlushed = hangsUp else { return .hangUp }
        isPutOff = false
        return ask()
    }

    private mutating func consider(at now: Instant) -> Action? {
        guard linkUpSince != nil, !isAsking, open == 0 else { return nil }
        let hangsUpByItself = hangsUp == .whenFlushed
        guard finished >= promised else {
            if hangsUpByItself { deadline = now + Retrieval.patience }
            return nil
        }
        if isPutOff, hangsUpByItself, refusals < Retrieval.mostRefusals {
            refusals += 1
            deadline = now + .milliseconds(luck.uniform(in: 5_000...15_000))
            return nil
        }
        guard asksUntilEmpty, promised > promisedBefore else { return end() }
        promisedBefore = promised
        return ask()
    }

    private mutating func ask() -> Action {
        isAsking = true
        wasRefused = false
        return .ask
    }

    /// Nothing more is to come.
    private mutating func end() -> Action? {
        if hasGoodAnswer, !wasRefused, !hasCompleted {
            hasCompleted = true
            return .complete
        }
        return hangsUp == .whenFlushed ? .hangUp : nil
    }
}
