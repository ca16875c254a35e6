import Timebase

/// What a client host does while its link is up: it sends what it has written, asks for its mail, waits for it, and
/// hangs up.
///
/// RFC 1985 promises a connection, not a time. The host therefore counts what was promised (a reply 250, 252 or 253 to
/// an ETRN) against the reverse connections that have come and ended with QUIT, and it has patience: when nothing comes
/// for longer than the server's quick retries last, it hangs up all the same.
///
/// A host that asks until nothing is left asks again when all that was promised has come. When the server could start
/// nothing (458) it asks again after a while of its own, or all who came at one time would come again at one time.
struct Retrieval: Sendable {
    enum Action: Equatable, Sendable {
        /// Connect to the server's SMTP port and send what was written.
        case submit
        /// Connect to the server's SMTP port and send ETRN.
        case ask
        /// All that was promised has come: say so, and hang up if the host does when its mail is there.
        case complete
        /// Close the link and hang up: it has waited long enough, or for nothing.
        case hangUp
    }

    /// How a host retrieves.
    struct Habit: Sendable {
        /// Whether it asks at all, and for how many names.
        var asks: Bool
        var names = 1
        /// Whether it asks again until nothing is left.
        var untilEmpty = false
        /// When it hangs up.
        var hangsUp: ClientPlan.HangUp
        /// How long after the link came up it asks: it may wait until its own SMTP server listens.
        var asksAfter = Interval.zero
    }

    /// Longer than the queue's quick retries of a reverse connection.
    static let patience = Interval.seconds(150)
    /// So often it asks again a server that can start nothing.
    private static let mostRefusals = 10

    private let habit: Habit
    private var luck: RandomStream
    private var linkUpSince: Instant?
    private var isSubmitting = false
    /// Whether something was written that waits for its turn.
    private var hasWritten = false
    private var isAsking = false
    private var hasAsked = false
    private var promised = 0
    /// What was promised when it asked last.
    private var promisedBefore = 0
    private var finished = 0
    private var open = 0
    /// Whether the open connection is the host's own, with the roles reversed.
    private var isReversed = false
    /// How often in a row it has asked again because the server could not start something, and whether it must now.
    private var refusals = 0
    private var isPutOff = false
    /// Whether an answer was good, whether one was not, and whether it was said that all has come.
    private var hasGoodAnswer = false
    private var wasRefused = false
    /// For how many names an answer has come since it asked.
    private var answers = 0
    private var hasCompleted = false
    private var asksAt: Instant?
    private var hangsUpAt: Instant?

    init(_ habit: Habit, luck: RandomStream) {
        self.habit = habit
        self.luck = luck
    }

    // MARK: What happened

    /// The link came up; the host may have written something before.
    mutating func linkUp(at now: Instant, hasWritten: Bool = false) -> Action? {
        linkDown()
        linkUpSince = now
        hangsUpAt =
            switch habit.hangsUp {
            case .whenFlushed: habit.asks ? nil : now + Retrieval.patience
            case .afterIdle(let interval), .after(let interval): now + interval
            case .never: nil
            }
        if hasWritten { return submit() }
        return habit.asks ? askInTime(at: now) : nil
    }

    mutating func linkDown() { self = Retrieval(habit, luck: luck) }

    /// The host has written something. It waits for its turn: of two connections over one telephone line the segments
    /// of each stand behind those of the other until they are taken for lost.
    mutating func wrote() -> Action? {
        guard linkUpSince != nil, !isSubmitting else { return nil }
        guard !isAsking, open == 0 else {
            hasWritten = true
            return nil
        }
        return submit()
    }

    /// The connection over which it was sent is gone.
    mutating func submissionEnded(at now: Instant) -> Action? {
        guard isSubmitting else { return nil }
        isSubmitting = false
        guard habit.asks else { return nil }
        return hasAsked || asksAt != nil ? consider(at: now) : askInTime(at: now)
    }

    /// The server answered an ETRN.
    mutating func etrnAnswered(code: Int) {
        if (250...253).contains(code) && code != 251 {
            promised += 1
            refusals = 0
        }
        answers += 1
        if code < 400 { hasGoodAnswer = true } else { wasRefused = true }
        if code == 458 { isPutOff = habit.untilEmpty }
    }

    /// The server answered ATRN or TURN: 250 promises the mail over this very connection, 453 says that none waits.
    mutating func reversalAnswered(code: Int) {
        answers += 1
        if code == 250 { promised += 1 }
        if code == 250 || code == 453 { hasGoodAnswer = true } else { wasRefused = true }
        if code == 451 { isPutOff = true }
    }

    /// Something was answered by Finger, in words that no program reads: a promise like any other, as far as it knows.
    mutating func fingerAnswered() { promised += 1 }

    /// The connection over which the host has asked is one over which the server delivers, from now on.
    mutating func reversed() {
        (isAsking, isReversed) = (false, true)
        deliveryBegan()
    }

    /// The connection over which mail was asked for is gone, for whatever reason.
    mutating func askingEnded(at now: Instant) -> Action? {
        isAsking = false
        return consider(at: now)
    }

    /// The server has connected.
    mutating func deliveryBegan() {
        open += 1
        if case .whenFlushed = habit.hangsUp { hangsUpAt = nil }
    }

    /// A connection over which the server delivers is gone. After a reverse one that broke off the server tries again;
    /// after one that the host had made, only the host can.
    mutating func deliveryEnded(isComplete: Bool, at now: Instant) -> Action? {
        open -= 1
        if isComplete { finished += 1 }
        if isReversed, !isComplete { (promised, isPutOff) = (promised - 1, true) }
        isReversed = false
        return consider(at: now)
    }

    /// The deadline came. `lastDatagram` is when the link last carried one.
    mutating func deadlineReached(at now: Instant, lastDatagram: Instant) -> Action? {
        guard linkUpSince != nil else { return nil }
        if let due = asksAt, due <= now { return ask() }
        guard let due = hangsUpAt, due <= now else { return nil }
        if case .afterIdle(let interval) = habit.hangsUp, lastDatagram + interval > now {
            hangsUpAt = lastDatagram + interval
            return nil
        }
        hangsUpAt = nil
        return .hangUp
    }

    // MARK: What can be known

    var deadline: Instant? { [asksAt, hangsUpAt].compactMap(\.self).min() }

    // MARK: How it works

    private mutating func submit() -> Action {
        (isSubmitting, hasWritten) = (true, false)
        return .submit
    }

    private mutating func askInTime(at now: Instant) -> Action? {
        let due = max(now, (linkUpSince ?? now) + habit.asksAfter)
        guard due > now else { return ask() }
        asksAt = due
        return nil
    }

    private mutating func ask() -> Action {
        asksAt = nil
        (isAsking, hasAsked) = (true, true)
        (isPutOff, wasRefused, answers) = (false, false, 0)
        return .ask
    }

    private mutating func consider(at now: Instant) -> Action? {
        guard linkUpSince != nil, !isAsking, !isSubmitting, open == 0 else { return nil }
        if hasWritten { return submit() }
        guard asksAt == nil else { return nil }
        guard finished >= promised else {
            if habit.hangsUp == .whenFlushed { hangsUpAt = now + Retrieval.patience }
            return nil
        }
        if isPutOff, refusals < Retrieval.mostRefusals {
            refusals += 1
            asksAt = now + .milliseconds(luck.uniform(in: 5_000...15_000))
            return nil
        }
        guard habit.untilEmpty, promised > promisedBefore else { return end() }
        promisedBefore = promised
        return ask()
    }

    /// Nothing more is to come.
    private mutating func end() -> Action? {
        if hasGoodAnswer, !wasRefused, !hasCompleted, answers >= habit.names {
            hasCompleted = true
            return .complete
        }
        return habit.hangsUp == .whenFlushed ? .hangUp : nil
    }
}
