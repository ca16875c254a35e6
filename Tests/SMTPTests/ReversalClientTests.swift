import SMTP
import TestSupport
import Testing
import Timebase

/// ATRN (RFC 2645) and TURN (RFC 821 §3.8) as the client speaks them.
struct ReversalClientTests {
    private static let reversal = Reversal.atrn([])
    private static let digest = "b913a602c7eda7a495b4e6e7334d3890"

    /// Greeted and authenticated, if it is to be.
    private func asked(
        _ reversal: Reversal = reversal, keywords: String = "AUTH CRAM-MD5\r\n250 ATRN", mechanism: SASLMechanism? = nil
    ) throws -> (client: ClientDriver, said: String) {
        var credentials = SASLCredentials(user: "tim", password: Array("tanstaaftanstaaf".utf8))
        credentials.mechanism = mechanism
        var client = try ClientDriver(
            .reversal(reversal), credentials: credentials, answers: [.digest(Self.digest)])
        _ = client.hears("220 odmr.isp.example ready")
        var said = client.hears("250-odmr.isp.example", "250-\(keywords)")
        if said == "AUTH CRAM-MD5\r\n" {
            _ = client.hears("334 PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2UucmVzdG9uLm1jaS5uZXQ+")
            said = client.hears("235 2.7.0 ok")
        }
        return (client, said)
    }

    // C063: ODM-5
    @Test func `after AUTH the client asks for all its domains, or for some`() throws {
        #expect(try asked().said == "ATRN\r\n")
        let some = try Reversal(atrn: Array("a.example,b.a.example".utf8)[...])
        #expect(try asked(some).said == "ATRN a.example,b.a.example\r\n")
        #expect(try asked(.turn).said == "TURN\r\n")
    }

    @Test func `ATRN is sent only where it is offered, TURN also where it is not`() throws {
        let (client, said) = try asked(keywords: "AUTH CRAM-MD5\r\n250 TURN")
        #expect(said == "QUIT\r\n" && client.outcomes.last == .failed(.atrnNotOffered))
        #expect(try asked(.turn, keywords: "HELP\r\n250 AUTH CRAM-MD5").said == "TURN\r\n")
    }

    // C063: ODM-12
    @Test func `after 250 the client is the server, and greets`() throws {
        var (client, _) = try asked()
        #expect(client.hears("250 2.0.0 OK, now reversing the connection").isEmpty)
        let answer = SMTPReply(250, .init(2, 0, 0), "OK, now reversing the connection")
        #expect(client.actions.suffix(2) == [.reversalAnswered(answer), .reverse])
        var server = try ServerDriver(reversing: client.session)
        #expect(server.takeOutput() == "220 mx.isp.example ESMTP\r\n")
        #expect(server.send("EHLO odmr.isp.example\r\nQUIT\r\n").replyCodes == [250, 221])
        #expect(server.hasClosed)
    }

    // C064, C065: ODM-16
    @Test(arguments: [453, 450, 451, 502, 530, 550]) func `any other answer is told, and QUIT said`(code: Int) throws {
        var (client, _) = try asked()
        #expect(client.hears("\(code) no") == "QUIT\r\n")
        #expect(client.hears("221 bye").isEmpty)
        #expect(client.outcomes.suffix(2) == [.reversalAnswered(SMTPReply(code, nil, "no")), .close])
    }

    // C066: ODM-11, TMO-9
    @Test func `the reply may take ten minutes`() throws {
        var (client, _) = try asked()
        #expect(client.waits(.seconds(599)).isEmpty)
        #expect(client.waits(.seconds(1)) == [.failed(.timedOut(.reversal)), .close])
    }

    // C067: ODM-22
    @Test(arguments: [1, 9, .max]) func `a server that speaks before it is greeted is left`(size: Int) throws {
        var (client, _) = try asked()
        #expect(client.hears("250 ok", "EHLO odmr.isp.example", inPiecesOf: size).isEmpty)
        #expect(client.actions.suffix(3) == [.reverse, .failed(.octetsBehindReversal), .close])
    }

    // C069: AUT-6
    @Test func `no password goes in the clear for it, and no other mechanism than the one wanted`() throws {
        let (client, said) = try asked(keywords: "AUTH PLAIN\r\n250 ATRN")
        #expect(said == "QUIT\r\n" && client.outcomes.last == .failed(.authenticationNotOffered))
        let other = try asked(keywords: "AUTH SCRAM-SHA-256\r\n250 ATRN", mechanism: .cramMD5)
        #expect(other.said == "QUIT\r\n" && other.client.outcomes.last == .failed(.authenticationNotOffered))
    }

    // MARK: The former client is a server

    private func reversed(_ change: (inout SMTPServerConfiguration) -> Void = { _ in }) throws -> ServerDriver {
        var (client, _) = try asked()
        _ = client.hears("250 ok")
        var server = try ServerDriver(reversing: client.session, change)
        _ = server.takeOutput()
        return server
    }

    // C068: ODM-23
    @Test func `the former client takes mail for itself alone`() throws {
        var server = try reversed()
        let codes = server.send(
            "EHLO x.example\r\nMAIL FROM:<>\r\nRCPT TO:<a@foreign.example>\r\nRCPT TO:<alice@isp.example>\r\n"
        ).replyCodes
        #expect(codes == [250, 250, 550, 250])
    }

    // ODM-12
    @Test(arguments: ["ATRN", "TURN", "ETRN cust.example", "AUTH CRAM-MD5", "STARTTLS"])
    func `nobody turns back`(line: String) throws {
        var server = try reversed {
            $0.service = .onDemandRelay
            $0.offersATRN = true
            $0.takesTURN = true
            $0.offersSTARTTLS = true
            $0.mechanisms = SASLMechanism.allCases
            $0.takesPasswordsInClear = true
        }
        let list = server.send("EHLO odmr.isp.example\r\n")
        #expect(list.contains("250-PIPELINING\r\n") && !list.contains(line.prefix { $0 != " " }))
        #expect(server.send(line + "\r\n").replyCodes == [502])
    }

    // ODM-24
    @Test func `the space of RFC 2645's own example is tolerated`() throws {
        var server = try reversed()
        let lines = "EHLO x.example\r\nMAIL FROM: <>\r\nRCPT TO:  <alice@isp.example>\r\nDATA\r\n"
        #expect(server.send(lines).replyCodes == [250, 250, 250, 354])
        var other = try ServerDriver(after: "EHLO x.example")
        #expect(other.send("MAIL FROM: <>\r\n").replyCodes == [501])
    }

    // MARK: Both

    // ODM-12, ODM-14, S211: octets go both ways in pieces of any size, over one connection.
    @Test func `mail goes over the connection that asked for it`() throws {
        var mutations = Mutations(of: "reversal")
        for _ in 0..<100 {
            let (customer, provider) = try converse(&mutations)
            #expect(customer.stored == ["one\r\n", "..two\r\n"] && customer.hasClosed)
            #expect(provider.actions.last == .close)
            let verdicts = provider.outcomes.map { action in
                switch action {
                case .recipientRefused: "recipient"
                case .messageAccepted: "accepted"
                case .messageRefused: "refused"
                default: "closed"
                }
            }
            #expect(verdicts == ["recipient", "accepted", "accepted", "recipient", "refused", "closed"])
        }
    }

    private func converse(
        _ mutations: inout Mutations
    ) throws -> (customer: ServerDriver, provider: ClientDriver) {
        var server = try ServerDriver {
            $0.service = .onDemandRelay
            $0.offersATRN = true
            $0.mechanisms = [.cramMD5]
        }
        server.proofs = [.cramMD5(user: "tim", challenge: server.challenge, digest: Self.digest)]
        server.session.connected(at: server.now)
        server.keepsOutput = true
        var client = try ClientDriver(
            .reversal(Self.reversal), credentials: SASLCredentials(user: "tim", password: []),
            answers: [.digest(Self.digest)])
        while client.actions.last != .reverse {
            var octets: [UInt8] = []
            if server.session.state == .reversed { break }
            server.session.takeOutput(upTo: 1 + mutations.number(below: 30), into: &octets)
            client.take(octets)
            var answer: [UInt8] = []
            client.session.takeOutput(upTo: 1 + mutations.number(below: 30), into: &answer, at: client.now)
            _ = server.send(answer)
        }
        let recipients = ["alice@isp.example", "nobody@isp.example"].map { "<\($0)>" }
        let messages = try [("one\r\n", recipients), ("..two\r\n", [recipients[0]]), ("three\r\n", [recipients[1]])]
            .map { content, recipients in
                OutgoingMessage(
                    envelope: Envelope(
                        reversePath: .null, forwardPaths: try recipients.map { try ForwardPath(parsing: $0) }),
                    content: Array(content.utf8))
            }
        var provider = try ClientDriver(reversing: server.session, messages: messages)
        var customer: ServerDriver?
        while customer?.hasClosed != true || provider.actions.last != .close {
            var said: [UInt8] = []
            provider.session.takeOutput(upTo: 1 + mutations.number(below: 30), into: &said, at: provider.now)
            if customer == nil {
                client.take(said)
                guard client.actions.last == .reverse else { continue }
                customer = try ServerDriver(reversing: client.session)
                customer?.keepsOutput = true
            } else {
                _ = customer?.send(said)
            }
            var answer: [UInt8] = []
            customer?.session.takeOutput(upTo: 1 + mutations.number(below: 30), into: &answer)
            provider.take(answer)
        }
        return (try #require(customer), provider)
    }
}
