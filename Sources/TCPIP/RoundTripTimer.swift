import Timebase

/// The retransmission time-out, from round trips (RFC 6298).
///
/// Integer arithmetic: the RFC's alpha of 1/8 and beta of 1/4 are divisions, and the clock's granularity is a
/// microsecond.
struct RoundTripTimer: Sendable {
    private static let granularity = Interval.microseconds(1)

    private var smoothed: Interval?
    private var variation = Interval.zero
    private var base: Interval
    private var backoff: Int64 = 1
    private let minimum: Interval
    private let maximum: Interval

    init(_ configuration: TCPConfiguration) {
        base = configuration.initialTimeout
        minimum = configuration.minimumTimeout
        maximum = configuration.maximumTimeout
    }

    /// The time-out now, with its backoff.
    var timeout: Interval { min(base * backoff, maximum) }

    /// The smoothed round trip; nil before the first sample.
    var smoothedRoundTrip: Interval? { smoothed }

    /// A round trip of a segment that was sent once was measured (§2.2, §2.3; §3, Karn's algorithm, is the caller's).
    mutating func sample(_ roundTrip: Interval) {
        if let smoothed {
            let error = smoothed > roundTrip ? smoothed - roundTrip : roundTrip - smoothed
            variation = (variation * 3 + error) / 4
            self.smoothed = (smoothed * 7 + roundTrip) / 8
        } else {
            smoothed = roundTrip
            variation = roundTrip / 2
        }
        base = max((smoothed ?? roundTrip) + max(RoundTripTimer.granularity, variation * 4), minimum)
        backoff = 1
    }

    /// The timer expired: the time-out doubles (§5.5).
    mutating func expired() { if base * backoff < maximum { backoff *= 2 } }

    /// The SYN had to be sent again and no sample was taken: data begins with three seconds (§5.7).
    mutating func synWasRetransmitted() {
        if smoothed == nil { base = max(base, .seconds(3)) }
        backoff = 1
    }
}
