/// How a client proves who it is (RFC 4954, RFC 4422).
public enum SASLMechanism: String, CaseIterable, Hashable, Sendable {
    /// Name and password at once (RFC 4616).
    case plain = "PLAIN"
    /// Name and password, each asked for; never standardised, widely used.
    case login = "LOGIN"
    /// A digest of a challenge (RFC 2195): the password is not sent, and must be stored as it is.
    case cramMD5 = "CRAM-MD5"
    /// A proof to both sides (RFC 5802, RFC 7677): the password is neither sent nor stored.
    case scramSHA256 = "SCRAM-SHA-256"

    /// Whether the password goes over the line, so that the line must be secure.
    public var sendsPassword: Bool { self == .plain || self == .login }
}

/// What a client has shown for who it is. Whether it is true is for the driver to find out.
public enum SASLProof: Hashable, Sendable {
    /// PLAIN or LOGIN.
    case password(user: String, password: [UInt8], actsFor: String)
    /// CRAM-MD5: the digest in hexadecimal digits, in small letters.
    case cramMD5(user: String, challenge: String, digest: String)
    /// SCRAM-SHA-256: the proof of the client over a text, the AuthMessage of RFC 5802 §3.
    case scramSHA256(user: String, authMessage: [UInt8], proof: [UInt8], actsFor: String)
}

/// What a SCRAM server answers first (RFC 5802 §5.1). For a user that is not there it is made up, the same each time.
public struct SCRAMChallenge: Hashable, Sendable {
    /// What the server adds to the client's nonce: visible characters without a comma.
    public var nonce: String
    /// The salt of the stored keys.
    public var salt: [UInt8]
    /// How often the password was hashed.
    public var iterations: Int

    /// A challenge.
    public init(nonce: String, salt: [UInt8], iterations: Int) {
        precondition(iterations >= 4_096, "RFC 7677 §4 has 4096 at least")
        self.nonce = nonce
        self.salt = salt
        self.iterations = iterations
    }
}

/// What a client session needs of its driver to prove who it is.
public enum SASLQuestion: Hashable, Sendable {
    /// A nonce for SCRAM: visible characters without a comma that nobody can foresee.
    case nonce
    /// CRAM-MD5: the digest of the challenge with the password as key (RFC 2195 §2).
    case digest(challenge: [UInt8])
    /// SCRAM: the client's proof over the AuthMessage, and the signature that the server must show (RFC 5802 §3).
    case proof(salt: [UInt8], iterations: Int, authMessage: [UInt8])
}

/// The driver's answer to a ``SASLQuestion``.
public enum SASLAnswer: Hashable, Sendable {
    /// The nonce.
    case nonce(String)
    /// The digest in hexadecimal digits, in small letters.
    case digest(String)
    /// The proof, and the server's signature.
    case proof([UInt8], serverSignature: [UInt8])
}

/// Who a client is, for AUTH.
public struct SASLCredentials: Hashable, Sendable {
    /// The name.
    public var user: String
    /// The password; sent as it is by PLAIN and LOGIN alone.
    public var password: [UInt8]
    /// Whether the password may be sent without TLS.
    public var goesInClear = false
    /// The mechanism to be used; nil for the best one that is offered.
    public var mechanism: SASLMechanism?

    /// Name and password.
    public init(user: String, password: [UInt8]) {
        self.user = user
        self.password = password
    }
}
