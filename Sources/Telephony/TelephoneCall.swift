public import Timebase

/// One telephone call from off-hook to on-hook, with the two modems that train on it.
///
///     off-hook ─▶ dialling ─▶ routing ─▶ ringing ─▶ answering ─▶ training ─▶ online ─▶ released
///                                │          │          └────┬────┘             └─ carrier lost, hung up
///                                │          └─ no answer    └─ no carrier in time
///                                └─ busy, no such number
///
/// The states follow the calling modem as its owner hears it; it may be hung up in any of them. All that varies is
/// drawn when the state begins, from the call's own stream. From its last digit on the calling modem waits for the
/// carrier as long as its register S7 says, whatever the call is at.
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
        /// The number did not answer in time: release the call.
        case noAnswer
        /// The carrier did not come in time: release the call.
        case noCarrier
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
    // When the state is over by itself, and when the calling modem gives up.
    private var stateEnds: Instant
    private var patienceEnds = Instant.distantFuture

    /// From the last digit to the carrier: register S7 of Hayes modems, 60 s as US Robotics and Rockwell set it.
    public static let carrierWait = Interval.seconds(60)
    /// From the carrier's loss until a modem believes it: register S10 of Hayes modems, 1.4 s as US Robotics set it.
    public static let carrierLossTime = Interval.milliseconds(1_400)

    /// Dial tone until the first digit: the tone itself and the modem's look at it.
    private static let dialToneTime = 700_000_000...1_300_000_000 as ClosedRange<Int64>
    /// A digit in DTMF: the tone and an equal pause of 95 ms (register S11 of Hayes modems).
    private static let digitTime = Interval.milliseconds(190)
    /// ITU-T V.25: 1.8 s to 2.5 s between going off-hook and the answer tone.
    private static let answerSilence = 1_800_000_000...2_500_000_000 as ClosedRange<Int64>

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
        stateEnds = now + Interval(nanoseconds: self.stream.uniform(in: TelephoneCall.dialToneTime))
        deadline = stateEnds
    }

    // MARK: What happened

    /// The time has come, or any other time.
    public mutating func deadlineReached(at now: Instant) -> Action? {
        guard let due = deadline, due <= now else { return nil }
        guard stateEnds <= now else { return giveUp() }
        switch state {
        case .offHook:
            state = .dialling
            let digits = number.count { $0.isNumber }
            wait(TelephoneCall.digitTime * Int64(digits), from: now)
            return .dials
        case .dialling:
            state = .routing
            patienceEnds = now + TelephoneCall.carrierWait
            wait(draw(configuration.setup), from: now)
            return nil
        case .routing:
            deadline = nil
            return .route
        case .ringing(let port):
            state = .answering(port: port)
            // V.25: the answering modem keeps silent before its tone, so that charging can begin.
            let silence = Interval(nanoseconds: stream.uniform(in: TelephoneCall.answerSilence))
            wait(silence + draw(profile.answerTone), from: now)
            return .answered(modulation: profile.modulation)
        case .answering(let port):
            state = .training(port: port)
            wait(draw(profile.training) + errorControlSetup(), from: now)
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
        let ringsUntil = min(patienceEnds, now + configuration.noAnswerAfter)
        stateEnds = isAnswered ? now + draw(configuration.answer) : .distantFuture
        deadline = min(stateEnds, ringsUntil)
    }

    /// The circuit fails while the modems answer or train. Nobody tells the calling modem: it hears no carrier and
    /// waits until its patience ends.
    /// - Returns: whether there was such a circuit; before the answer there is none that carries anything.
    public mutating func circuitFailed() -> Bool {
        switch state {
        case .answering, .training:
            guard stateEnds < .distantFuture else { return false }
            stateEnds = .distantFuture
            deadline = patienceEnds
            return true
        case .offHook, .dialling, .routing, .ringing, .online, .released: return false
        }
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

    private mutating func wait(_ time: Interval, from now: Instant) {
        stateEnds = now + time
        deadline = min(stateEnds, patienceEnds)
    }

    private mutating func giveUp() -> Action {
        deadline = nil
        if case .ringing = state { return .noAnswer }
        return .noCarrier
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
