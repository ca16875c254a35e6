public import Timebase

// ATRN (RFC 2645) and TURN (RFC 821 §3.8): the client becomes the server of the same connection, and the other way
// round.
extension SMTPClientSession {
    /// The session of one who was a server until ``SMTPServerSession/Action/reverse`` and is a client from now on: it
    /// waits for the greeting, then hands over messages until the driver has no more (RFC 2645 §5.3).
    ///
    /// What the former server still had to say, its 250, goes out first. A greeting that comes before that ends the
    /// session. Neither TLS nor AUTH comes a second time; TLS that stands goes on.
    /// - Parameters:
    ///   - session: what the host was until now; it is over.
    ///   - configuration: who the host is and how patient.
    ///   - now: the time.
    public init(reversing session: SMTPServerSession, configuration: SMTPClientConfiguration, at now: Instant) {
        precondition(session.state == .reversed, "a session is reversed once both ends agree")
        var configuration = configuration
        configuration.tls = .never
        configuration.credentials = nil
        self.init(configuration: configuration, purpose: .delivery)
        isSecure = session.isSecure
        output = session.output
        wait(for: .greeting, at: now)
    }

    mutating func ask(_ reversal: Reversal, at now: Instant, into outbox: inout Outbox<Action>) {
        // TURN is older than the list of extensions, so it need not be in it.
        guard offered.hasATRN || reversal == .turn else {
            outbox.append(.failed(.atrnNotOffered))
            return quit(at: now)
        }
        say(.reversal(reversal), andWaitFor: .reversal, at: now)
    }

    mutating func takeReversalReply(_ reply: SMTPReply, at now: Instant, into outbox: inout Outbox<Action>) {
        // Half a command is no command: nobody can have taken it.
        guard output.count == 0 else { return fail(.unexpectedReply(reply), at: now, into: &outbox) }
        outbox.append(.reversalAnswered(reply))
        guard reply.isCompletion else { return quit(at: now) }
        state = .reversed
        deadline = nil
        outbox.append(.reverse)
    }
}
