import Timebase

/// Valid octets spoiled in seeded ways.
struct Mutations {
    private var stream: RandomStream

    init(of thing: String) { stream = RandomStream(seed: 1985, thing: thing, purpose: "test.mutation") }

    mutating func number(below bound: Int) -> Int { Int(stream.uniform(in: 0...Int64(bound - 1))) }

    /// One to four octets changed, put in or taken out; half of the new octets are ones that mean something.
    mutating func spoil(_ valid: [UInt8]) -> [UInt8] {
        let meaningful = Array("\r\n .<>@:\"\\[]=-#250".utf8)
        var octets = valid
        for _ in 0...number(below: 4) {
            let place = number(below: octets.count + 1)
            let octet =
                number(below: 2) == 0 ? meaningful[number(below: meaningful.count)] : UInt8(number(below: 256))
            switch number(below: 3) {
            case 0: octets.insert(octet, at: place)
            case 1: if place < octets.count { octets.remove(at: place) }
            default: if place < octets.count { octets[place] = octet }
            }
        }
        return octets
    }
}
