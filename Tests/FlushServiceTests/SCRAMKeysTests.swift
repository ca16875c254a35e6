import FlushService
import Foundation
import Testing

/// What is stored of a password (RFC 5802, RFC 7677).
struct SCRAMKeysTests {
    private static let salt = Array(Data(base64Encoded: "W22ZaJ0SNY7soEsUEjb6gQ==") ?? Data())

    // RFC 7677 §3
    @Test func `the example of the RFC holds`() throws {
        let keys = SCRAMKeys(password: Array("pencil".utf8), salt: SCRAMKeysTests.salt, iterations: 4_096)
        let nonce = "rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
        let authMessage = Array(
            "n=user,r=rOprNGfwEbeRWgbNEkqO,r=\(nonce),s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,c=biws,r=\(nonce)".utf8)
        let proof = try #require(Data(base64Encoded: "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="))
        #expect(keys.match(proof: Array(proof), over: authMessage))
        #expect(
            Data(keys.serverSignature(over: authMessage)).base64EncodedString()
                == "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=")
        #expect(!keys.match(proof: Array(proof.reversed()), over: authMessage))
        #expect(!keys.match(proof: [], over: authMessage))
    }

    @Test func `a password matches its keys, and another one does not`() {
        let keys = SCRAMKeys(password: Array("pencil".utf8), salt: [1, 2, 3], iterations: 4_096)
        #expect(keys.match(Array("pencil".utf8)))
        #expect(!keys.match(Array("Pencil".utf8)))
        #expect(!keys.match([]))
    }

    @Test func `keys are read back as they were written`() throws {
        let keys = SCRAMKeys(password: Array("pencil".utf8), salt: SCRAMKeysTests.salt, iterations: 4_096)
        let text = "\(keys)"
        #expect(text.hasPrefix("SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$"))
        #expect(!text.contains("pencil"))
        #expect(SCRAMKeys(parsing: text) == keys)
    }

    @Test(arguments: [
        "", "pencil", "SCRAM-SHA-1$4096:AA==$AA==:AA==", "SCRAM-SHA-256$4096:AA==$AA==:AA==",
        "SCRAM-SHA-256$1:W22ZaJ0SNY7soEsUEjb6gQ==$x:y", "SCRAM-SHA-256$$",
    ])
    func `what are no keys is refused`(text: String) { #expect(SCRAMKeys(parsing: text) == nil) }
}
