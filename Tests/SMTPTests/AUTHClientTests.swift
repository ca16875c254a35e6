import Foundation
import SMTP
import Testing
import Timebase

/// AUTH (RFC 4954) as the client speaks it; digests and nonces are scripted.
struct AUTHClientTests {
    private func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }

    private func greeted(
        _ mechanisms: String, user: String = "user", goesInClear: Bool = false, answers: [SASLAnswer] = []
    ) throws -> (client: ClientDriver, said: String) {
        var credentials = SASLCredentials(user: user, password: Array("pencil".utf8))
        credentials.goesInClear = goesInClear
        var client = try ClientDriver(
            messages: [ClientDriver.message(recipients: 1)], credentials: credentials, answers: answers)
        _ = client.hears("220 d.example")
        let said = client.hears("250-d.example", "250-AUTH \(mechanisms)", "250 HELP")
        return (client, said)
    }

    // C069: AUT-6
    @Test(arguments: ["PLAIN", "LOGIN PLAIN", "FOO", ""]) func `no password goes in the clear`(mechanisms: String)
        throws
    {
        let (client, said) = try greeted(mechanisms)
        #expect(said == "QUIT\r\n")
        #expect(client.outcomes.last == .failed(.authenticationNotOffered))
    }

    @Test func `where it may, the password goes at once`() throws {
        var (client, said) = try greeted("LOGIN PLAIN", goesInClear: true)
        #expect(said == "AUTH PLAIN \(base64("\0user\0pencil"))\r\n")
        #expect(client.hears("235 2.7.0 ok").hasPrefix("MAIL FROM:"))
        #expect(client.session.isAuthenticated && client.actions.contains(.authenticated))
    }

    @Test func `LOGIN answers what it is asked`() throws {
        var (client, said) = try greeted("LOGIN", goesInClear: true)
        #expect(said == "AUTH LOGIN\r\n")
        #expect(client.hears("334 \(base64("Username:"))") == base64("user") + "\r\n")
        #expect(client.hears("334 \(base64("Password:"))") == base64("pencil") + "\r\n")
        #expect(client.hears("235 ok").hasPrefix("MAIL FROM:"))
    }

    // AUT-10
    @Test func `CRAM-MD5 answers with a digest of the challenge`() throws {
        var (client, said) = try greeted(
            "PLAIN CRAM-MD5", user: "tim", answers: [.digest("b913a602c7eda7a495b4e6e7334d3890")])
        #expect(said == "AUTH CRAM-MD5\r\n")
        let challenge = "<1896.697170952@postoffice.reston.mci.net>"
        #expect(client.hears("334 \(base64(challenge))") == base64("tim b913a602c7eda7a495b4e6e7334d3890") + "\r\n")
        #expect(client.actions.contains(.wantsAnswer(.digest(challenge: Array(challenge.utf8)))))
        #expect(client.hears("235 ok").hasPrefix("MAIL FROM:"))
    }

    private static let nonce = "rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
    private static let proof = "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
    private static let signature = "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="

    private func scram() throws -> ClientDriver {
        let (proof, signature) = (Data(base64Encoded: Self.proof), Data(base64Encoded: Self.signature))
        let (client, said) = try greeted(
            "CRAM-MD5 SCRAM-SHA-256",
            answers: [
                .nonce("rOprNGfwEbeRWgbNEkqO"),
                .proof(Array(try #require(proof)), serverSignature: Array(try #require(signature))),
            ])
        #expect(said == "AUTH SCRAM-SHA-256 \(base64("n,,n=user,r=rOprNGfwEbeRWgbNEkqO"))\r\n")
        return client
    }

    // The example of RFC 7677 §3.
    @Test func `SCRAM-SHA-256 believes the server only when it has shown its signature`() throws {
        var client = try scram()
        let first = "r=\(Self.nonce),s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"
        #expect(client.hears("334 \(base64(first))") == base64("c=biws,r=\(Self.nonce),p=\(Self.proof)") + "\r\n")
        let message = "n=user,r=rOprNGfwEbeRWgbNEkqO,\(first),c=biws,r=\(Self.nonce)"
        let salt = try #require(Data(base64Encoded: "W22ZaJ0SNY7soEsUEjb6gQ=="))
        #expect(
            client.actions.contains(
                .wantsAnswer(.proof(salt: Array(salt), iterations: 4_096, authMessage: Array(message.utf8)))))
        #expect(client.hears("334 \(base64("v=\(Self.signature)"))") == "\r\n")
        #expect(client.hears("235 ok").hasPrefix("MAIL FROM:"))
    }

    // C072
    @Test(arguments: ["334 dj1BQUFB", "235 ok"]) func `a server without the right signature gets nothing`(reply: String)
        throws
    {
        var client = try scram()
        _ = client.hears("334 \(base64("r=\(Self.nonce),s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"))")
        #expect(client.hears(reply) == "QUIT\r\n")
        #expect(client.outcomes.suffix(2) == [.failed(.serverNotAuthentic), .close])
    }

    @Test(arguments: [
        "r=other,s=AAAA,i=4096", "r=rOprNGfwEbeRWgbNEkqO,s=AAAA,i=4096", "r=rOprNGfwEbeRWgbNEkqOx,s=AAAA,i=4095",
        "r=rOprNGfwEbeRWgbNEkqOx,s=?,i=4096", "r=rOprNGfwEbeRWgbNEkqOx,s=AAAA,i=99999999999", "m=x",
    ])
    func `a challenge that no server of SCRAM makes ends the session`(challenge: String) throws {
        var client = try scram()
        #expect(client.hears("334 \(base64(challenge))") == "QUIT\r\n")
        #expect(client.outcomes.suffix(2) == [.failed(.serverNotAuthentic), .close])
    }

    // C073
    @Test func `a challenge that is no base64 is cancelled`() throws {
        var (client, _) = try greeted("CRAM-MD5", answers: [])
        #expect(client.hears("334 ???") == "*\r\n")
        #expect(client.hears("501 cancelled") == "QUIT\r\n")
    }

    @Test func `who is not believed sends nothing`() throws {
        var (client, _) = try greeted("PLAIN", goesInClear: true)
        #expect(client.hears("535 5.7.8 no") == "QUIT\r\n")
        #expect(
            client.outcomes.last == .failed(.authenticationRefused(SMTPReply(535, .init(5, 7, 8), "no"))))
    }
}
