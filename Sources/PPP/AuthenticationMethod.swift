public import Wire

/// How one end of a link proves who it is.
public enum AuthenticationMethod: String, CaseIterable, Hashable, Sendable {
    /// With its password in clear text (RFC 1334).
    case pap
    /// With an MD5 digest over a challenge and its secret (RFC 1994).
    case chap

    /// The method as LCP's option names it.
    public var authenticationProtocol: AuthenticationProtocol {
        switch self {
        case .pap: .pap
        case .chap: .chapMD5
        }
    }

    init?(_ authentication: AuthenticationProtocol) {
        switch authentication {
        case .pap: self = .pap
        case .chapMD5: self = .chap
        case .chap, .other: return nil
        }
    }
}
