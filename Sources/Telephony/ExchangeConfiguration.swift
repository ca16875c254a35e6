public import Timebase

/// How the telephone network behaves. The defaults are those of a local call in the nineties.
public struct ExchangeConfiguration: Hashable, Sendable {
    /// From the last digit to the first ring, in nanoseconds. Default 1 s to 3 s.
    public var setup = Distribution.uniform(1_000_000_000...3_000_000_000)
    /// From the first ring to the answer, in nanoseconds: the answering host has to notice and to react. Default 0.5 s
    /// to 2.5 s; a ring and its pause last 6 s, so this is the first ring.
    public var answer = Distribution.uniform(500_000_000...2_500_000_000)
    /// How long a number rings before the caller gives up. Default 30 s, five rings; its modem's
    /// ``TelephoneCall/carrierWait`` ends the call all the same.
    public var noAnswerAfter = Interval.seconds(30)
    /// What one way over the circuit takes. Default 5 ms: a thousand kilometres.
    public var propagation = Interval.milliseconds(5)

    /// The defaults.
    public init() {}
}
