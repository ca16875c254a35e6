public import Timebase

/// One telephone call from off-hook to on-hook, with the two modems that train on it.
///
///     off-hook ─▶ dialling ─▶ routing ─▶ ringing ─▶ answering ─▶ training ─▶ online ─▶ released
///                                │          └─ no answer                       └─ carrier lost, hung up
///                                └─ busy, no such number
///
/// The states follow the calling modem as its owner hears it. All that varies is drawn when the state begins, from the
/// call's own stream.
public struct TelephoneCall: Sendable {
    /// How far the call has come.
    public enum State: Hashable, Sendable {
        /// The calling modem listens for the dial tone.
        case offHook
        /// It sends the digits.
        case dialling
        /// The exchange looks for the called line: post-dial delay.
        case routing
        /// The called modem rings on this port.
        case ringing(port: Int)
        /// The called modem has answered and sends its tone (ITU-T V.25, V.8).
        case answering(port: Int)
        /// Both modems train, then negotiate V.42.
        case training(port: Int)
        /// The carrier stands.
        case online(port: Int)
        /// Nothing is left of the call.
        case released
    }

    /// What the driver is to do or to know.
    public enum Action: Hashable, Sendable {
        /// The digits go out.
        case dials
        /// Ask the exchange for a port, then call ``TelephoneCall/routed(_:at:)``.
        case route
        /// The called modem has gone off-hook; the modems train.
        case answered(modulation: String)
        /// The carrier stands, with these rates in bit/s.
        case carrier(toCaller: Int, fromCaller: Int)
        /// The number did not answer in time.
        case noAnswer
    }

    /// How far the call has come.
    public private(set) var state = State.offHook
    /// When the call must next be told the time, if ever.
    public private(set) var deadline: Instant?

    /// The number that is called.
    public let number: String
    /// What the two modems agree on.
    public let profile: ModemProfile
    private let configuration: ExchangeConfiguration
    private let isAnswered: Bool
    private var stream: RandomStream

    /// Dial tone until the first digit: the tone itself and the modem's look at it.
    private static let dialToneTime = 700_000_000...1_300_000_000 as ClosedRange<Int64>
    /// A digit in DTMF: the tone and an equal pause of 95 ms (register S11 of Hayes modems).
    private static let digitTime = Interval.milliseconds(190)

    /// A call that goes off-hook now.
    /// - Parameters:
    ///   - number: the number to dial.
    ///   - profile: what the two modems will agree on.
    ///   - configuration: how the telephone network behaves.
    ///   - isAnswered: whether anything answers at the other end.
    ///   - stream: the call's luck.
    ///   - now: the time.
    public init(
        number: String, profile: ModemProfile, configuration: ExchangeConfiguration, isAnswered: Bool = true,
        stream: RandomStream, at now: Instant
    ) {
        self.number = number
        self.profile = profile
        self.configuration = configuration
        self.isAnswered = isAnswered
        self.stream = stream
        deadline = now + Interval(nanoseconds: self.stream.uniform(in: TelephoneCall.dialToneTime))
    }

    // MARK: What happened

    /// The time has come, or any other time.
    public mutating func deadlineReached(at now: Instant) -> Action? {
        guard let due = deadline, due <= now else { return nil }
        switch state {
        case .offHook:
            state = .dialling
            let digits = number.count { $0.isNumber }
            deadline = now + TelephoneCall.digitTime * Int64(digits)
            return .dials
        case .dialling:
            state = .routing
            deadline = now + draw(configuration.setup)
            return nil
        case .routing:
            deadline = nil
            return .route
        case .ringing(let port): return ringingEnded(port, at: now)
        case .answering(let port):
            state = .training(port: port)
            deadline = now + draw(profile.training) + errorControlSetup()
            return nil
        case .training(let port):
            state = .online(port: port)
            deadline = nil
            let toCaller = Int(profile.rateToCaller.draw(from: &stream))
            let fromCaller = profile.rateFromCaller.map { Int($0.draw(from: &stream)) } ?? toCaller
            return .carrier(toCaller: toCaller, fromCaller: fromCaller)
        case .online, .released: return nil
        }
    }

    /// The exchange has found a port: it rings.
    public mutating func routed(_ port: Int, at now: Instant) {
        precondition(state == .routing, "a call is routed when it has asked")
        state = .ringing(port: port)
        deadline = now + (isAnswered ? draw(configuration.answer) : configuration.noAnswerAfter)
    }

    /// The call is over, from whichever side.
    public mutating func released() {
        state = .released
        deadline = nil
    }

    // MARK: What can be known

    /// The port that the call has taken, if any.
    public var port: Int? {
        switch state {
        case .ringing(let port), .answering(let port), .training(let port), .online(let port): port
        case .offHook, .dialling, .routing, .released: nil
        }
    }

    private mutating func ringingEnded(_ port: Int, at now: Instant) -> Action {
        guard isAnswered else {
            deadline = nil
            return .noAnswer
        }
        state = .answering(port: port)
        // V.25: the answering modem keeps silent before its tone, so that charging can begin.
        let silence = Interval(nanoseconds: stream.uniform(in: 1_800_000_000...2_500_000_000))
        deadline = now + silence + draw(profile.answerTone)
        return .answered(modulation: profile.modulation)
    }

    // V.42: detection, then XID and SABME, each of which waits for its answer.
    private mutating func errorControlSetup() -> Interval {
        guard case .lapm(let setup) = profile.errorControl else { return .zero }
        return draw(setup) + (profile.latency + configuration.propagation) * 4
    }

    private mutating func draw(_ distribution: Distribution) -> Interval {
        Interval(nanoseconds: max(0, distribution.draw(from: &stream)))
    }
}
