import Crypto
import Foundation

/// What is stored of a password: enough to check it, and nothing that could be used in its place (RFC 5802 §3,
/// RFC 7677).
public struct SCRAMKeys: Hashable, Sendable {
    /// How often the password is hashed, when new keys are made.
    public static let iterations = 10_000

    /// What makes equal passwords different.
    public let salt: [UInt8]
    /// How often the password was hashed.
    public let iterations: Int
    /// The hash of the client's key.
    public let storedKey: [UInt8]
    /// With what the server signs.
    public let serverKey: [UInt8]

    /// The keys of a password.
    /// - Parameters:
    ///   - password: in octets, prepared by SASLprep if need be.
    ///   - salt: random.
    ///   - iterations: at least 4,096 (RFC 7677 §4).
    public init(password: [UInt8], salt: [UInt8], iterations: Int = SCRAMKeys.iterations) {
        precondition(iterations >= 4_096, "RFC 7677 §4 has 4096 at least")
        let salted = SCRAMKeys.saltedPassword(password, salt: salt, iterations: iterations)
        self.salt = salt
        self.iterations = iterations
        storedKey = Array(SHA256.hash(data: SCRAMKeys.hmac(Array("Client Key".utf8), key: salted)))
        serverKey = SCRAMKeys.hmac(Array("Server Key".utf8), key: salted)
    }

    /// Whether a password is the one. Takes the same time whatever it is.
    public func match(_ password: [UInt8]) -> Bool {
        SCRAMKeys.areEqual(
            SCRAMKeys(password: password, salt: salt, iterations: iterations).storedKey, storedKey)
    }

    /// Whether a proof over an AuthMessage shows that the client knows the password.
    public func match(proof: [UInt8], over authMessage: [UInt8]) -> Bool {
        let signature = SCRAMKeys.hmac(authMessage, key: storedKey)
        guard proof.count == signature.count else { return false }
        let clientKey = zip(proof, signature).map { $0 ^ $1 }
        return SCRAMKeys.areEqual(Array(SHA256.hash(data: clientKey)), storedKey)
    }

    /// What shows the client that the server knows the keys.
    public func serverSignature(over authMessage: [UInt8]) -> [UInt8] { SCRAMKeys.hmac(authMessage, key: serverKey) }

    // Hi of RFC 5802 §2.2, which is PBKDF2 with one block of output.
    private static func saltedPassword(_ password: [UInt8], salt: [UInt8], iterations: Int) -> [UInt8] {
        let key = SymmetricKey(data: password)
        var block = Array(HMAC<SHA256>.authenticationCode(for: salt + [0, 0, 0, 1], using: key))
        var sum = block
        for _ in 1..<iterations {
            block = Array(HMAC<SHA256>.authenticationCode(for: block, using: key))
            for index in sum.indices { sum[index] ^= block[index] }
        }
        return sum
    }

    static func hmac(_ text: [UInt8], key: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: text, using: SymmetricKey(data: key)))
    }

    private static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        left.count == right.count && zip(left, right).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
}

extension SCRAMKeys: CustomStringConvertible {
    /// The keys as they are stored, in the form that PostgreSQL has, too:
    /// `SCRAM-SHA-256$iterations:salt$storedKey:serverKey`.
    public var description: String {
        let base64 = [salt, storedKey, serverKey].map { Data($0).base64EncodedString() }
        return "SCRAM-SHA-256$\(iterations):\(base64[0])$\(base64[1]):\(base64[2])"
    }

    /// Reads keys as they are stored; nil when they are none.
    public init?(parsing text: String) {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "SCRAM-SHA-256" else { return nil }
        let first = parts[1].split(separator: ":", omittingEmptySubsequences: false)
        let second = parts[2].split(separator: ":", omittingEmptySubsequences: false)
        guard first.count == 2, second.count == 2, let iterations = Int(first[0]), iterations >= 4_096,
            let salt = Data(base64Encoded: String(first[1])), !salt.isEmpty,
            let storedKey = Data(base64Encoded: String(second[0])), storedKey.count == SHA256.byteCount,
            let serverKey = Data(base64Encoded: String(second[1])), serverKey.count == SHA256.byteCount
        else { return nil }
        self.salt = Array(salt)
        self.iterations = iterations
        self.storedKey = Array(storedKey)
        self.serverKey = Array(serverKey)
    }
}
