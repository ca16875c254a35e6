public import Timebase

/// One direction of a call: when what is sent now reaches the far end.
///
/// V.42 takes the start and stop bits away, so an octet is eight bits on the line, and adds its own framing: six octets
/// of flag, address, control and FCS to every 128, and a zero after five ones (1.6 % of random bits). What is left for
/// octets is 94 % of the rate. The serial cables at both ends run at 115,200 bit/s and are always the faster part; they
/// add the time of their first characters, which is in the profile's latency.
///
/// Hot path: one multiplication and one division for each frame, in whole nanoseconds; the remainder is carried on, so
/// a thousand frames take exactly as long as one of their length.
public struct Line: Sendable {
    /// Bits per second on the line.
    public let rate: Int
    /// What is added to every octet's own time: both modems and the circuit.
    public let latency: Interval
    private var busyUntil = Instant.beginning
    // Fractions of a nanosecond, in parts of the divisor.
    private var remainder: Int64 = 0

    /// LAPM: 134 octets for 128, and 1.6 % for inserted zeros: 10,636 bits of line for 10,000 of data.
    private static let bitsPerTenThousand: Int64 = 10_636

    /// A line of so many bit/s, whose bits take so long.
    public init(rate: Int, latency: Interval) {
        precondition(rate > 0, "a line has a rate")
        self.rate = rate
        self.latency = latency
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

    /// How long so many octets keep the line busy.
    public func duration(octetCount: Int) -> Interval {
        var line = Line(rate: rate, latency: .zero)
        return line.send(octetCount: octetCount, at: .beginning).arrival - .beginning
    }

    @usableFromInline mutating func beginning(at now: Instant) -> Instant {
        if now > busyUntil { remainder = 0 }
        return max(now, busyUntil)
    }

    @usableFromInline mutating func finish(octetCount: Int, from start: Instant) -> Instant {
        let divisor = Int64(rate) * 10_000
        // 8 bits × 10,636 × 10^9 overflows above 100,000 octets, so the nanoseconds come in two steps.
        let parts = Int64(octetCount) * 8 * Line.bitsPerTenThousand
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
