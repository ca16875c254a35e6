import SMTP
import Timebase

// What the queue has to tell of a message that it holds.
extension DeliveryReport.Recipient {
    /// It was refused for good.
    static func refused(_ path: ForwardPath, _ reply: DeliveryReply, at now: Instant) -> Self {
        Self(path, .failed, reply.status(ofClass: 5), reply: reply, lastAttempt: now)
    }

    /// A host has it that knows nothing of reports (RFC 3461 §5.2.2; the status, RFC 3886 §3.3.4).
    static func relayed(_ path: ForwardPath, _ reply: DeliveryReply?, at now: Instant) -> Self {
        Self(path, .relayed, EnhancedStatusCode(2, 1, 9), reply: reply, lastAttempt: now)
    }
}

extension HeldMessage {
    /// A report on what became of it, if one is due.
    func report(_ recipients: [DeliveryReport.Recipient], at now: Instant) -> DeliveryReport? {
        DeliveryReport(
            on: envelope, content, number: id.number, arrival: arrival, recipients: recipients, at: now)
    }

    /// The report that it has waited too long (RFC 3463 §3.5, X.4.7).
    func reportOfExpiry(at now: Instant) -> DeliveryReport? {
        report(
            envelope.forwardPaths.map {
                DeliveryReport.Recipient(
                    $0, .failed, EnhancedStatusCode(5, 4, 7), reply: lastAttempt?.reply, lastAttempt: lastAttempt?.at)
            }, at: now)
    }

    /// The report that it still waits: for the reason that was given last, or because its host was not there.
    func reportOfDelay(until expiry: Instant, at now: Instant) -> DeliveryReport? {
        let status = lastAttempt?.reply?.status(ofClass: 4) ?? EnhancedStatusCode(4, 4, 1)
        return report(
            envelope.forwardPaths.map {
                DeliveryReport.Recipient(
                    $0, .delayed, status, reply: lastAttempt?.reply, lastAttempt: lastAttempt?.at,
                    retriesUntil: expiry)
            }, at: now)
    }
}

extension DomainQueue {
    /// The message that was handed out has come to its end for now: what became of it is told in one report.
    mutating func endDelivery(at now: Instant, into outbox: inout Outbox<MailQueue.Action>) {
        reportRecipients(at: now, into: &outbox)
        run?.delivery = nil
    }

    /// Tells what has become of the message under way for those of its recipients of whom that is known.
    mutating func reportRecipients(at now: Instant, into outbox: inout Outbox<MailQueue.Action>) {
        guard let delivery = run?.delivery, !delivery.recipients.isEmpty else { return }
        run?.delivery?.recipients = []
        if let report = delivery.message.report(delivery.recipients, at: now) { outbox.append(.report(report)) }
    }
}
