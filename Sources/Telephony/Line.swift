public import Timebase

/// One direction of a call: when what is sent now reaches the far end.
///
/// A modem is fed by a serial cable at 115,200 bit/s, ten bits to an octet (8N1), which is 11,520 octets a second. What
/// an octet takes on the line, ``ErrorControl`` says; the fastest line, 53,333 bit/s with LAPM, takes 6,268 octets a
/// second. So the line is always the slower part, and the cables at both ends only delay: a modem waits for the first
/// frame of LAPM before it sends, and checks the last one before it hands it on. That time is in the latency.
///
/// Hot path: one multiplication and one division for each frame, in whole nanoseconds; the remainder is carried on, so
/// a thousand frames take exactly as long as one of their length.
public struct Line: Sendable {
    /// Bits per second on the line.
    public let rate: Int
    /// What is added to every octet's own time: both modems, their cables and the circuit.
    public let latency: Interval
    private let bitsForTenThousandOctets: Int64
    private var busyUntil = Instant.beginning
    // Fractions of a nanosecond, in parts of the divisor.
    private var remainder: Int64 = 0

    /// A line of so many bit/s, whose octets cost what the error control adds and arrive so much later.
    public init(rate: Int, errorControl: ErrorControl, latency: Interval) {
        precondition(rate > 0, "a line has a rate")
        self.rate = rate
        self.latency = latency
        bitsForTenThousandOctets = errorControl.bitsForTenThousandOctets
    }

    /// Sends octets after what was sent before.
    /// - Parameters:
    ///   - octetCount: how many.
    ///   - now: when they are ready.
    /// - Returns: when the first bit goes out, and when the last octet has arrived.
    @inlinable public mutating func send(octetCount: Int, at now: Instant) -> (start: Instant, arrival: Instant) {
        let start = beginning(at: now)
        return (start, finish(octetCount: octetCount, from: start))
    }

    @usableFromInline mutating func beginning(at now: Instant) -> Instant {
        if now > busyUntil { remainder = 0 }
        return max(now, busyUntil)
    }

    @usableFromInline mutating func finish(octetCount: Int, from start: Instant) -> Instant {
        let divisor = Int64(rate) * 10_000
        // 85,088 × 10^9 overflows above 100,000 octets, so the nanoseconds come in two steps.
        let parts = Int64(octetCount) * bitsForTenThousandOctets
        let (seconds, rest) = parts.quotientAndRemainder(dividingBy: divisor)
        let (high, low) = rest.multipliedFullWidth(by: 1_000_000_000)
        let (nanoseconds, left) = divisor.dividingFullWidth((high, low))
        remainder += left
        let carry = remainder / divisor
        remainder -= carry * divisor
        busyUntil = start + .seconds(seconds) + .nanoseconds(nanoseconds + carry)
        return busyUntil + latency
    }
}
