/// How far a client's AUTH has come: what it does about the server's next challenge.
enum SASLClientExchange: Sendable {
    /// The server asks for what was not sent with the command.
    case plain
    case loginUser
    case loginPassword
    case cramMD5
    /// The nonce is the driver's.
    case scramBegins
    case scramFirst(bare: String, nonce: String)
    /// The proof is the driver's.
    case scramProves(withoutProof: String)
    case scramFinal(serverSignature: [UInt8])
    /// Nothing more is said; the verdict follows.
    case done
}
