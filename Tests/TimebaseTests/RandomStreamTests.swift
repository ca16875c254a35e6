import Testing
import Timebase

struct RandomStreamTests {
    // Fixed for ever: a change here changes every run of every scenario.
    @Test func `the first numbers of a stream never change`() {
        var stream = RandomStream(seed: 1985, thing: "branch", purpose: "modem.training")
        #expect(
            [stream.next(), stream.next(), stream.next()] == [
                0xa00e_0971_6a88_ad19, 0x21aa_70da_3475_22dc, 0xc853_9869_20e4_9560,
            ])
    }

    @Test func `another thing or purpose or seed is another stream`() {
        var streams = [
            RandomStream(seed: 1, thing: "a", purpose: "b"), RandomStream(seed: 2, thing: "a", purpose: "b"),
            RandomStream(seed: 1, thing: "ab", purpose: ""), RandomStream(seed: 1, thing: "b", purpose: "a"),
        ]
        let firsts = streams.indices.map { streams[$0].next() }
        #expect(Set(firsts).count == firsts.count)
    }

    @Test func `uniform draws stay in their range and reach both ends`() {
        var stream = RandomStream(seed: 3, thing: "test", purpose: "dice")
        let rolls = (0..<600).map { _ in stream.uniform(in: 1...6) }
        #expect(rolls.min() == 1 && rolls.max() == 6)
    }

    @Test func `the whole range of numbers can be drawn from`() {
        var stream = RandomStream(seed: 3, thing: "test", purpose: "wide")
        _ = stream.uniform(in: .min ... .max)
        #expect(stream.uniform(in: 5...5) == 5)
    }
}

struct DistributionTests {
    @Test func `a normal distribution has its mean and its deviation`() {
        var stream = RandomStream(seed: 1, thing: "test", purpose: "normal")
        let draws = (0..<10_000).map { _ in Distribution.normal(mean: 7_000, deviation: 1_500).draw(from: &stream) }
        let mean = draws.reduce(0, +) / Int64(draws.count)
        let variance = draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Int64(draws.count)
        #expect((6_950...7_050).contains(mean))
        #expect((1_450 * 1_450...1_550 * 1_550).contains(variance))
    }

    @Test func `weights are shares`() {
        var stream = RandomStream(seed: 1, thing: "test", purpose: "weights")
        let rates = Distribution.oneOf([.init(value: 33_600, weight: 3), .init(value: 28_800, weight: 1)])
        let fast = (0..<4_000).count { _ in rates.draw(from: &stream) == 33_600 }
        #expect((2_900...3_100).contains(fast))
    }
}
