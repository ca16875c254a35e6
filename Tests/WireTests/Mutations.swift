import Timebase

/// Damages octets at random, the same way in every run.
struct Mutations {
    private var random: RandomStream

    init(_ purpose: String) { random = RandomStream(seed: 1661, thing: "mutation", purpose: purpose) }

    /// One of the samples with up to three octets changed, removed or put in.
    mutating func next(of samples: [[UInt8]]) -> [UInt8] {
        var octets = samples[number(below: samples.count)]
        for _ in 0...number(below: 3) {
            let octet = UInt8(truncatingIfNeeded: random.next())
            switch number(below: 4) {
            case 0: octets.insert(octet, at: number(below: octets.count + 1))
            case 1 where !octets.isEmpty: octets.remove(at: number(below: octets.count))
            case 2 where !octets.isEmpty: octets[number(below: octets.count)] &+= octet & 1 == 0 ? 1 : 255
            default: if !octets.isEmpty { octets[number(below: octets.count)] = octet }
            }
        }
        return octets
    }

    private mutating func number(below bound: Int) -> Int { Int(random.uniform(in: 0...Int64(bound - 1))) }
}
