import SMTP
import Timebase

// One run: messages are handed out one at a time, and each comes to one of four ends.
extension DomainQueue {
    mutating func nextMessage(
        at now: Instant, reading store: any QueueStore, into outbox: inout Outbox<MailQueue.Action>
    ) -> HeldMessage? {
        guard state == .delivering, run != nil else { return nil }
        if let underway = run?.delivery { return underway.message }
        while let (place, entry) = offer(at: now) {
            if run?.order == nil { messages.cursor = place + 1 } else { run?.place = place + 1 }
            guard var message = read(entry.id, from: store, into: &outbox) else { continue }
            message.attempts &+= 1
            broughtOctets += message.size
            run?.delivery = Delivery(message: message, began: now)
            run?.ranOut = false
            return message
        }
        run?.ranOut = true
        return nil
    }

    mutating func contentSent(_ id: MessageID) {
        guard run?.delivery?.id == id else { return }
        run?.delivery?.contentWasSent = true
    }

    mutating func delivered(
        _ id: MessageID, to recipients: [ForwardPath]?, reply: DeliveryReply?, peerReports: Bool, at now: Instant,
        into outbox: inout Outbox<MailQueue.Action>
    ) {
        guard let delivery = run?.delivery, delivery.id == id else { return }
        let message = delivery.message
        pace.add(octets: message.size, in: now - delivery.began)
        // Something went through: the next failure is a first one.
        run?.failures = 0
        run?.firstFailure = nil
        let rest = message.envelope.forwardPaths.filter { recipients?.contains($0) == false }
        if !peerReports {
            let taken = message.envelope.forwardPaths.filter { !rest.contains($0) }
            run?.delivery?.recipients += taken.map { .relayed($0, reply, at: now) }
        }
        guard rest.isEmpty else {
            run?.delivery?.message.envelope.forwardPaths = rest
            return deferred(id, reply: nil, at: now, into: &outbox)
        }
        remove(id)
        run?.summary.delivered += 1
        run?.summary.octets += message.size
        if message.possiblyDelivered { run?.summary.possibleDuplicates += 1 }
        endDelivery(at: now, into: &outbox)
    }

    // Those who come next stand first: else those who were put off could keep them out for ever. What is known of the
    // others is told now, since it is written now: after a crash nobody would know it.
    mutating func partlyDelivered(
        _ id: MessageID, to recipients: [ForwardPath], reply: DeliveryReply, peerReports: Bool, next: [ForwardPath],
        at now: Instant, into outbox: inout Outbox<MailQueue.Action>
    ) {
        guard let delivery = run?.delivery, delivery.id == id else { return }
        var message = delivery.message
        if !recipients.isEmpty {
            pace.add(octets: message.size, in: now - delivery.began)
            run?.failures = 0
            run?.firstFailure = nil
        }
        if !peerReports { run?.delivery?.recipients += recipients.map { .relayed($0, reply, at: now) } }
        let done = Set(recipients).union(next)
        message.envelope.forwardPaths = next + message.envelope.forwardPaths.filter { !done.contains($0) }
        reportRecipients(at: now, into: &outbox)
        save(message)
        run?.delivery?.began = now
        run?.delivery?.contentWasSent = false
    }

    mutating func divided(_ id: MessageID) {
        guard var message = run?.delivery?.message, message.id == id else { return }
        message.division &+= 1
        run?.delivery?.message = message
    }

    mutating func connectionFull(at now: Instant, into outbox: inout Outbox<MailQueue.Action>) {
        guard state == .delivering, let message = run?.delivery?.message else { return }
        broughtOctets -= message.size
        messages.cursor = 0
        run?.place = 0
        run?.ranOut = true
        endDelivery(at: now, into: &outbox)
    }

    mutating func putOff(_ id: MessageID, reply: DeliveryReply) {
        guard run?.delivery?.id == id else { return }
        run?.delivery?.objection = reply
        divided(id)
    }

    mutating func deferred(
        _ id: MessageID, reply: DeliveryReply?, at now: Instant, into outbox: inout Outbox<MailQueue.Action>
    ) {
        guard let delivery = run?.delivery, delivery.id == id else { return }
        var message = delivery.message
        message.notBefore = now + configuration.retry.pause(afterFailure: Int(message.attempts))
        message.lastAttempt = DeliveryAttempt(at: now, reply: reply ?? delivery.objection)
        save(message)
        let number = runNumber
        messages.update(id) { $0.triedInRun = number }
        run?.summary.deferred += 1
        endDelivery(at: now, into: &outbox)
    }

    // While others are left the transaction goes on: what is known of these is written and told at its end.
    mutating func refused(
        _ id: MessageID, recipients: [ForwardPath]?, reply: DeliveryReply, at now: Instant,
        into outbox: inout Outbox<MailQueue.Action>
    ) {
        guard var message = run?.delivery?.message, message.id == id else { return }
        let all = message.envelope.forwardPaths
        let rest = all.filter { recipients?.contains($0) == false }
        message.envelope.forwardPaths = all.filter { recipients?.contains($0) ?? true }
        guard !message.envelope.forwardPaths.isEmpty else { return }
        outbox.append(.bounced(message, reply))
        run?.delivery?.recipients += message.envelope.forwardPaths.map { .refused($0, reply, at: now) }
        if rest.isEmpty {
            remove(id)
            run?.summary.refused += 1
            endDelivery(at: now, into: &outbox)
        } else {
            run?.delivery?.message.envelope.forwardPaths = rest
        }
    }

    // MARK: The run itself

    /// The next message that this run may hand out, and its place in the order.
    func offer(at now: Instant) -> (place: Int, entry: QueueEntry)? {
        guard let run else { return nil }
        let mayGo = { (entry: QueueEntry) in
            entry.triedInRun != runNumber && expiry(of: entry) > now
                && (run.summary.wasAsked || entry.notBefore <= now) && obstacle(to: entry, at: now) == nil
        }
        guard let order = run.order else {
            return messages.first(from: messages.cursor, where: mayGo).map { ($0.slot, $0.entry) }
        }
        for place in run.place..<max(run.place, order.count) {
            if let entry = messages[order[place]], mayGo(entry) { return (place, entry) }
        }
        return nil
    }

    /// Whether every message of this run has come to an end over the open connection.
    func hasTriedAll(at now: Instant) -> Bool {
        state == .delivering && run?.delivery == nil && offer(at: now) == nil
    }

    mutating func begin(asked: Bool, at now: Instant) {
        runNumber &+= 1
        hasNewMail = false
        if link != .up { (callBegan, broughtOctets) = (now, 0) }
        run = Run(summary: FlushSummary(domain: domain, began: now, wasAsked: asked))
        connect(at: now)
    }

    /// Wants to connect: ``takeTurn(into:)`` follows, at once or when the link is free.
    mutating func connect(at now: Instant) {
        state = .awaitingTurn
        messages.cursor = 0
        setOrder(at: now)
        run?.ranOut = false
    }

    mutating func takeTurn(into outbox: inout Outbox<MailQueue.Action>) {
        state = .connecting
        run?.summary.connections += 1
        outbox.append(.connect(domain))
    }

    /// The connection is gone: whatever was not answered stays (RFC 1047: perhaps the peer has it all the same).
    mutating func settleDelivery(at now: Instant, into outbox: inout Outbox<MailQueue.Action>) {
        guard let delivery = run?.delivery else { return }
        var message = delivery.message
        message.notBefore = now + configuration.retry.pause(afterFailure: Int(message.attempts))
        message.lastAttempt = DeliveryAttempt(at: now, reply: nil)
        if delivery.contentWasSent { message.possiblyDelivered = true }
        save(message)
        if delivery.contentWasSent { run?.summary.unanswered += 1 }
        endDelivery(at: now, into: &outbox)
    }

    /// No connection, or no more: try again quickly, or end the run and leave the rest to the schedule.
    mutating func interrupted(
        _ outcome: FlushSummary.Outcome, at now: Instant, into outbox: inout Outbox<MailQueue.Action>
    ) {
        guard var current = run else { return }
        if current.summary.wasAsked, !current.isReversed, link != .down, !messages.isEmpty {
            current.failures += 1
            let first = current.firstFailure ?? now
            current.firstFailure = first
            run = current
            let next = now + configuration.quickRetry.pause(afterFailure: current.failures)
            if next - first <= configuration.quickRetry.total {
                state = .waiting(until: next)
                return
            }
        }
        giveUp(outcome, at: now, into: &outbox)
    }

    /// Ends the run and leaves the rest to the schedule.
    mutating func giveUp(
        _ outcome: FlushSummary.Outcome, at now: Instant, into outbox: inout Outbox<MailQueue.Action>
    ) {
        failures += 1
        heldBackUntil = now + configuration.retry.pause(afterFailure: failures)
        finish(outcome, at: now, into: &outbox)
    }

    mutating func finish(
        _ outcome: FlushSummary.Outcome, at now: Instant, into outbox: inout Outbox<MailQueue.Action>
    ) {
        guard var summary = run?.summary else { return }
        run = nil
        summary.ended = now
        summary.outcome = outcome
        summary.left = messages.count
        summary.heldBack = heldBackCount(at: now)
        if outcome == .completed, summary.wasAsked { lastFlush = summary.began }
        rest(at: now)
        outbox.append(.flushFinished(summary))
    }

    /// Idle when nothing is to be done unasked; otherwise waiting until the first message may be tried.
    mutating func rest(at now: Instant) {
        state = .idle
        guard isTriedUnasked, let due = nextAttempt(at: now) else { return }
        state = .waiting(until: due)
    }
}
