public import Timebase

/// What two modems do about errors on the line, and what an octet from the cable costs for it.
public enum ErrorControl: Hashable, Sendable {
    /// Nothing: an octet crosses the line as the cable brings it, with its start and its stop bit (ITU-T V.14).
    case none
    /// LAPM (ITU-T V.42): frames without start and stop bits. Detection and set-up take `setup` nanoseconds, besides
    /// two round trips.
    case lapm(setup: Distribution)

    /// How many bits of the line ten thousand octets take.
    ///
    /// Without error control ten bits each. LAPM's frames hold 128 octets and add six: a flag, the address, two of
    /// control and two of FCS. A zero is put in after five ones, 1.6 % of random bits. 8 × 134/128 × 1.016 is 8.5088
    /// bits for an octet: 94 % of the rate is left, where start and stop bits leave 80 %.
    public var bitsForTenThousandOctets: Int64 {
        switch self {
        case .none: 100_000
        case .lapm: 85_088
        }
    }
}
