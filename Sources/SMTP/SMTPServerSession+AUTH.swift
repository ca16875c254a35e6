public import Timebase

// RFC 4954. Whether a proof is true is for the driver, who has the users and the digests.
extension SMTPServerSession {
    // MARK: What happened

    /// The challenge of CRAM-MD5 is made.
    public mutating func challengeMade(_ challenge: String, at now: Instant, into outbox: inout Outbox<Action>) {
        guard answersAuthentication() else { return }
        exchange = .cramMD5(challenge: challenge)
        ask(challenge, at: now, into: &outbox)
    }

    /// The challenge of SCRAM is made.
    public mutating func scramChallengeMade(
        _ challenge: SCRAMChallenge, at now: Instant, into outbox: inout Outbox<Action>
    ) {
        guard answersAuthentication(), case .scramFinal(var scram) = exchange else { return }
        let text = scram.challenge(challenge)
        exchange = .scramFinal(scram)
        ask(text, at: now, into: &outbox)
    }

    /// The proof is true.
    /// - Parameters:
    ///   - identity: who the client is.
    ///   - signature: with SCRAM, what shows the client that the server knows its keys, too (RFC 5802 §3).
    ///   - now: the time.
    ///   - outbox: where actions go.
    public mutating func authenticated(
        as identity: String, serverSignature signature: [UInt8] = [], at now: Instant, into outbox: inout Outbox<Action>
    ) {
        guard answersAuthentication() else { return }
        if case .scramFinal = exchange {
            exchange = .scramEnd(identity: identity)
            return ask("v=" + Base64.encoded(signature), at: now, into: &outbox)
        }
        endExchange(.authenticated)
        self.identity = identity
        goOn(at: now, into: &outbox)
    }

    /// The proof is not true, or nobody can tell now.
    /// - Parameters:
    ///   - reply: 454 when nobody can tell; nil for a proof that is not true.
    ///   - now: the time.
    ///   - outbox: where actions go.
    public mutating func authenticationRefused(
        _ reply: SMTPReply? = nil, at now: Instant, into outbox: inout Outbox<Action>
    ) {
        guard answersAuthentication() else { return }
        if let reply { endExchange(reply) } else { proofFailed(into: &outbox) }
        goOn(at: now, into: &outbox)
    }

    // An answer that comes after the session's end is told to nobody.
    private func answersAuthentication() -> Bool {
        guard state != .closed else { return false }
        precondition(state == .authenticationAsked, "an answer follows a question about AUTH")
        return true
    }

    // MARK: The exchange

    /// What is offered on this connection as it is now.
    var offeredMechanisms: [SASLMechanism] {
        configuration.mechanisms.filter {
            isSecure || configuration.takesPasswordsInClear || !$0.sendsPassword
        }
    }

    mutating func takeAUTH(_ name: String, _ initialResponse: String?, into outbox: inout Outbox<Action>) {
        guard !configuration.mechanisms.isEmpty else {
            return refuse(.notImplemented, into: &outbox)
        }
        guard state != .connected, transfer == .esmtp else { return refuse(.sayHello, into: &outbox) }
        guard state != .transaction else { return refuse(.insideTransaction, into: &outbox) }
        guard identity == nil else { return refuse(.alreadyAuthenticated, into: &outbox) }
        guard let mechanism = SASLMechanism(rawValue: name), offeredMechanisms.contains(mechanism) else {
            return refuse(.unknownMechanism, into: &outbox)
        }
        let begun = SASLExchange(mechanism)
        exchange = begun
        state = .authenticating
        if let initialResponse {
            guard begun.takesInitialResponse else { return endExchange(.noInitialResponse) }
            takeResponse(initialResponse == "=" ? [] : Array(initialResponse.utf8)[...], into: &outbox)
        } else if case .cramMD5 = begun {
            state = .authenticationAsked
            outbox.append(.makeChallenge)
        } else {
            challenge(begun.isClientFirst ? "" : "Username:")
        }
    }

    /// The client has answered a challenge; nil for a line that was too long.
    mutating func takeResponse(_ line: ArraySlice<UInt8>?, into outbox: inout Outbox<Action>) {
        guard let line else { return endExchange(.responseTooLong) }
        guard !line.elementsEqual("*".utf8) else { return endExchange(.cancelled) }
        guard let response = Base64.decoded(line) else { return endExchange(.badBase64) }
        switch exchange {
        case .plain: takePlain(response, into: &outbox)
        case .loginUser:
            guard let user = String(validating: response, as: UTF8.self), !user.isEmpty else {
                return endExchange(.badResponse)
            }
            exchange = .loginPassword(user: user)
            challenge("Password:")
        case .loginPassword(let user): verify(.password(user: user, password: response, actsFor: ""), into: &outbox)
        case .cramMD5(let challenge): takeDigest(response, of: challenge, into: &outbox)
        case .scramFirst, .scramFinal: takeSCRAM(response, into: &outbox)
        case .scramEnd(let identity):
            guard response.isEmpty else { return endExchange(.badResponse) }
            self.identity = identity
            endExchange(.authenticated)
        case nil: break
        }
    }

    // RFC 4616 §2: exactly two NULs, a name and a password, none longer than 255 octets.
    private mutating func takePlain(_ response: [UInt8], into outbox: inout Outbox<Action>) {
        let parts = response.split(separator: 0, omittingEmptySubsequences: false)
        guard parts.count == 3, parts.allSatisfy({ $0.count <= 255 }), !parts[1].isEmpty, !parts[2].isEmpty,
            let actsFor = String(validating: parts[0], as: UTF8.self),
            let user = String(validating: parts[1], as: UTF8.self)
        else { return endExchange(.badResponse) }
        verify(.password(user: user, password: Array(parts[2]), actsFor: actsFor), into: &outbox)
    }

    // RFC 2195 §2: a name, a space and sixteen octets in hexadecimal digits.
    private mutating func takeDigest(_ response: [UInt8], of challenge: String, into outbox: inout Outbox<Action>) {
        guard let space = response.lastIndex(of: .space), space > 0, response.count - space - 1 == 32,
            let user = String(validating: response[..<space], as: UTF8.self),
            response[(space + 1)...].allSatisfy({ $0.isDigit || (0x61...0x66).contains($0) })
        else { return endExchange(.badResponse) }
        verify(
            .cramMD5(user: user, challenge: challenge, digest: response[(space + 1)...].text), into: &outbox)
    }

    private mutating func takeSCRAM(_ response: [UInt8], into outbox: inout Outbox<Action>) {
        do throws(SCRAMExchange.Fault) {
            if case .scramFinal(let scram) = exchange {
                return verify(try scram.proof(clientFinal: response), into: &outbox)
            }
            let scram = try SCRAMExchange(clientFirst: response)
            exchange = .scramFinal(scram)
            state = .authenticationAsked
            outbox.append(.makeSCRAMChallenge(user: scram.user))
        } catch {
            if error == .malformed { endExchange(.badResponse) } else { proofFailed(into: &outbox) }
        }
    }

    private mutating func verify(_ proof: SASLProof, into outbox: inout Outbox<Action>) {
        state = .authenticationAsked
        outbox.append(.verify(proof))
    }

    private mutating func ask(_ text: String, at now: Instant, into outbox: inout Outbox<Action>) {
        challenge(text)
        goOn(at: now, into: &outbox)
    }

    private mutating func challenge(_ text: String) {
        state = .authenticating
        say(SMTPReply(334, nil, Base64.encoded(text.utf8)))
    }

    private mutating func endExchange(_ reply: SMTPReply) {
        exchange = nil
        state = .greeted
        say(reply)
    }

    private mutating func proofFailed(into outbox: inout Outbox<Action>) {
        authenticationFailures += 1
        guard authenticationFailures < configuration.limits.authenticationFailures else {
            say(.tooManyFailures)
            return close(into: &outbox)
        }
        endExchange(.wrongCredentials)
    }
}
