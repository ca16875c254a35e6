public import Timebase

/// What a kind of modem does to a call: how long it trains, at what rate it connects, and what an octet costs.
///
/// The figures are those of the modems of the nineties as their owners measured them; each one varies from call to
/// call.
public struct ModemProfile: Hashable, Sendable {
    /// The profile's name: `v34`.
    public let name: String
    /// The modulation as the ITU writes it: `V.34`.
    public let modulation: String
    /// The answering modem's tone, in nanoseconds: V.25 without V.8, which cuts it short.
    public var answerTone: Distribution
    /// From the end of the answer tone to the rate, in nanoseconds.
    public var training: Distribution
    /// What the modems do about errors.
    public var errorControl: ErrorControl
    /// The rate towards the modem that called, in bit/s.
    public var rateToCaller: Distribution
    /// The rate from the modem that called, in bit/s; nil when it is always that of the other direction.
    public var rateFromCaller: Distribution?
    /// What the two modems add to each direction: 15 ms to 40 ms of signal processing, up to 10 ms until LAPM sends a
    /// frame that does not fill, and the cables.
    ///
    /// Estimated from what owners measured: 64 octets at 28,800 bit/s there and back in 110 ms to 160 ms.
    public var latency: Interval
    /// The better of two modulations is the greater.
    let rank: Int

    /// The profiles by name, slowest first.
    public static let all: [ModemProfile] = [.v22bis, .v32bis, .v34, .v90]

    /// The profile of a name; nil when there is none.
    public init?(named name: String) {
        guard let profile = ModemProfile.all.first(where: { $0.name == name }) else { return nil }
        self = profile
    }

    /// 2,400 bit/s (ITU-T V.22bis), as the modems of the eighties were sold: before V.42, without error control.
    public static let v22bis = ModemProfile(
        name: "v22bis", modulation: "V.22bis", answerTone: .uniform(2_600_000_000...4_000_000_000),
        training: .normal(mean: 2_800_000_000, deviation: 200_000_000),
        errorControl: .none, rates: .fixed(2_400), latency: .milliseconds(25), rank: 0)

    /// 14,400 bit/s, and slower on poor lines (ITU-T V.32bis).
    public static let v32bis = ModemProfile(
        name: "v32bis", modulation: "V.32bis", answerTone: .uniform(2_600_000_000...4_000_000_000),
        training: .normal(mean: 6_500_000_000, deviation: 750_000_000),
        rates: .oneOf([
            .init(value: 14_400, weight: 80), .init(value: 12_000, weight: 12), .init(value: 9_600, weight: 8),
        ]),
        latency: .milliseconds(30), rank: 1)

    /// Up to 33,600 bit/s in steps of 2,400; most lines of 1997 gave 26,400 to 31,200 (ITU-T V.34).
    public static let v34 = ModemProfile(
        name: "v34", modulation: "V.34", answerTone: .uniform(1_000_000_000...2_000_000_000),
        training: .normal(mean: 7_000_000_000, deviation: 750_000_000), rates: v34Rates, latency: .milliseconds(45),
        rank: 2)

    /// 28,000 to 53,333 bit/s towards the caller in steps of 8,000/6, V.34 the other way (ITU-T V.90).
    public static let v90: ModemProfile = {
        var profile = ModemProfile(
            name: "v90", modulation: "V.90", answerTone: .uniform(1_000_000_000...2_000_000_000),
            training: .normal(mean: 13_000_000_000, deviation: 1_500_000_000),
            rates: .oneOf([
                .init(value: 34_666, weight: 8), .init(value: 37_333, weight: 7), .init(value: 44_000, weight: 20),
                .init(value: 45_333, weight: 20), .init(value: 46_666, weight: 15), .init(value: 48_000, weight: 12),
                .init(value: 49_333, weight: 8), .init(value: 50_666, weight: 6), .init(value: 52_000, weight: 4),
            ]), latency: .milliseconds(50), rank: 3)
        profile.rateFromCaller = .oneOf([
            .init(value: 31_200, weight: 35), .init(value: 28_800, weight: 35), .init(value: 26_400, weight: 30),
        ])
        return profile
    }()

    private static let v34Rates = Distribution.oneOf([
        .init(value: 33_600, weight: 8), .init(value: 31_200, weight: 22), .init(value: 28_800, weight: 30),
        .init(value: 26_400, weight: 25), .init(value: 24_000, weight: 8), .init(value: 21_600, weight: 4),
        .init(value: 19_200, weight: 3),
    ])

    private init(
        name: String, modulation: String, answerTone: Distribution, training: Distribution,
        errorControl: ErrorControl = .lapm(setup: .uniform(300_000_000...900_000_000)), rates: Distribution,
        latency: Interval, rank: Int
    ) {
        self.name = name
        self.modulation = modulation
        self.answerTone = answerTone
        self.training = training
        self.errorControl = errorControl
        rateToCaller = rates
        self.latency = latency
        self.rank = rank
    }

    /// What two modems agree on: the better modulation that both of them know.
    ///
    /// When they know the same, a rate that was set for one of them counts; of two, the slower.
    public static func agreed(_ one: ModemProfile, _ other: ModemProfile) -> ModemProfile {
        guard one.rank == other.rank else { return one.rank < other.rank ? one : other }
        guard one.isRefined, other.isRefined else { return one.isRefined ? one : other }
        return one.rateToCaller.smallest <= other.rateToCaller.smallest ? one : other
    }

    private var isRefined: Bool { self != ModemProfile(named: name) }
}
