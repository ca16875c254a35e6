/// How a peer is asked to authenticate itself (RFC 1661 §6.2).
public enum AuthenticationProtocol: Hashable, Sendable {
    /// A password in clear text (RFC 1334).
    case pap
    /// A digest over a challenge (RFC 1994). The algorithm is 5 for MD5, 80 hexadecimal for MS-CHAP, 81 for version 2.
    case chap(algorithm: UInt8)
    /// Another protocol, or PAP and CHAP in a form that no RFC has.
    case other(PPPProtocol, parameters: [UInt8])

    /// CHAP with MD5, the one algorithm every implementation has.
    public static let chapMD5 = AuthenticationProtocol.chap(algorithm: 5)
}

/// A configuration option of LCP (RFC 1661 §6, RFC 1662 §7).
public enum LCPOption: Hashable, Sendable {
    /// The longest information its sender takes (MRU).
    case maximumReceiveUnit(UInt16)
    /// The control characters its sender wants escaped (ACCM); the lowest bit stands for character 0.
    case controlCharacterMap(UInt32)
    /// What its sender wants from the other end.
    case authentication(AuthenticationProtocol)
    /// A number by which its sender knows itself, to find a line that is looped back.
    case magicNumber(UInt32)
    /// Its sender can read protocols of one octet (PFC).
    case protocolFieldCompression
    /// Its sender can do without address and control (ACFC).
    case addressAndControlFieldCompression
    /// A type that is none of these.
    case unknown(ConfigurationOption)
    /// One of these types with a value of the wrong length.
    case malformed(ConfigurationOption)

    /// The numbers of the options.
    public enum Kind: UInt8, CaseIterable, Hashable, Sendable {
        /// MRU.
        case maximumReceiveUnit = 1
        /// ACCM.
        case controlCharacterMap = 2
        /// Authentication protocol.
        case authentication = 3
        /// Magic number.
        case magicNumber = 5
        /// PFC.
        case protocolFieldCompression = 7
        /// ACFC.
        case addressAndControlFieldCompression = 8
    }

    /// Says what an option means. Every option means something; `option` gives back the same octets.
    public init(_ option: ConfigurationOption) {
        guard let kind = Kind(rawValue: option.type) else {
            self = .unknown(option)
            return
        }
        self = LCPOption.reading(option, as: kind) ?? .malformed(option)
    }

    private static func reading(_ option: ConfigurationOption, as kind: Kind) -> LCPOption? {
        switch kind {
        case .maximumReceiveUnit: option.value16.map(maximumReceiveUnit)
        case .controlCharacterMap: option.value32.map(controlCharacterMap)
        case .authentication: AuthenticationProtocol(option.value).map(authentication)
        case .magicNumber: option.value32.map(magicNumber)
        case .protocolFieldCompression: option.value.isEmpty ? .protocolFieldCompression : nil
        case .addressAndControlFieldCompression: option.value.isEmpty ? .addressAndControlFieldCompression : nil
        }
    }

    /// The option as it stands in a packet.
    public var option: ConfigurationOption {
        switch self {
        case .maximumReceiveUnit(let unit):
            ConfigurationOption(type: Kind.maximumReceiveUnit.rawValue, bigEndian: unit)
        case .controlCharacterMap(let map):
            ConfigurationOption(type: Kind.controlCharacterMap.rawValue, bigEndian: map)
        case .authentication(let authentication):
            ConfigurationOption(type: Kind.authentication.rawValue, value: authentication.octets)
        case .magicNumber(let number):
            ConfigurationOption(type: Kind.magicNumber.rawValue, bigEndian: number)
        case .protocolFieldCompression:
            ConfigurationOption(type: Kind.protocolFieldCompression.rawValue)
        case .addressAndControlFieldCompression:
            ConfigurationOption(type: Kind.addressAndControlFieldCompression.rawValue)
        case .unknown(let option), .malformed(let option):
            option
        }
    }
}

extension AuthenticationProtocol {
    /// Reads an authentication option's value; nil without a whole protocol number.
    init?(_ value: [UInt8]) {
        guard value.count >= 2 else { return nil }
        let number = PPPProtocol(rawValue: UInt16(value[0]) << 8 | UInt16(value[1]))
        self =
            switch (number, value.count) {
            case (.pap, 2): .pap
            case (.chap, 3): .chap(algorithm: value[2])
            default: .other(number, parameters: Array(value.dropFirst(2)))
            }
    }

    var octets: [UInt8] {
        var octets: [UInt8] = []
        switch self {
        case .pap:
            octets.append(bigEndian: PPPProtocol.pap.rawValue)
        case .chap(let algorithm):
            octets.append(bigEndian: PPPProtocol.chap.rawValue)
            octets.append(algorithm)
        case .other(let number, let parameters):
            octets.append(bigEndian: number.rawValue)
            octets.append(contentsOf: parameters)
        }
        return octets
    }
}
