/// How far an AUTH command has come: what the client's next response means.
enum SASLExchange: Sendable {
    /// Name and password.
    case plain
    case loginUser
    case loginPassword(user: String)
    /// A digest of this challenge; empty until it is made.
    case cramMD5(challenge: String)
    case scramFirst
    /// The driver makes the challenge, or the client answers it.
    case scramFinal(SCRAMExchange)
    /// The client has been shown the server's signature, and says nothing to it.
    case scramEnd(identity: String)

    /// Octets of a response's line with its CR LF (RFC 4954 §4).
    static let lineLength = 12_288

    init(_ mechanism: SASLMechanism) {
        switch mechanism {
        case .plain: self = .plain
        case .login: self = .loginUser
        case .cramMD5: self = .cramMD5(challenge: "")
        case .scramSHA256: self = .scramFirst
        }
    }

    /// Whether a first response may stand in the command itself. LOGIN has no standard; clients give the name there,
    /// and servers take it.
    var takesInitialResponse: Bool {
        if case .loginUser = self { true } else { isClientFirst }
    }

    /// Whether the client speaks first.
    var isClientFirst: Bool {
        switch self {
        case .plain, .scramFirst: true
        default: false
        }
    }
}

extension SMTPCommand {
    /// Whether On-Demand Mail Relay has it: what RFC 2645 §5.1 and §5.2 name, STARTTLS, and what does no harm.
    var isOfOnDemandRelay: Bool {
        switch self {
        case .ehlo, .auth, .startTLS, .reversal(.atrn), .noop, .rset, .quit: true
        default: false
        }
    }

    /// Whether it is carried out for anybody (RFC 4954 §6).
    var needsNoIdentity: Bool {
        switch self {
        case .auth, .ehlo, .helo, .noop, .rset, .quit, .startTLS, .help: true
        default: false
        }
    }
}
