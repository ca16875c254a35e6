import Foundation
import Timebase

/// Valid octets spoiled at random, the same way in every run.
public struct Mutations: Sendable {
    private let telling: [UInt8]
    private var stream: RandomStream

    /// How many samples a test spoils: as many as it says itself, or as `RINGBACK_MUTATIONS` does.
    public static func count(_ standard: Int) -> Int {
        ProcessInfo.processInfo.environment["RINGBACK_MUTATIONS"].flatMap(Int.init) ?? standard
    }

    /// - Parameters:
    ///   - thing: what is spoiled; each thing has its own luck.
    ///   - telling: octets that mean something in it. Half of the new octets are some of these.
    public init(of thing: String, telling: String = "") {
        self.telling = Array(telling.utf8)
        stream = RandomStream(seed: 1985, thing: thing, purpose: "test.mutation")
    }

    /// A number from zero up to the bound, without it.
    public mutating func number(below bound: Int) -> Int { Int(stream.uniform(in: 0...Int64(bound - 1))) }

    /// One of the samples, spoiled.
    public mutating func next(of samples: [[UInt8]]) -> [UInt8] { spoil(samples[number(below: samples.count)]) }

    /// One to four octets changed, put in or taken out.
    public mutating func spoil(_ valid: [UInt8]) -> [UInt8] {
        var octets = valid
        for _ in 0...number(below: 4) {
            let place = number(below: octets.count + 1)
            switch number(below: 4) {
            case 0: octets.insert(octet(), at: place)
            case 1 where place < octets.count: octets.remove(at: place)
            // The next number up or down: where lengths and counts go wrong.
            case 2 where place < octets.count: octets[place] &+= number(below: 2) == 0 ? 1 : 255
            default: if place < octets.count { octets[place] = octet() }
            }
        }
        return octets
    }

    private mutating func octet() -> UInt8 {
        if !telling.isEmpty && number(below: 2) == 0 { return telling[number(below: telling.count)] }
        return UInt8(number(below: 256))
    }
}
