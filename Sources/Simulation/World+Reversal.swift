import Events
import MailQueue
import SMTP
import Timebase
import Wire

/// ATRN and TURN: from the request to the reversal of roles, at both ends of one connection (RFC 2645).
extension World {
    // MARK: The client host asks

    /// Asks for its mail over a connection of its own, at the port where such requests are taken.
    mutating func askForReversal(_ reversal: Reversal, client: Int) {
        let port = reversal == .turn ? World.smtpPort : World.relayPort
        emit(.reversalConnecting(address: server.address.description, port: Int(port)), host: client + 1)
        let plan = clients[client].plan
        var configuration = SMTPClientConfiguration(hostName: plan.mailName)
        configuration.credentials = plan.account?.credentials
        connect(
            client, for: .reversing, SMTPClientSession(configuration: configuration, purpose: .reversal(reversal)),
            port: port)
    }

    /// What the session that asks reports.
    mutating func reversingDid(_ action: SMTPClientSession.Action, conversation index: Int) {
        guard let host = conversations[index]?.host, let reversal = clients[host - 1].plan.reversal else { return }
        let plan = clients[host - 1].plan
        switch action {
        case .extensions where plan.account == nil: emit(.sent(reversal), host: host)
        case .wantsAnswer(.digest(let challenge)):
            let digest = CRAMDigest.text(
                of: challenge, password: plan.account?.credentials.password ?? [], md5: digest)
            conversations[index]?.client?.answer(.digest(digest), at: now, into: &clientActions)
        case .authenticated:
            emit(
                .reversalAuthenticated(
                    user: plan.account?.credentials.user ?? "",
                    by: plan.account?.credentials.mechanism?.rawValue ?? ""),
                host: host)
            emit(.sent(reversal), host: host)
        case .reversalAnswered(let reply):
            emit(
                .reversalAnswered(
                    .init(reversal), code: reply.code, text: reply.lines.joined(separator: " ")),
                host: host)
            clients[host - 1].retrieval.reversalAnswered(code: reply.code)
        case .reverse: becomeServer(index, client: host - 1)
        case .failed(let failure): emit(.reversalFailed(reason: failure.description), host: host)
        case .close: conversations[index]?.isClosing = true
        case .greeted, .extensions: break
        case .wantsMessage, .messageStarted, .resumed, .recipientRefused, .messageAccepted, .messageRefused,
            .recipientsLeft, .sessionFull, .etrnReply, .lineAnswered, .startTLS, .wantsAnswer:
            preconditionFailure("nothing else is asked for, and a digest is all that is answered")
        }
    }

    /// The client host was the client of a connection and is its server from now on.
    private mutating func becomeServer(_ index: Int, client: Int) {
        guard let session = conversations[index]?.client else { return }
        conversations[index]?.client = nil
        conversations[index]?.server = SMTPServerSession(
            reversing: session, configuration: clients[client].smtpConfiguration, at: now)
        conversations[index]?.purpose = .serving
        clients[client].retrieval.reversed()
    }

    // MARK: The server host is asked

    /// Who asks has proved its name; its domains are those of its account.
    mutating func answerReversal(_ reversal: Reversal, conversation index: Int) {
        let account = conversations[index]?.server?.identity.flatMap { server.account(named: $0) }
        let answer = server.queue.answer(reversal, permitted: .domains(account?.domains ?? []), at: now)
        if let refusal = answer.refusal {
            conversations[index]?.server?.reversalRefused(refusal, at: now, into: &serverActions)
        } else if case .granted(let domains, _) = answer.verdict {
            conversations[index]?.grantedDomains = domains
            conversations[index]?.server?.reversalGranted(at: now, into: &serverActions)
        }
    }

    /// The server host was the server of a connection and is its client from now on: the flush begins.
    mutating func becomeClient(_ index: Int) {
        guard let session = conversations[index]?.server, let domains = conversations[index]?.grantedDomains,
            let first = domains.first
        else { return }
        conversations[index]?.server = nil
        conversations[index]?.client = SMTPClientSession(
            reversing: session, configuration: server.deliveryConfiguration, at: now)
        var delivery = Conversation.Delivery(domain: first)
        delivery.domains = domains
        delivery.isReversed = true
        conversations[index]?.purpose = .delivering(delivery)
        server.queue.beginReversedFlush(of: domains, at: now)
        for domain in domains {
            server.deliveries[domain] = index
            emit(.flushReversed(domain: domain.spelling), of: domain)
        }
        performQueueActions()
    }

    // MARK: AUTH

    /// Nobody can foresee the challenge, and none comes twice (RFC 2195 §2).
    mutating func makeChallenge(conversation index: Int) {
        let challenge = "<\(challengeLuck.next()).\(now.nanoseconds)@\(server.name)>"
        conversations[index]?.server?.challengeMade(challenge, at: now, into: &serverActions)
    }

    mutating func verify(_ proof: SASLProof, conversation index: Int) {
        if let user = userProved(by: proof) {
            conversations[index]?.server?.authenticated(as: user, at: now, into: &serverActions)
        } else {
            conversations[index]?.server?.authenticationRefused(at: now, into: &serverActions)
        }
    }

    private func userProved(by proof: SASLProof) -> String? {
        switch proof {
        case .password(let user, let password, let actsFor):
            guard let account = server.account(named: user), password == Array(account.password.utf8),
                actsFor.isEmpty || actsFor == user
            else { return nil }
            return user
        case .cramMD5(let user, let challenge, let text):
            guard let account = server.account(named: user),
                text == CRAMDigest.text(of: Array(challenge.utf8), password: Array(account.password.utf8), md5: digest)
            else { return nil }
            return user
        case .scramSHA256: preconditionFailure("it is not offered: there is no SHA-256 down here")
        }
    }
}

extension Happening {
    fileprivate static func sent(_ reversal: SMTP.Reversal) -> Happening {
        .reversalSent(.init(reversal), domains: reversal.domains.map(\.spelling).joined(separator: ","))
    }
}

extension Happening.Reversal {
    fileprivate init(_ reversal: SMTP.Reversal) { self = reversal == .turn ? .turn : .atrn }
}
