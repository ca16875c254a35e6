public import Timebase

// RFC 3207: the driver does TLS, the session forgets what was said before it.
extension SMTPClientSession {
    /// TLS stands: EHLO is said anew, and only what is offered now counts (RFC 3207 §4.2).
    public mutating func tlsStarted(at now: Instant) {
        guard state != .closed else { return }
        precondition(state == .startingTLS, "TLS follows startTLS")
        isSecure = true
        offered = .none
        say(.ehlo(configuration.hostName), andWaitFor: .ehlo, at: now)
    }

    /// After EHLO or HELO: whether TLS comes first, or nothing at all comes without it.
    mutating func beginsTLS(at now: Instant, into outbox: inout Outbox<Action>) -> Bool {
        guard !isSecure, configuration.tls != .never else { return false }
        if offered.hasSTARTTLS {
            say(.startTLS, andWaitFor: .startTLS, at: now)
            return true
        }
        guard configuration.tls == .always else { return false }
        outbox.append(.failed(.tlsNotOffered))
        quit(at: now)
        return true
    }

    // Who offers TLS and then refuses it is asked again without it over a new connection, if at all.
    mutating func takeTLSReply(_ reply: SMTPReply, at now: Instant, into outbox: inout Outbox<Action>) {
        guard reply.code == 220 else {
            outbox.append(.failed(.tlsRefused(reply)))
            return quit(at: now)
        }
        wait(for: .startingTLS, at: now)
        outbox.append(.startTLS)
    }
}
