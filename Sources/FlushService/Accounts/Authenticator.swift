import SMTP
import Timebase

/// Finds out who a client is (RFC 4954): answers what the sessions ask, from the accounts.
struct Authenticator: Sendable {
    /// Who a client has proved to be, and what shows it that the server knows it, too.
    struct Proved: Sendable {
        let user: String
        let serverSignature: [UInt8]
    }

    /// The mechanisms that the stored keys are enough for, best first. CRAM-MD5 would need the passwords themselves.
    static let mechanisms: [SASLMechanism] = [.scramSHA256, .plain, .login]

    // Looked up, never walked.
    private let accounts: [String: SCRAMKeys]
    /// For what is made up about users that are not there, so that nobody learns which ones are.
    private let secret: [UInt8]

    init(_ accounts: [String: SCRAMKeys]) {
        self.accounts = accounts
        secret = Authenticator.randomOctets(32)
    }

    /// What the server says first to a user that wants SCRAM. For one that is not there it is made up, the same each
    /// time.
    func scramChallenge(for user: String) -> SCRAMChallenge {
        let nonce = Authenticator.text(Authenticator.randomOctets(18))
        let keys = accounts[user]
        return SCRAMChallenge(
            nonce: nonce, salt: keys?.salt ?? Array(SCRAMKeys.hmac(Array(user.utf8), key: secret).prefix(16)),
            iterations: keys?.iterations ?? SCRAMKeys.iterations)
    }

    /// Whether a proof is true; nil when it is not. Slow for passwords.
    func verify(_ proof: SASLProof) -> Proved? {
        switch proof {
        case .password(let user, let password, let actsFor):
            // A user that is not there takes as long.
            let keys = accounts[user] ?? SCRAMKeys(parsing: Authenticator.nobody)
            guard keys?.match(password) == true, accounts[user] != nil, actsFor.isEmpty || actsFor == user else {
                return nil
            }
            return Proved(user: user, serverSignature: [])
        case .scramSHA256(let user, let authMessage, let proof, let actsFor):
            guard let keys = accounts[user], keys.match(proof: proof, over: authMessage),
                actsFor.isEmpty || actsFor == user
            else { return nil }
            return Proved(user: user, serverSignature: keys.serverSignature(over: authMessage))
        case .cramMD5: return nil
        }
    }

    /// Octets that nobody can foresee.
    static func randomOctets(_ count: Int) -> [UInt8] {
        var luck = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &luck) }
    }

    // Keys of no password at all: nobody has found what hashes to zeros.
    private static let nobody =
        "SCRAM-SHA-256$\(SCRAMKeys.iterations):AAAA$\(zeros):\(zeros)"
    private static let zeros = String(repeating: "A", count: 43) + "="

    private static func text(_ octets: [UInt8]) -> String {
        octets.map { octet in
            let digits = String(octet, radix: 16)
            return digits.count < 2 ? "0" + digits : digits
        }.joined()
    }
}
