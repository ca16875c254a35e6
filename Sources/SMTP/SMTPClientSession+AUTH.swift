public import Timebase

// RFC 4954, as the client speaks it. Digests and nonces are the driver's.
extension SMTPClientSession {
    /// The answer to ``Action/wantsAnswer(_:)``.
    public mutating func answer(_ answer: SASLAnswer, at now: Instant, into outbox: inout Outbox<Action>) {
        guard state != .closed else { return }
        precondition(state == .authenticating, "an answer follows wantsAnswer")
        guard let user = configuration.credentials?.user else { return }
        switch (exchange, answer) {
        case (.scramBegins, .nonce(let nonce)):
            let bare = "n=\(user.replacingSpecials),r=\(nonce)"
            exchange = .scramFirst(bare: bare, nonce: nonce)
            output.append(.auth(SASLMechanism.scramSHA256.rawValue, initialResponse: Base64.encoded("n,,\(bare)".utf8)))
            wait(for: .authenticating, at: now)
        case (.cramMD5, .digest(let digest)):
            exchange = .done
            respond("\(user) \(digest)".utf8, at: now)
        case (.scramProves(let withoutProof), .proof(let proof, let signature)):
            exchange = .scramFinal(serverSignature: signature)
            respond("\(withoutProof),p=\(Base64.encoded(proof))".utf8, at: now)
        default: preconditionFailure("the answer is to another question")
        }
    }

    /// After EHLO: whether AUTH comes first, or nothing at all comes without it.
    mutating func beginsAUTH(at now: Instant, into outbox: inout Outbox<Action>) -> Bool {
        guard !isAuthenticated, let credentials = configuration.credentials else { return false }
        // Best first: what proves both sides, what does not send the password, what sends it.
        let usable: [SASLMechanism] = credentials.mechanism.map { [$0] } ?? [.scramSHA256, .cramMD5, .plain, .login]
        let mechanism = usable.first {
            offered.mechanisms.contains($0) && (!$0.sendsPassword || isSecure || credentials.goesInClear)
        }
        guard let mechanism else {
            outbox.append(.failed(.authenticationNotOffered))
            quit(at: now)
            return true
        }
        begin(mechanism, credentials, at: now, into: &outbox)
        return true
    }

    private mutating func begin(
        _ mechanism: SASLMechanism, _ credentials: SASLCredentials, at now: Instant, into outbox: inout Outbox<Action>
    ) {
        var response: String?
        switch mechanism {
        case .plain:
            exchange = .done
            response = Base64.encoded([0] + Array(credentials.user.utf8) + [0] + credentials.password)
        case .login: exchange = .loginUser
        case .cramMD5: exchange = .cramMD5
        case .scramSHA256:
            exchange = .scramBegins
            wait(for: .authenticating, at: now)
            return outbox.append(.wantsAnswer(.nonce))
        }
        say(.auth(mechanism.rawValue, initialResponse: response), andWaitFor: .authenticating, at: now)
    }

    mutating func takeAUTHReply(_ reply: SMTPReply, at now: Instant, into outbox: inout Outbox<Action>) {
        switch reply.code {
        case 235:
            // Who has not shown the signature has proved nothing.
            guard case .done = exchange else { return giveUpAUTH(at: now, into: &outbox) }
            exchange = nil
            isAuthenticated = true
            outbox.append(.authenticated)
            pursuePurpose(at: now, into: &outbox)
        case 334:
            // What is no base64 is cancelled, and answered with 501 (RFC 4954 §4).
            guard let challenge = Base64.decoded(Array((reply.lines.first ?? "").utf8)[...]) else {
                exchange = nil
                output.append(Array("*\r\n".utf8))
                return wait(for: .authenticating, at: now)
            }
            takeChallenge(challenge, at: now, into: &outbox)
        default:
            outbox.append(.failed(.authenticationRefused(reply)))
            quit(at: now)
        }
    }

    private mutating func takeChallenge(
        _ challenge: [UInt8], at now: Instant, into outbox: inout Outbox<Action>
    ) {
        guard let credentials = configuration.credentials else { return }
        switch exchange {
        case .loginUser:
            exchange = .loginPassword
            respond(credentials.user.utf8, at: now)
        case .loginPassword:
            exchange = .done
            respond(credentials.password, at: now)
        case .cramMD5: outbox.append(.wantsAnswer(.digest(challenge: challenge)))
        case .scramFirst(let bare, let nonce):
            takeSCRAMChallenge(challenge, bare, nonce, at: now, into: &outbox)
        case .scramFinal(let signature):
            guard challenge.equalsInConstantTime(Array("v=\(Base64.encoded(signature))".utf8)) else {
                return giveUpAUTH(at: now, into: &outbox)
            }
            exchange = .done
            respond([], at: now)
        default: giveUpAUTH(at: now, into: &outbox)
        }
    }

    private mutating func takeSCRAMChallenge(
        _ challenge: [UInt8], _ bare: String, _ nonce: String, at now: Instant, into outbox: inout Outbox<Action>
    ) {
        let first = String(decoding: challenge, as: UTF8.self)
        let attributes = first.split(separator: ",", omittingEmptySubsequences: false)
        // The nonce goes on where the client's ended, and adds something (RFC 5802 §5.1).
        guard attributes.count >= 3, attributes[0].hasPrefix("r=\(nonce)"),
            attributes[0].utf8.count > nonce.utf8.count + 2,
            attributes[1].hasPrefix("s="), let salt = Base64.decoded(Array(attributes[1].dropFirst(2).utf8)[...]),
            attributes[2].hasPrefix("i="), let iterations = Int(attributes[2].dropFirst(2)),
            (4_096...10_000_000).contains(iterations)
        else { return giveUpAUTH(at: now, into: &outbox) }
        let withoutProof = "c=biws,\(attributes[0])"
        exchange = .scramProves(withoutProof: withoutProof)
        let message = Array("\(bare),\(first),\(withoutProof)".utf8)
        outbox.append(.wantsAnswer(.proof(salt: salt, iterations: iterations, authMessage: message)))
    }

    private mutating func respond(_ octets: some Sequence<UInt8>, at now: Instant) {
        output.append(Array("\(Base64.encoded(octets))\r\n".utf8))
        wait(for: .authenticating, at: now)
    }

    private mutating func giveUpAUTH(at now: Instant, into outbox: inout Outbox<Action>) {
        fail(.serverNotAuthentic, at: now, into: &outbox)
    }
}

extension String {
    /// A name in SCRAM, in which a comma would end it (RFC 5802 §5.1).
    fileprivate var replacingSpecials: String { replacing("=", with: "=3D").replacing(",", with: "=2C") }
}

extension [UInt8] {
    /// Whether both are the same; how long it takes does not tell where they differ.
    fileprivate func equalsInConstantTime(_ other: [UInt8]) -> Bool {
        guard count == other.count else { return false }
        return zip(self, other).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
