public import Timebase

// ATRN (RFC 2645), and TURN (RFC 821 §3.8) for those who have proved who they are. This session does not become another
// one: it ends, and what the connection is from then on is a value of its own.
extension SMTPServerSession {
    // MARK: What happened

    /// There is mail for the client: it is told 250, and ``Action/reverse`` follows.
    ///
    /// ATRN is the last command of a group. What came behind it cannot be the greeting that the client owes as a
    /// server, since it could not know of the 250; whoever put it there, the connection is closed, and no mail goes
    /// over it.
    public mutating func reversalGranted(at now: Instant, into outbox: inout Outbox<Action>) {
        guard state != .closed else { return }
        precondition(state == .reversalAsked, "an answer follows askReversal")
        guard waiting.isEmpty else {
            say(.notLastCommand)
            return close(into: &outbox)
        }
        guard !peerHasClosed else { return close(into: &outbox) }
        say(.reversing)
        state = .reversed
        outbox.append(.reverse)
    }

    /// There is no mail for the client, or it may not have it: one of the replies of RFC 2645 §5.2.1. The session goes
    /// on, and the client may ask again.
    public mutating func reversalRefused(_ reply: SMTPReply, at now: Instant, into outbox: inout Outbox<Action>) {
        guard state != .closed else { return }
        precondition(state == .reversalAsked, "an answer follows askReversal")
        precondition(!reply.isCompletion, "a refusal is 4yz or 5yz")
        resume(with: reply, at: now, into: &outbox)
    }

    // MARK: After the reversal

    /// The session of one who was a client until ``SMTPClientSession/Action/reverse`` and is a server from now on: its
    /// greeting is the first thing that is said (RFC 2645 §5.3).
    ///
    /// Neither TLS nor AUTH comes a second time, and nobody turns back. TLS that stands goes on.
    /// - Parameters:
    ///   - session: what the host was until now; it is over.
    ///   - configuration: whom mail is taken for, and what else the server is told.
    ///   - now: the time.
    public init(reversing session: SMTPClientSession, configuration: SMTPServerConfiguration, at now: Instant) {
        precondition(session.state == .reversed, "a session is reversed once both ends agree")
        var configuration = configuration
        configuration.service = .mail
        configuration.offersETRN = false
        configuration.offersATRN = false
        configuration.takesTURN = false
        configuration.offersSTARTTLS = false
        configuration.mechanisms = []
        // The sample session of RFC 2645 §6 says `MAIL FROM: <...>`.
        configuration.allowsSpaceAfterColon = true
        self.init(configuration: configuration)
        connected(at: now)
        isSecure = session.isSecure
    }

    // MARK: How it works

    mutating func takeReversal(_ reversal: Reversal, into outbox: inout Outbox<Action>) {
        guard reversal == .turn ? configuration.takesTURN : configuration.offersATRN else {
            return refuse(.notImplemented, into: &outbox)
        }
        guard identity != nil else { return refuse(.authenticateFirst, into: &outbox) }
        guard state != .transaction else { return refuse(.insideTransaction, into: &outbox) }
        state = .reversalAsked
        outbox.append(.askReversal(reversal))
    }
}
