import Events
import MailQueue
public import SMTP
public import Timebase

/// The SMTP server: what its sessions want (RFC 5321 §4), and who its clients are (RFC 4954).
extension MailHost {
    mutating func performSessionActions(of id: SessionID) {
        while let action = serverActions.next() { perform(action, of: id) }
        while let action = clientActions.next() { deliveryDid(action, session: id) }
    }

    private mutating func perform(_ action: SMTPServerSession.Action, of id: SessionID) {
        switch action {
        case .startQueue(let argument): startFlush(argument, asked: id)
        case .store(let envelope): store(envelope, session: id)
        // Content is gathered in its session until it is whole.
        case .beginContent, .discardContent: break
        case .findCheckpoint, .keepContent, .forgetCheckpoint:
            preconditionFailure("a mail host does not offer CHECKPOINT yet")
        case .lookUp: preconditionFailure("a mail host does not look domains up yet")
        case .makeChallenge: actions.append(.makeChallenge(id))
        case .makeSCRAMChallenge(let user): actions.append(.makeSCRAMChallenge(id, user: user))
        case .verify(let proof): actions.append(.verify(id, proof))
        case .askReversal(let reversal): answerReversal(reversal, session: id)
        case .reverse: becomeClient(id)
        case .startTLS: actions.append(.startTLS(id))
        case .close: sessions[id.slot]?.isClosing = true
        }
    }

    /// A client has sent a message: the trace field goes on top (RFC 5321 §4.4), and the queue has it.
    private mutating func store(_ envelope: Envelope, session id: SessionID) {
        takenCount += 1
        let name = messageName(takenCount)
        var content =
            sessions[id.slot]?.server?.traceField(
                clientAddress: sessions[id.slot]?.peer.address ?? "", id: name, envelope: envelope,
                date: configuration.begins.date(at: now)) ?? []
        var received: [UInt8] = []
        sessions[id.slot]?.server?.exchangeContent(for: &received)
        content += received
        contentCount += sessions[id.slot]?.countContent() ?? 0
        take(
            Message(envelope: envelope, content: .octets(content)), number: takenCount, from: .session(id, name: name))
        performQueueActions()
    }

    func messageName(_ number: Int) -> String { "\(configuration.label)-\(number)" }

    /// A client sent ETRN.
    private mutating func startFlush(_ argument: ETRNArgument, asked id: SessionID) {
        guard let peer = sessions[id.slot]?.peer else { return }
        let permission = configuration.permission(of: peer, provedAs: sessions[id.slot]?.server?.identity)
        let answer = queue.startFlush(argument, permitted: permission, at: now, into: &queueActions)
        sessions[id.slot]?.server?.etrnAnswered(answer.etrnAnswer, at: now, into: &serverActions)
        // The reply goes out before the SYN of the reverse connection that it promises.
        stir(id)
        performQueueActions()
    }

    // MARK: AUTH: what the driver has found out

    /// A challenge was made for CRAM-MD5.
    public mutating func challengeMade(_ challenge: String, for id: SessionID, at now: Instant) {
        self.now = now
        guard let slot = slot(of: id) else { return }
        sessions[slot]?.server?.challengeMade(challenge, at: now, into: &serverActions)
        goOn(id)
    }

    /// A challenge was made for SCRAM.
    public mutating func scramChallengeMade(_ challenge: SCRAMChallenge, for id: SessionID, at now: Instant) {
        self.now = now
        guard let slot = slot(of: id) else { return }
        sessions[slot]?.server?.scramChallengeMade(challenge, at: now, into: &serverActions)
        goOn(id)
    }

    /// The client is who it says.
    /// - Parameters:
    ///   - id: its session.
    ///   - user: who.
    ///   - signature: the server's own proof, for SCRAM.
    ///   - now: when.
    public mutating func authenticated(
        _ id: SessionID, as user: String, serverSignature signature: [UInt8] = [], at now: Instant
    ) {
        self.now = now
        guard let slot = slot(of: id) else { return }
        sessions[slot]?.server?.authenticated(as: user, serverSignature: signature, at: now, into: &serverActions)
        goOn(id)
    }

    /// The client is not who it says.
    public mutating func authenticationRefused(_ id: SessionID, at now: Instant) {
        self.now = now
        guard let slot = slot(of: id) else { return }
        sessions[slot]?.server?.authenticationRefused(at: now, into: &serverActions)
        goOn(id)
    }
}
