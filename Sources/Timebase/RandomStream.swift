/// A stream of random numbers that belongs to one thing and one purpose.
///
/// The stream is derived from the run's seed and two names, so adding a host or a draw changes nobody else's luck.
/// Integer arithmetic only and fixed for ever: names are hashed by FNV-1a, numbers come from SplitMix64
/// (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
public struct RandomStream: Sendable {
    private var state: UInt64

    /// The stream of one thing for one purpose.
    /// - Parameters:
    ///   - seed: the run's seed.
    ///   - thing: whose luck it is, as in `branch`.
    ///   - purpose: what it is drawn for, as in `modem.training`.
    public init(seed: UInt64, thing: String, purpose: String) {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        func mix(_ octet: UInt8) { hash = (hash ^ UInt64(octet)) &* 0x0000_0100_0000_01b3 }
        for shift in stride(from: 0, to: 64, by: 8) { mix(UInt8(truncatingIfNeeded: seed >> UInt64(shift))) }
        for octet in thing.utf8 { mix(octet) }
        mix(0)
        for octet in purpose.utf8 { mix(octet) }
        state = hash
    }

    /// The next 64 random bits.
    public mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    /// A number from a closed range, each equally likely.
    public mutating func uniform(in range: ClosedRange<Int64>) -> Int64 {
        let width = UInt64(bitPattern: range.upperBound &- range.lowerBound)
        guard width < .max else { return Int64(bitPattern: next()) }
        let (high, _) = next().multipliedFullWidth(by: width + 1)
        return range.lowerBound &+ Int64(bitPattern: high)
    }
}
