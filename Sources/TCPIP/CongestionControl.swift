import Wire

/// Slow start, congestion avoidance, fast retransmit and NewReno recovery (RFC 5681, RFC 6582).
struct CongestionControl: Sendable {
    private let initialWindow: Int
    private let segmentSize: Int
    /// How much may be on its way, in octets (cwnd).
    private(set) var window: Int
    /// Where slow start ends (ssthresh).
    private(set) var threshold = Int.max
    /// Duplicate acknowledgments in a row.
    private(set) var duplicates = 0
    /// Everything before this number was sent before the last loss was noticed (RFC 6582 calls it recover); nil when
    /// all of that is acknowledged.
    private(set) var recoveryEnd: SequenceNumber?
    /// Whether the first segment was sent again by duplicate acknowledgments, and recovery goes on.
    private(set) var isRecovering = false
    private var acknowledged = 0

    init(segmentSize: Int, initialSegments: Int) {
        self.segmentSize = segmentSize
        // RFC 3390: at most 4,380 octets or two segments, and never more than the count given.
        initialWindow = min(initialSegments * segmentSize, max(2 * segmentSize, 4_380))
        window = initialWindow
    }

    /// New data was acknowledged: everything before `number`.
    /// - Returns: whether some of what was lost is still missing, and the first segment is to be sent again.
    mutating func acknowledged(_ count: Int, upTo number: SequenceNumber, inFlight: Int) -> Bool {
        let isPartial = isRecovering && recoveryEnd.map(number.isBefore) ?? false
        switch (isRecovering, isPartial) {
        case (true, true): partiallyAcknowledged(count)
        case (true, false): recovered(inFlight: inFlight)
        default: acknowledged(count)
        }
        if let end = recoveryEnd, number.isAfter(end) { recoveryEnd = nil }
        return isPartial
    }

    private mutating func acknowledged(_ count: Int) {
        duplicates = 0
        if window < threshold {
            window += min(count, segmentSize)
        } else {
            // RFC 5681 §3.1 (3): one segment for each window's worth of acknowledged octets.
            acknowledged += count
            if acknowledged >= window {
                acknowledged -= window
                window += segmentSize
            }
        }
        window = min(window, 1 << 20)
    }

    /// A duplicate acknowledgment came. Duplicates of what was in flight at the last loss say nothing of another: they
    /// come from what was sent twice (RFC 6582 §3.2 step 2, §4.1).
    /// - Returns: whether it is the third, and the first segment is to be sent again (RFC 5681 §3.2).
    mutating func duplicateAcknowledgment(inFlight: Int, highest: SequenceNumber) -> Bool {
        duplicates += 1
        if isRecovering {
            window += segmentSize
            return false
        }
        guard duplicates == 3, recoveryEnd == nil else { return false }
        // What limited transmit has sent beyond the window does not count (RFC 5681 §3.2 step 2).
        threshold = max(min(inFlight, window) / 2, 2 * segmentSize)
        window = threshold + 3 * segmentSize
        recoveryEnd = highest
        isRecovering = true
        return true
    }

    /// Some but not all of what was lost is acknowledged: deflate, and send the next hole (RFC 6582 §3.2 step 3).
    private mutating func partiallyAcknowledged(_ count: Int) {
        window = max(window - count, segmentSize)
        if count >= segmentSize { window += segmentSize }
    }

    /// Everything is acknowledged that was on its way when the loss was noticed.
    private mutating func recovered(inFlight: Int) {
        window = min(threshold, max(inFlight, segmentSize) + segmentSize)
        isRecovering = false
        duplicates = 0
        acknowledged = 0
    }

    /// The retransmission timer expired (RFC 5681 §3.1 (4)). The threshold falls only for the first time-out of a
    /// segment. What was sent so far is sent again, and its duplicates start no fast retransmit (RFC 6582 §3.2 step 4).
    mutating func timedOut(inFlight: Int, highest: SequenceNumber, isFirst: Bool) {
        if isFirst { threshold = max(inFlight / 2, 2 * segmentSize) }
        window = segmentSize
        recoveryEnd = highest
        isRecovering = false
        duplicates = 0
        acknowledged = 0
    }

    /// Nothing was sent for longer than the time-out: begin again with the initial window (RFC 5681 §4.1).
    mutating func restartedAfterIdle() { window = min(window, initialWindow) }

    /// The SYN was lost: the initial window is one segment (RFC 5681 §3.1).
    mutating func synWasLost() { window = segmentSize }
}
