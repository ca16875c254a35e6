import Foundation
import SMTP
import Testing
import Timebase

/// AUTH (RFC 4954) as the server speaks it; whether a proof is true is scripted.
struct AUTHTests {
    private func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }

    private func server(
        _ mechanisms: [SASLMechanism] = SASLMechanism.allCases, isSecure: Bool = true,
        _ change: (inout SMTPServerConfiguration) -> Void = { _ in }
    ) throws -> ServerDriver {
        var server = try ServerDriver(after: "EHLO x.example") {
            $0.mechanisms = mechanisms
            $0.offersSTARTTLS = true
            change(&$0)
        }
        if isSecure {
            _ = server.send("STARTTLS\r\n")
            server.session.tlsStarted(at: server.now)
            _ = server.send("EHLO x.example\r\n")
        }
        server.proofs = [.password(user: "test", password: Array("1234".utf8), actsFor: "")]
        return server
    }

    @Test func `mechanisms that send the password are offered under TLS alone`() throws {
        var open = try server(isSecure: false)
        #expect(open.send("EHLO x.example\r\n").contains("250-AUTH CRAM-MD5 SCRAM-SHA-256\r\n"))
        // S150
        #expect(open.send("AUTH PLAIN AHRlc3QAMTIzNA==\r\n").replyCodes == [504])
        var secure = try server()
        #expect(secure.send("EHLO x.example\r\n").contains("250-AUTH PLAIN LOGIN CRAM-MD5 SCRAM-SHA-256\r\n"))
    }

    // S151
    @Test func `PLAIN proves a name once`() throws {
        var server = try server()
        #expect(server.send("AUTH PLAIN AHRlc3QAMTIzNA==\r\n").hasPrefix("235 2.7.0 "))
        #expect(server.session.identity == "tim")
        #expect(server.send("AUTH PLAIN AHRlc3QAMTIzNA==\r\nNOOP\r\n").replyCodes == [503, 250])
    }

    // S152: an empty challenge is the code and a space.
    @Test(arguments: [1, 7, Int.max]) func `PLAIN without a response at once is asked for it`(size: Int) throws {
        var server = try server()
        #expect(server.send(Array("AUTH PLAIN\r\n".utf8), inPiecesOf: size) == "334 \r\n")
        #expect(server.send(Array("AHRlc3QAMTIzNA==\r\n".utf8), inPiecesOf: size).replyCodes == [235])
    }

    // As Python's smtplib has it; no RFC speaks of LOGIN.
    @Test func `LOGIN takes the name with the command`() throws {
        var server = try server()
        #expect(server.send("AUTH LOGIN \(base64("test"))\r\n") == "334 \(base64("Password:"))\r\n")
    }

    @Test func `LOGIN asks for name and password`() throws {
        var server = try server()
        #expect(server.send("AUTH LOGIN\r\n") == "334 \(base64("Username:"))\r\n")
        #expect(server.send(base64("test") + "\r\n") == "334 \(base64("Password:"))\r\n")
        #expect(server.send(base64("1234") + "\r\n").replyCodes == [235])
    }

    // AUT-10: the example of RFC 2195 §2.
    @Test func `CRAM-MD5 takes a digest of the challenge`() throws {
        var server = try server(isSecure: false)
        server.proofs = [
            .cramMD5(user: "tim", challenge: server.challenge, digest: "b913a602c7eda7a495b4e6e7334d3890")
        ]
        #expect(server.send("AUTH CRAM-MD5\r\n") == "334 \(base64(server.challenge))\r\n")
        #expect(server.send(base64("tim b913a602c7eda7a495b4e6e7334d3890") + "\r\n").replyCodes == [235])
    }

    // S161: the example of RFC 7677 §3.
    @Test func `SCRAM-SHA-256 proves both sides`() throws {
        var server = try server(isSecure: false)
        let salt = try #require(Data(base64Encoded: "W22ZaJ0SNY7soEsUEjb6gQ=="))
        server.scramChallenge = SCRAMChallenge(
            nonce: "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0", salt: Array(salt), iterations: 4_096)
        let nonce = "rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
        let first = "r=\(nonce),s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"
        let message = "n=user,r=rOprNGfwEbeRWgbNEkqO,\(first),c=biws,r=\(nonce)"
        let proof = try #require(Data(base64Encoded: "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="))
        server.proofs = [
            .scramSHA256(user: "user", authMessage: Array(message.utf8), proof: Array(proof), actsFor: "")
        ]
        server.serverSignature = Array(
            try #require(Data(base64Encoded: "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=")))
        #expect(
            server.send("AUTH SCRAM-SHA-256 \(base64("n,,n=user,r=rOprNGfwEbeRWgbNEkqO"))\r\n")
                == "334 \(base64(first))\r\n")
        #expect(
            server.send(base64("c=biws,r=\(nonce),p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=") + "\r\n")
                == "334 \(base64("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="))\r\n")
        #expect(server.session.identity == nil)
        #expect(server.send("\r\n").replyCodes == [235])
        #expect(server.session.identity == "tim")
    }

    // S162
    @Test(arguments: [
        ("p=tls-unique,,n=user,r=abc", "", 535), ("n,,n=user", "", 501), ("n,n=user,r=abc", "", 501),
        ("x,,n=user,r=abc", "", 501), ("n,,n=us=er,r=abc", "", 501), ("n,,n=,r=abc", "", 501),
        ("n,,n=user,r=", "", 501),
        ("y,,n=user,r=abc", "c=eSws,r=abcserver,p=AAAA", 535), ("n,,n=user,r=abc", "c=eSws,r=abcserver,p=AAAA", 535),
        ("n,,n=user,r=abc", "c=biws,r=abcother,p=AAAA", 535), ("n,,n=user,r=abc", "c=biws,r=abcserver", 501),
        ("n,,n=user,r=abc", "c=biws,r=abcserver,p=???", 501), ("n,,n=user,r=abc", "", 501),
    ])
    func `SCRAM ends where a message is malformed or not true`(first: String, final: String, code: Int) throws {
        var server = try server(isSecure: false)
        var said = server.send("AUTH SCRAM-SHA-256 \(base64(first))\r\n")
        if said.hasPrefix("334 ") { said = server.send(base64(final) + "\r\n") }
        #expect(said.replyCodes == [code])
        #expect(server.send("NOOP\r\n").replyCodes == [250])
    }

    @Test func `names in SCRAM may have commas and equals signs`() throws {
        var server = try server(isSecure: false)
        _ = server.send("AUTH SCRAM-SHA-256 \(base64("n,a=b=3Dc,n=d=2Ce,r=abc"))\r\n")
        #expect(server.actions == [.makeSCRAMChallenge(user: "d,e")])
    }

    // S153 to S156, S158
    @Test(arguments: [
        ("AUTH PLAIN =", 501), ("AUTH FOO", 504), ("AUTH PLAIN !!!!", 501), ("AUTH PLAIN =AAA", 501),
        ("AUTH PLAIN AAA=BBB=", 501), ("AUTH PLAIN AAA", 501), ("AUTH PLAIN AB==", 501), ("AUTH CRAM-MD5 AAAA", 501),
        ("AUTH CRAM-MD5 AAAA", 501), ("AUTH PLAIN dGVzdA==", 501), ("AUTH", 501),
    ])
    func `what is no response ends the exchange, and the session goes on`(line: String, code: Int) throws {
        var server = try server()
        #expect(server.send(line + "\r\nNOOP\r\n").replyCodes == [code, 250])
    }

    // S155, S157
    @Test func `a client may give up, and a response has a length`() throws {
        var server = try server()
        #expect(server.send("AUTH PLAIN\r\n*\r\nNOOP\r\n").replyCodes == [334, 501, 250])
        _ = server.send("AUTH PLAIN\r\n")
        let long = String(repeating: "A", count: 12_288)
        #expect(server.send(long + "\r\nNOOP\r\n").hasPrefix("500 5.5.6 "))
    }

    // S159
    @Test func `AUTH is refused before EHLO, after HELO, in a transaction and where it is not offered`() throws {
        var server = try server()
        #expect(server.send("MAIL FROM:<>\r\nAUTH PLAIN AHRlc3QAMTIzNA==\r\nRSET\r\n").replyCodes == [250, 503, 250])
        #expect(server.send("HELO x\r\nAUTH PLAIN AHRlc3QAMTIzNA==\r\n").replyCodes == [250, 503])
        var none = try ServerDriver(after: "EHLO x")
        #expect(none.send("AUTH PLAIN AHRlc3QAMTIzNA==\r\n").replyCodes == [502])
    }

    // S160
    @Test func `the third proof that is not true ends the session`() throws {
        var server = try server()
        let wrong = "AUTH PLAIN \(base64("\0test\0nope"))\r\n"
        #expect(server.send(wrong + wrong + wrong).replyCodes == [535, 535, 421])
        #expect(server.hasClosed)
    }

    @Test func `when nobody can tell, the client hears so`() throws {
        var server = try server()
        server.proofRefusal = SMTPReply(454, .init(4, 7, 0), "Try again later")
        for _ in 0..<5 { #expect(server.send("AUTH PLAIN \(base64("\0a\0b"))\r\n").replyCodes == [454]) }
    }

    // S164
    @Test func `where it is required nothing comes before it`() throws {
        var server = try server { $0.requiresAuthentication = true }
        #expect(server.send("MAIL FROM:<>\r\nETRN cust.example\r\nNOOP\r\n").replyCodes == [530, 530, 250])
        #expect(server.send("AUTH PLAIN AHRlc3QAMTIzNA==\r\nMAIL FROM:<>\r\n").replyCodes == [235, 250])
    }

    @Test func `what is pipelined waits until the proof has been looked at`() throws {
        var server = try server()
        server.answersAtOnce = false
        #expect(server.send("AUTH PLAIN AHRlc3QAMTIzNA==\r\nNOOP\r\n").isEmpty)
        #expect(server.answerWhatIsOwed().replyCodes == [235, 250])
    }

    @Test func `TLS makes a proof that came before it void`() throws {
        var server = try server(isSecure: false)
        server.proofs = [.cramMD5(user: "tim", challenge: server.challenge, digest: String(repeating: "0", count: 32))]
        _ = server.send("AUTH CRAM-MD5\r\n")
        #expect(server.send(base64("tim " + String(repeating: "0", count: 32)) + "\r\n").replyCodes == [235])
        _ = server.send("STARTTLS\r\n")
        server.session.tlsStarted(at: server.now)
        #expect(server.session.identity == nil)
    }
}
