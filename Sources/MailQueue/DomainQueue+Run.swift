import SMTP
import Timebase

// One run: messages are handed out one at a time, and each comes to one of four ends.
extension DomainQueue {
    mutating func nextMessage(at now: Instant) -> HeldMessage? {
        guard state == .delivering, run != nil else { return nil }
        if let underway = run?.delivery { return messages[underway.id] }
        guard let (place, message) = offer(at: now) else {
            run?.ranOut = true
            return nil
        }
        if run?.order == nil { messages.cursor = place + 1 } else { run?.place = place + 1 }
        broughtOctets += message.size
        messages.update(message.id) { $0.attempts &+= 1 }
        run?.delivery = Delivery(id: message.id, began: now)
        run?.ranOut = false
        return messages[message.id]
    }

    mutating func contentSent(_ id: MessageID) {
        guard run?.delivery?.id == id else { return }
        run?.delivery?.contentWasSent = true
    }

    mutating func delivered(
        _ id: MessageID, to recipients: [ForwardPath]?, reply: DeliveryReply?, peerReports: Bool, at now: Instant,
        into outbox: inout Outbox<MailQueue.Action>
    ) {
        guard run?.delivery?.id == id, let message = messages[id] else { return }
        if let began = run?.delivery?.began { pace.add(octets: message.size, in: now - began) }
        // Something went through: the next failure is a first one.
        run?.failures = 0
        run?.firstFailure = nil
        let rest = message.envelope.forwardPaths.filter { recipients?.contains($0) == false }
        if !peerReports {
            let taken = message.envelope.forwardPaths.filter { !rest.contains($0) }
            run?.delivery?.recipients += taken.map { .relayed($0, reply, at: now) }
        }
        guard rest.isEmpty else {
            messages.update(id) { $0.envelope.forwardPaths = rest }
            return deferred(id, reply: nil, at: now, into: &outbox)
        }
        messages.remove(id)
        run?.summary.delivered += 1
        run?.summary.octets += message.size
        if message.possiblyDelivered { run?.summary.possibleDuplicates += 1 }
        endDelivery(of: message, at: now, into: &outbox)
    }

    // Those who come next stand first: else those who were put off could keep them out for ever.
    mutating func partlyDelivered(
        _ id: MessageID, to recipients: [ForwardPath], reply: DeliveryReply, peerReports: Bool, next: [ForwardPath],
        at now: Instant
    ) {
        guard let delivery = run?.delivery, delivery.id == id, let message = messages[id] else { return }
        if !recipients.isEmpty {
            pace.add(octets: message.size, in: now - delivery.began)
            run?.failures = 0
            run?.firstFailure = nil
        }
        if !peerReports { run?.delivery?.recipients += recipients.map { .relayed($0, reply, at: now) } }
        let done = Set(recipients).union(next)
        messages.update(id) { $0.envelope.forwardPaths = next + $0.envelope.forwardPaths.filter { !done.contains($0) } }
        run?.delivery?.began = now
        run?.delivery?.contentWasSent = false
    }

    mutating func divided(_ id: MessageID) {
        guard run?.delivery?.id == id else { return }
        messages.update(id) { $0.division &+= 1 }
    }

    mutating func connectionFull(at now: Instant, into outbox: inout Outbox<MailQueue.Action>) {
        guard state == .delivering, let message = run?.delivery.flatMap({ messages[$0.id] }) else { return }
        broughtOctets -= message.size
        messages.update(message.id) { $0.attempts &-= 1 }
        messages.cursor = 0
        run?.place = 0
        run?.ranOut = true
        endDelivery(of: message, at: now, into: &outbox)
    }

    mutating func putOff(_ id: MessageID, reply: DeliveryReply) {
        guard run?.delivery?.id == id else { return }
        run?.delivery?.objection = reply
        divided(id)
    }

    mutating func deferred(
        _ id: MessageID, reply: DeliveryReply?, at now: Instant, into outbox: inout Outbox<MailQueue.Action>
    ) {
        guard let delivery = run?.delivery, delivery.id == id, let message = messages[id] else { return }
        let (number, retry) = (runNumber, configuration.retry)
        messages.update(id) {
            $0.triedInRun = number
            $0.notBefore = now + retry.pause(afterFailure: Int($0.attempts))
            $0.lastAttempt = DeliveryAttempt(at: now, reply: reply ?? delivery.objection)
        }
        run?.summary.deferred += 1
        endDelivery(of: message, at: now, into: &outbox)
    }

    mutating func refused(
        _ id: MessageID, recipients: [ForwardPath]?, reply: DeliveryReply, at now: Instant,
        into outbox: inout Outbox<MailQueue.Action>
    ) {
        guard run?.delivery?.id == id, var message = messages[id] else { return }
        let all = message.envelope.forwardPaths
        let rest = all.filter { recipients?.contains($0) == false }
        message.envelope.forwardPaths = all.filter { recipients?.contains($0) ?? true }
        guard !message.envelope.forwardPaths.isEmpty else { return }
        outbox.append(.bounced(message, reply))
        run?.delivery?.recipients += message.envelope.forwardPaths.map { .refused($0, reply, at: now) }
        if rest.isEmpty {
            messages.remove(id)
            run?.summary.refused += 1
            endDelivery(of: message, at: now, into: &outbox)
        } else {
            messages.update(id) { $0.envelope.forwardPaths = rest }
        }
    }

    // MARK: The run itself

    /// The next message that this run may hand out, and its place in the order.
    func offer(at now: Instant) -> (place: Int, message: HeldMessage)? {
        guard let run else { return nil }
        let mayGo = { (message: HeldMessage) in
            message.triedInRun != runNumber && message.expiry > now
                && (run.summary.wasAsked || message.notBefore <= now) && obstacle(to: message, at: now) == nil
        }
        guard let order = run.order else {
            return messages.first(from: messages.cursor, where: mayGo).map { ($0.slot, $0.message) }
        }
        for place in run.place..<max(run.place, order.count) {
            if let message = messages[order[place]], mayGo(message) { return (place, message) }
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
        guard let delivery = run?.delivery, let message = messages[delivery.id] else { return }
        let retry = configuration.retry
        messages.update(delivery.id) {
            $0.notBefore = now + retry.pause(afterFailure: Int($0.attempts))
            $0.lastAttempt = DeliveryAttempt(at: now, reply: nil)
            if delivery.contentWasSent { $0.possiblyDelivered = true }
        }
        if delivery.contentWasSent { run?.summary.unanswered += 1 }
        endDelivery(of: message, at: now, into: &outbox)
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
        state = .waiting(until: max(due, heldBackUntil ?? due, now))
    }
}
