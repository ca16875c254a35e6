import Events
import MailQueue
import SMTP
import Timebase

/// ATRN and TURN: the client of a connection becomes the server of it (RFC 2645).
extension MailHost {
    /// Who asks has proved its name; its domains are those of its account.
    mutating func answerReversal(_ reversal: Reversal, session id: SessionID) {
        let domains = sessions[id.slot]?.server?.identity.flatMap { configuration.accounts[$0] } ?? []
        let isSecure = sessions[id.slot]?.server?.isSecure ?? false
        guard isSecure || !domains.contains(where: { configuration.tls(for: $0) == .always }) else {
            let refusal = SMTPReply(
                530, .init(5, 7, 0), "The mail of your domains goes by TLS only: say STARTTLS first")
            sessions[id.slot]?.server?.reversalRefused(refusal, at: now, into: &serverActions)
            return
        }
        let answer = queue.answer(reversal, permitted: .domains(domains), at: now)
        if let refusal = answer.refusal {
            sessions[id.slot]?.server?.reversalRefused(refusal, at: now, into: &serverActions)
        } else if case .granted(let domains, _) = answer.verdict {
            sessions[id.slot]?.grantedDomains = domains
            sessions[id.slot]?.server?.reversalGranted(at: now, into: &serverActions)
        }
    }

    /// The flush begins over the connection that the client has made.
    mutating func becomeClient(_ id: SessionID) {
        guard let session = sessions[id.slot]?.server, let domains = sessions[id.slot]?.grantedDomains,
            let first = domains.first
        else { return }
        sessions[id.slot]?.server = nil
        sessions[id.slot]?.client = SMTPClientSession(
            reversing: session, configuration: configuration.delivery(), at: now)
        var delivery = Delivery(domain: first)
        delivery.domains = domains
        delivery.isReversed = true
        sessions[id.slot]?.delivery = delivery
        queue.beginReversedFlush(of: domains, at: now)
        for domain in domains {
            deliveries[domain] = id
            say(.flushReversed(domain: domain.spelling), of: domain)
        }
        performQueueActions()
    }
}
