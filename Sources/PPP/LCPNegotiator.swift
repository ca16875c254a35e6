import Timebase
import Wire

/// LCP's options in both directions (RFC 1661 §6, RFC 1662 §7.1).
///
/// Protocol and address-and-control field compression are never asked for and always rejected: a capture keeps `FF 03`
/// and two octets of protocol in every frame, and what a frame weighs on the line must be what the capture shows.
struct LCPNegotiator: ConfigurationNegotiator {
    private(set) var failure: PPPLink.FinishReason?

    // What we ask for; nil when the option is left out.
    private var wantedUnit: UInt16?
    private var wantedMap: UInt32?
    private var wantedMagic: UInt32?
    private var wantedMethod: AuthenticationMethod?

    /// Our magic number; 0 when none is agreed (RFC 1661 §5.8).
    var magicNumber: UInt32 { wantedMagic ?? 0 }
    /// How the peer must prove who it is.
    var demandedMethod: AuthenticationMethod? { wantedMethod }
    /// The control characters the peer escapes.
    var receiveMap: UInt32 { wantedMap ?? AsyncFraming.defaultMap }

    /// The longest information the peer takes.
    private(set) var peerUnit: UInt16 = 1500
    /// The control characters the peer wants escaped.
    private(set) var peerMap = AsyncFraming.defaultMap
    /// How we must prove who we are.
    private(set) var acceptedMethod: AuthenticationMethod?

    private var magicCollisions = 0
    private var random: RandomStream
    private let configuration: LCPConfiguration

    init(_ configuration: LCPConfiguration, random: RandomStream) {
        self.configuration = configuration
        self.random = random
    }

    // Ours

    mutating func begin() {
        failure = nil
        magicCollisions = 0
        wantedUnit = configuration.maximumReceiveUnit == 1500 ? nil : configuration.maximumReceiveUnit
        wantedMap =
            configuration.controlCharacterMap == AsyncFraming.defaultMap ? nil : configuration.controlCharacterMap
        wantedMagic = configuration.usesMagicNumber ? nextMagicNumber() : nil
        wantedMethod = configuration.demands.first
        accept([])
    }

    var request: [ConfigurationOption] {
        var options: [LCPOption] = []
        if let wantedUnit { options.append(.maximumReceiveUnit(wantedUnit)) }
        if let wantedMap { options.append(.controlCharacterMap(wantedMap)) }
        if let wantedMethod { options.append(.authentication(wantedMethod.authenticationProtocol)) }
        if let wantedMagic { options.append(.magicNumber(wantedMagic)) }
        return options.map(\.option)
    }

    mutating func requestAcknowledged() {}

    mutating func requestRefused(wanting options: [ConfigurationOption], isFedUp: Bool) {
        for option in options {
            switch LCPOption(option) {
            // A magic number is never given up for naks: a looped-back line sends them without end, and would agree
            // with itself on a link without one.
            case .magicNumber where wantedMagic != nil: wantedMagic = nextMagicNumber()
            case _ where isFedUp: requestRejected([option])
            case .maximumReceiveUnit(let unit) where wantedUnit != nil:
                // A larger one than ours we could not take; without the option it is 1500.
                if unit >= LCPConfiguration.minimumReceiveUnit {
                    wantedUnit = min(unit, configuration.maximumReceiveUnit)
                }
            // RFC 1662 §7.1: what either end has reason to escape is escaped.
            case .controlCharacterMap(let map): wantedMap = wantedMap.map { $0 | map }
            case .authentication(let authentication) where wantedMethod != nil:
                demandAnother(thanks: AuthenticationMethod(authentication))
            // What we have not asked for we do not begin to ask for.
            default: break
            }
        }
    }

    // The method the peer suggests, when we take it; else the next on our list.
    private mutating func demandAnother(thanks suggested: AuthenticationMethod?) {
        if let suggested, configuration.demands.contains(suggested) {
            wantedMethod = suggested
        } else if let wantedMethod, let index = configuration.demands.firstIndex(of: wantedMethod),
            index + 1 < configuration.demands.count
        {
            self.wantedMethod = configuration.demands[index + 1]
        } else {
            failure = .peerRefusedAuthentication
        }
    }

    mutating func requestRejected(_ options: [ConfigurationOption]) {
        for option in options {
            switch LCPOption.Kind(rawValue: option.type) {
            case .maximumReceiveUnit: wantedUnit = nil
            case .controlCharacterMap: wantedMap = nil
            case .magicNumber: wantedMagic = nil
            // RFC 1661 §6.2: without authentication there is no link, if we must have it.
            case .authentication: if wantedMethod != nil { failure = .peerRefusedAuthentication }
            case .protocolFieldCompression, .addressAndControlFieldCompression, nil: break
            }
        }
    }

    // The peer's

    mutating func judge(_ options: [ConfigurationOption], isFedUp: Bool) -> ConfigurationVerdict {
        let seesOwnMagic = options.contains { LCPOption($0) == .magicNumber(magicNumber) }
        noteMagicNumber(isOurs: seesOwnMagic && magicNumber != 0)
        var rejected: [ConfigurationOption] = []
        var wanted: [ConfigurationOption] = []
        for option in options {
            switch opinion(of: LCPOption(option)) {
            case .good: break
            case .unwanted: rejected.append(option)
            case .better(let other):
                // RFC 1661 §5.3 lists an option once. A magic number is never rejected for being ours, or a looped-back
                // line would agree with itself in the end.
                if isFedUp, other.type != LCPOption.Kind.magicNumber.rawValue {
                    rejected.append(option)
                } else if !wanted.contains(where: { $0.type == other.type }) {
                    wanted.append(other)
                }
            }
        }
        if !rejected.isEmpty { return .reject(rejected) }
        return wanted.isEmpty ? .acknowledge : .refuse(wanting: wanted)
    }

    mutating func accept(_ options: [ConfigurationOption]) {
        peerUnit = 1500
        peerMap = AsyncFraming.defaultMap
        acceptedMethod = nil
        for option in options {
            switch LCPOption(option) {
            case .maximumReceiveUnit(let unit): peerUnit = unit
            case .controlCharacterMap(let map): peerMap = map
            case .authentication(let authentication): acceptedMethod = AuthenticationMethod(authentication)
            default: break
            }
        }
    }

    private enum Opinion {
        case good, unwanted
        case better(ConfigurationOption)
    }

    private mutating func opinion(of option: LCPOption) -> Opinion {
        switch option {
        case .maximumReceiveUnit(let unit):
            let minimum = LCPConfiguration.minimumReceiveUnit
            return unit < minimum ? .better(LCPOption.maximumReceiveUnit(minimum).option) : .good
        case .controlCharacterMap:
            return .good
        case .authentication(let authentication):
            if let method = AuthenticationMethod(authentication), configuration.offers.contains(method) { return .good }
            return betterMethod
        case .magicNumber(let number):
            // RFC 1661 §6.4: zero is no magic number, and ours is not the peer's.
            return number == 0 || number == magicNumber ? .better(freshMagicNumber) : .good
        case .malformed(let option):
            // RFC 1661 §6: the answer to a wrong length is the option as it should be.
            switch LCPOption.Kind(rawValue: option.type) {
            case .maximumReceiveUnit: return .better(LCPOption.maximumReceiveUnit(1500).option)
            case .controlCharacterMap: return .better(LCPOption.controlCharacterMap(0).option)
            case .authentication: return betterMethod
            case .magicNumber: return .better(freshMagicNumber)
            case .protocolFieldCompression, .addressAndControlFieldCompression, nil: return .unwanted
            }
        case .protocolFieldCompression, .addressAndControlFieldCompression, .unknown:
            return .unwanted
        }
    }

    private var betterMethod: Opinion {
        guard let best = configuration.offers.first else { return .unwanted }
        return .better(LCPOption.authentication(best.authenticationProtocol).option)
    }

    private var freshMagicNumber: ConfigurationOption {
        mutating get { LCPOption.magicNumber(nextMagicNumber()).option }
    }

    private mutating func nextMagicNumber() -> UInt32 {
        let number = UInt32(truncatingIfNeeded: random.next() >> 32)
        return number == 0 ? 1 : number
    }

    private mutating func noteMagicNumber(isOurs: Bool) {
        magicCollisions = isOurs ? magicCollisions + 1 : 0
        if magicCollisions >= configuration.maximumMagicCollisions { failure = .loopedBack }
    }
}
