import MailQueue
import SMTP
public import Timebase

/// Mail released by Finger, for those whose provider has no ETRN for them.
extension MailHost {
    /// A client has connected to the port of Finger (RFC 1288 §2.1).
    /// - Parameters:
    ///   - peer: who it is.
    ///   - now: when.
    /// - Returns: what the session is called from now on.
    public mutating func fingerAccepted(_ peer: Peer, at now: Instant) -> SessionID {
        self.now = now
        var session = FingerSession(at: now)
        if let refusal = refusal(of: peer) { session.answer(refusal.lines.joined(separator: " ")) }
        let id = open(MailSession(peer: peer, finger: session))
        stir(id)
        return id
    }

    /// A client has asked after a domain, and may what it may by ETRN, as far as its address says who it is.
    mutating func fingerAsked(_ domain: Domain, session id: SessionID) {
        guard let peer = sessions[id.slot]?.peer else { return }
        let permission = configuration.permission(of: peer, provedAs: nil)
        let answer = queue.startFlush(.domain(domain), permitted: permission, at: now, into: &queueActions)
        sessions[id.slot]?.finger?.answer(answer.text)
        // The answer goes out before the SYN of the reverse connection that it promises.
        stir(id)
        performQueueActions()
    }
}
