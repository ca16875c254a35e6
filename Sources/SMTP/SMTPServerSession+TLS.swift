public import Timebase

// RFC 3207: the driver does TLS, the session forgets what was said before it.
extension SMTPServerSession {
    /// TLS stands: the session is as after its greeting, and the client says EHLO anew (RFC 3207 §4.2).
    public mutating func tlsStarted(at now: Instant) {
        guard state != .closed else { return }
        precondition(state == .startingTLS, "TLS follows startTLS")
        state = .connected
        isSecure = true
        clientName = nil
        identity = nil
        transfer = .smtp
        deadline = now + configuration.timeout
    }

    mutating func takeSTARTTLS(into outbox: inout Outbox<Action>) {
        guard configuration.offersSTARTTLS else { return refuse(.notImplemented, into: &outbox) }
        guard !isSecure else { return refuse(.alreadySecure, into: &outbox) }
        guard state != .connected else { return refuse(.sayHello, into: &outbox) }
        guard state != .transaction else { return refuse(.insideTransaction, into: &outbox) }
        guard configuration.tlsIsAvailable else { return say(.noTLS) }
        say(.readyForTLS)
        state = .startingTLS
        outbox.append(.startTLS)
    }
}
