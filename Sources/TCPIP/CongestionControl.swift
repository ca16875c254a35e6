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
    /// While data is being recovered: everything before this number was sent before the loss was noticed.
    private(set) var recoveryEnd: SequenceNumber?
    private var acknowledged = 0

    init(segmentSize: Int, initialSegments: Int) {
        self.segmentSize = segmentSize
        // RFC 3390: at most 4,380 octets or two segments, and never more than the count given.
        initialWindow = min(initialSegments * segmentSize, max(2 * segmentSize, 4_380))
        window = initialWindow
    }

    var isRecovering: Bool { recoveryEnd != nil }

    /// New data was acknowledged outside recovery.
    mutating func acknowledged(_ count: Int) {
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

    /// A duplicate acknowledgment came. True when it is the third, and the first segment is to be sent again
    /// (RFC 5681 §3.2, RFC 6582 §3.2 step 2).
    mutating func duplicateAcknowledgment(inFlight: Int, next: SequenceNumber, isCovered: Bool) -> Bool {
        duplicates += 1
        if isRecovering {
            window += segmentSize
            return false
        }
        guard duplicates == 3, !isCovered else { return false }
        // What limited transmit has sent beyond the window does not count (RFC 5681 §3.2 step 2).
        threshold = max(min(inFlight, window) / 2, 2 * segmentSize)
        window = threshold + 3 * segmentSize
        recoveryEnd = next
        return true
    }

    /// Some but not all of what was lost is acknowledged: deflate, and send the next hole (RFC 6582 §3.2 step 3).
    mutating func partiallyAcknowledged(_ count: Int) {
        window = max(window - count, segmentSize)
        if count >= segmentSize { window += segmentSize }
    }

    /// Everything is acknowledged that was on its way when the loss was noticed.
    mutating func recovered(inFlight: Int) {
        window = min(threshold, max(inFlight, segmentSize) + segmentSize)
        recoveryEnd = nil
        duplicates = 0
        acknowledged = 0
    }

    /// The retransmission timer expired (RFC 5681 §3.1 (4)). The threshold falls only for the first time-out of a
    /// segment.
    mutating func timedOut(inFlight: Int, isFirst: Bool) {
        if isFirst { threshold = max(inFlight / 2, 2 * segmentSize) }
        window = segmentSize
        recoveryEnd = nil
        duplicates = 0
        acknowledged = 0
    }

    /// Nothing was sent for longer than the time-out: begin again with the initial window (RFC 5681 §4.1).
    mutating func restartedAfterIdle() { window = min(window, initialWindow) }

    /// The SYN was lost: the initial window is one segment (RFC 5681 §3.1).
    mutating func synWasLost() { window = segmentSize }
}
