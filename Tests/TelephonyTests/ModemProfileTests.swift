import Telephony
import Testing
import Timebase

struct ModemProfileTests {
    // V.34 §4: multiples of 2,400 bit/s.
    private static let v34Rates = Set((1...14).map { $0 * 2_400 as Int64 })
    // V.90 §3: steps of 8,000/6 bit/s from 28,000 on; 53,333 is what the law let pass in America.
    private static let v90Rates = Set((0...19).map { (28_000 * 3 + $0 * 4_000) / 3 as Int64 })

    private static let rates: [String: Set<Int64>] = [
        "v22bis": [2_400], "v32bis": [4_800, 7_200, 9_600, 12_000, 14_400], "v34": v34Rates, "v90": v90Rates,
    ]

    @Test(arguments: ModemProfile.all.map(\.name))
    func `every rate that is drawn is one of the modulation`(name: String) throws {
        let profile = try #require(ModemProfile(named: name))
        let rates = try #require(ModemProfileTests.rates[name])
        for rate in draws(profile.rateToCaller, "to") { #expect(rates.contains(rate), "\(rate)") }
        guard let upstream = profile.rateFromCaller else { return }
        for rate in draws(upstream, "from") { #expect(ModemProfileTests.v34Rates.contains(rate), "\(rate)") }
    }

    @Test func `V.90 alone is faster towards its caller than from it`() {
        for profile in ModemProfile.all { #expect((profile.rateFromCaller != nil) == (profile.name == "v90")) }
        let v90 = ModemProfile.v90
        let slowest = v90.rateToCaller.smallest
        #expect(v90.rateFromCaller.map { draws($0, "upstream").allSatisfy { $0 < slowest } } == true)
    }

    @Test func `a profile is found by its name`() {
        for profile in ModemProfile.all { #expect(ModemProfile(named: profile.name) == profile) }
        #expect(ModemProfile(named: "v92") == nil)
        #expect(ModemProfile(named: "") == nil)
    }

    @Test func `two modems agree on the slower of their modulations, whoever calls`() {
        for (slower, one) in ModemProfile.all.enumerated() {
            for other in ModemProfile.all[slower...] {
                #expect(ModemProfile.agreed(one, other) == one)
                #expect(ModemProfile.agreed(other, one) == one)
            }
        }
    }

    @Test func `a rate that was set for one of two equal modems counts, whoever calls`() {
        var refined = ModemProfile.v34
        refined.rateToCaller = .fixed(28_800)
        #expect(ModemProfile.agreed(refined, .v34).rateToCaller == .fixed(28_800))
        #expect(ModemProfile.agreed(.v34, refined).rateToCaller == .fixed(28_800))
    }

    @Test func `of two rates that were set the slower counts`() {
        var slow = ModemProfile.v34
        slow.rateToCaller = .fixed(19_200)
        var quick = ModemProfile.v34
        quick.rateToCaller = .fixed(33_600)
        #expect(ModemProfile.agreed(slow, quick) == slow)
        #expect(ModemProfile.agreed(quick, slow) == slow)
    }

    @Test func `a modem of the eighties has no error control, the later ones have LAPM`() {
        for profile in ModemProfile.all { #expect((profile.errorControl == .none) == (profile.name == "v22bis")) }
    }

    @Test func `a small datagram over V.34 goes there and back in the time that owners measured`() {
        let profile = ModemProfile.v34
        let latency = profile.latency + ExchangeConfiguration().propagation
        var line = Line(rate: 28_800, errorControl: profile.errorControl, latency: latency)
        let oneWay = line.send(octetCount: 64, at: .beginning).arrival - .beginning
        #expect((.milliseconds(110)...Interval.milliseconds(160)).contains(oneWay * 2))
    }

    private func draws(_ distribution: Distribution, _ purpose: String) -> [Int64] {
        var stream = RandomStream(seed: 3, thing: "test", purpose: purpose)
        return (0..<2_000).map { _ in distribution.draw(from: &stream) }
    }
}
