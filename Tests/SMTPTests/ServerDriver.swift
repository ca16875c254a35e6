import SMTP
import Timebase

/// A server session with a driver that answers at once, and what came of it.
struct ServerDriver {
    var session: SMTPServerSession
    var now = Instant.beginning
    /// What was said and not yet looked at.
    var output: [UInt8] = []
    var actions: [SMTPServerSession.Action] = []
    /// The messages handed over, with their envelopes.
    var messages: [(envelope: Envelope, content: [UInt8])] = []
    /// The answer to ETRN.
    var queueReply = SMTPReply(253, .init(2, 5, 0), "3 messages pending")
    var queueSituation = ETRNSituation.waiting
    /// The answer to a message; nil stores it.
    var storeRefusal: SMTPReply?
    /// The answer to ATRN and TURN; nil grants them.
    var reversalRefusal: SMTPReply?
    /// The transfers that it has kept.
    var checkpoints: [TransactionID: Checkpoint] = [:]
    /// The domains with a null MX.
    var nullMXDomains: Set<Domain> = []
    /// What it makes for AUTH, and the proofs that are true; another reply than 535 to those that are not.
    var challenge = "<1896.697170952@postoffice.reston.mci.net>"
    var scramChallenge = SCRAMChallenge(nonce: "server", salt: [1, 2, 3], iterations: 4_096)
    var serverSignature: [UInt8] = []
    var proofs: Set<SASLProof> = []
    var proofRefusal: SMTPReply?
    /// While true ``send(_:inPiecesOf:)`` leaves what is said in the session.
    var keepsOutput = false
    /// While false the driver owes its answers.
    var answersAtOnce = true
    private var content: [UInt8] = []
    private var outbox = Outbox<SMTPServerSession.Action>()
    private var owed: [SMTPServerSession.Action] = []

    /// The server of the conformance cases: takes mail for alice, bob and joe smith of isp.example, relays for
    /// cust.example.
    static func configuration(_ personality: ServerPersonality = .generic) throws -> SMTPServerConfiguration {
        var configuration = SMTPServerConfiguration(
            hostName: try Domain(parsing: "mx.isp.example"), personality: personality)
        configuration.recipients = RecipientPolicy(
            localDomains: [try Domain(parsing: "isp.example")], relayDomains: [try Domain(parsing: "cust.example")],
            mailboxes: try ["alice@isp.example", "Bob@isp.example", "\"joe smith\"@isp.example"].map {
                try Mailbox(parsing: $0)
            })
        configuration.limits.messageSize = 1_000_000
        configuration.limits.recipients = 100
        return configuration
    }

    init(_ change: (inout SMTPServerConfiguration) -> Void = { _ in }) throws {
        try self.init(speakingLike: .generic, change)
    }

    /// A server with somebody's manner of speaking.
    init(
        speakingLike personality: ServerPersonality, _ change: (inout SMTPServerConfiguration) -> Void = { _ in }
    ) throws {
        var configuration = try ServerDriver.configuration(personality)
        change(&configuration)
        session = SMTPServerSession(configuration: configuration)
    }

    /// The server that a client has become.
    init(
        reversing client: SMTPClientSession, _ change: (inout SMTPServerConfiguration) -> Void = { _ in }
    ) throws {
        try self.init(change)
        session = SMTPServerSession(reversing: client, configuration: session.configuration, at: now)
    }

    /// A session that was greeted and has gone through some lines, whose replies are left aside.
    init(after lines: String..., change: (inout SMTPServerConfiguration) -> Void = { _ in }) throws {
        try self.init(change)
        session.connected(at: now)
        for line in lines { _ = send(line + "\r\n") }
        _ = takeOutput()
    }

    /// Sends octets in pieces and returns what the server says to them.
    mutating func send(_ octets: [UInt8], inPiecesOf size: Int = .max) -> String {
        var start = 0
        while start < octets.count {
            let end = size < octets.count - start ? start + size : octets.count
            let part = Array(octets[start..<end])
            session.receive(part.span.bytes, at: now, into: &outbox)
            drain()
            start = end
        }
        return keepsOutput ? "" : takeOutput()
    }

    mutating func send(_ text: String, inPiecesOf size: Int = .max) -> String {
        send(Array(text.utf8), inPiecesOf: size)
    }

    mutating func waits(_ interval: Interval) -> String {
        now += interval
        session.deadlineReached(at: now, into: &outbox)
        drain()
        return takeOutput()
    }

    mutating func hangUp() -> String {
        session.peerClosed(at: now, into: &outbox)
        drain()
        return takeOutput()
    }

    mutating func shutDown() -> String {
        session.shutDown(at: now, into: &outbox)
        drain()
        return takeOutput()
    }

    mutating func answerWhatIsOwed() -> String {
        answersAtOnce = true
        let actions = owed
        owed = []
        for action in actions { answer(action) }
        drain()
        return takeOutput()
    }

    mutating func takeOutput() -> String {
        session.takeOutput(upTo: .max, into: &output)
        defer { output = [] }
        return String(decoding: output, as: UTF8.self)
    }

    private mutating func drain() {
        while let action = outbox.next() {
            actions.append(action)
            if case .store(let envelope) = action {
                session.exchangeContent(for: &content)
                messages.append((envelope, content))
                content = []
            }
            if answersAtOnce { answer(action) } else { owed.append(action) }
        }
    }

    private mutating func answer(_ action: SMTPServerSession.Action) {
        switch action {
        case .startQueue:
            let answer = ETRNAnswer(queueSituation, messages: 3, reply: queueReply)
            session.etrnAnswered(answer, at: now, into: &outbox)
        case .askReversal:
            if let reversalRefusal {
                session.reversalRefused(reversalRefusal, at: now, into: &outbox)
            } else {
                session.reversalGranted(at: now, into: &outbox)
            }
        case .store:
            if let storeRefusal {
                session.messageRefused(storeRefusal, at: now, into: &outbox)
            } else {
                session.messageStored(id: "1", at: now, into: &outbox)
            }
        case .findCheckpoint(let id): session.checkpointFound(checkpoints[id], at: now, into: &outbox)
        case .lookUp(let domain):
            session.domainLookedUp(takesMail: !nullMXDomains.contains(domain), at: now, into: &outbox)
        case .makeChallenge: session.challengeMade(challenge, at: now, into: &outbox)
        case .makeSCRAMChallenge: session.scramChallengeMade(scramChallenge, at: now, into: &outbox)
        case .verify(let proof):
            if proofs.contains(proof) {
                session.authenticated(as: "tim", serverSignature: serverSignature, at: now, into: &outbox)
            } else {
                session.authenticationRefused(proofRefusal, at: now, into: &outbox)
            }
        case .reverse, .startTLS, .beginContent, .discardContent, .keepContent, .forgetCheckpoint, .close: break
        }
    }

    /// The contents of all messages handed over.
    var stored: [String] { messages.map { String(decoding: $0.content, as: UTF8.self) } }

    /// The envelopes of all messages handed over.
    var envelopes: [Envelope] { messages.map(\.envelope) }

    var hasClosed: Bool { actions.last == .close }
}

extension String {
    /// The codes of the last lines of all replies in this text.
    var replyCodes: [Int] {
        split(separator: "\r\n").filter { $0.utf8.dropFirst(3).first != UInt8(ascii: "-") }.compactMap {
            Int($0.prefix(3))
        }
    }
}
