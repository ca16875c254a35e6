public import Timebase
import Wire

/// What time does to a connection.
extension TCPConnection {
    /// Time has passed. Harmless before the deadline.
    public mutating func deadlineReached(at now: Instant) {
        if let due = acknowledgeAt, due <= now {
            acknowledgeAt = nil
            owesAcknowledgment = true
        }
        if let due = retransmitAt, due <= now { retransmissionTimeout(at: now) }
        if let due = persistAt, due <= now { persistTimeout(at: now) }
        if let due = expireAt, due <= now { finish(state == .timeWait ? .normal : .timedOut) }
    }

    mutating func startRetransmissionTimer(at now: Instant) {
        retransmitAt = now + roundTrip.timeout
        persistAt = nil
    }

    // RFC 6298 §5.4 to §5.7.
    private mutating func retransmissionTimeout(at now: Instant) {
        retransmitAt = nil
        let limit = state == .synSent || state == .synReceived ? configuration.synRetries : configuration.retries
        guard retransmitCount < limit else { return finish(isUnreachable ? .unreachable : .timedOut) }
        retransmitCount += 1
        counters.timeouts += 1
        timedSegment = nil
        roundTrip.expired()
        if state == .synSent || state == .synReceived {
            congestion.synWasLost()
        } else {
            congestion.timedOut(inFlight: inFlight, highest: highest, isFirst: retransmitCount == 1)
        }
        // Everything in flight is taken for lost: sending begins again at the first unacknowledged octet.
        next = unacknowledged
    }

    // A window may stay closed for good as long as the peer says so (RFC 9293 §3.8.6.1, MUST-37); a peer that says
    // nothing is given up as with any other segment.
    private mutating func persistTimeout(at now: Instant) {
        guard unansweredProbes < configuration.retries else { return finish(.timedOut) }
        unansweredProbes += 1
        persistCount += 1
        probesWindow = true
        let pause = min(roundTrip.timeout * Int64(1 << min(persistCount, 6)), configuration.maximumTimeout)
        persistAt = now + pause
    }

    /// ICMP, or our own IP, says that the peer cannot be reached. While connecting that is the end if it is for good;
    /// else it may pass, and is only remembered in case it does not (RFC 9293 §3.9.2.2, MUST-56; RFC 5927 §5.2).
    public mutating func unreachable(isForGood: Bool) {
        isUnreachable = true
        if isForGood, state == .synSent { finish(.unreachable) }
    }

    /// Whether a number was sent and is not acknowledged.
    func hasInFlight(_ number: SequenceNumber) -> Bool {
        !number.isBefore(unacknowledged) && number.isBefore(highest)
    }
}
