import Events
import Timebase

/// Dials until a link is up: the part of a client host that drives its modem.
///
/// A call that fails before the link is up is tried again after a pause, so many times in all. A refused password is
/// not: it would be refused again (Microsoft's RAS calls that error 691 and stops). A link that was up and broke
/// is the scenario's business, not the dialler's.
struct Dialler: Sendable {
    enum State: Equatable, Sendable {
        /// Nothing to do.
        case idle
        /// The modem is dialling or the link is being negotiated.
        case dialling(attempt: Int)
        /// A call has failed; the next one starts at the deadline.
        case waiting(attempt: Int, until: Instant)
        /// The link is up.
        case online
        /// The call is being hung up on request.
        case hangingUp
    }

    enum Action: Equatable, Sendable {
        /// Take the modem off-hook and dial.
        case dial
        /// Nothing until the deadline; said for the log.
        case wait(seconds: Int, attempt: Int, of: Int)
        /// It does not dial again.
        case giveUp(attempts: Int, Happening.GiveUpReason)
    }

    private(set) var state = State.idle
    private let attempts: Int
    private let pause: Interval

    init(attempts: Int, pause: Interval) {
        precondition(attempts >= 1, "a dialler dials at least once")
        self.attempts = attempts
        self.pause = pause
    }

    // What happened

    /// The link came up.
    mutating func linkUp() {
        guard case .dialling = state else { return }
        state = .online
    }

    /// The call ended, whether or not it had come to a link.
    mutating func callEnded(refused: Bool, at now: Instant) -> Action? {
        guard case .dialling(let attempt) = state else {
            state = .idle
            return nil
        }
        guard attempt < attempts, !refused else {
            state = .idle
            return .giveUp(attempts: attempt, refused ? .authenticationRefused : .noAttemptsLeft)
        }
        state = .waiting(attempt: attempt + 1, until: now + pause)
        return .wait(seconds: Int(pause.nanoseconds / 1_000_000_000), attempt: attempt + 1, of: attempts)
    }

    /// Dials again when the pause is over.
    mutating func deadlineReached(at now: Instant) -> Action? {
        guard case .waiting(let attempt, let until) = state, until <= now else { return nil }
        state = .dialling(attempt: attempt)
        return .dial
    }

    // What is asked

    /// Dials now, unless a call is under way; a pending pause is cut short.
    mutating func dial() -> Action? {
        switch state {
        case .dialling, .online, .hangingUp: return nil
        case .idle, .waiting:
            state = .dialling(attempt: 1)
            return .dial
        }
    }

    /// Hangs up: the call under way is not tried again when it has ended, and a pending pause is over for good.
    mutating func hangUp() {
        switch state {
        case .dialling, .online: state = .hangingUp
        case .waiting: state = .idle
        case .idle, .hangingUp: break
        }
    }

    // What can be known

    var deadline: Instant? {
        if case .waiting(_, let until) = state { until } else { nil }
    }
}
