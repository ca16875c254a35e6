public import Events
public import MailQueue
public import SMTP
public import Timebase

/// What the queue wants done (RFC 1985), and what an operator may ask of it.
extension MailHost {
    /// An operator asks for a flush.
    public mutating func startFlush(_ argument: ETRNArgument, at now: Instant) -> FlushAnswer {
        self.now = now
        let answer = queue.startFlush(argument, permitted: .everyDomain, at: now, into: &queueActions)
        performQueueActions()
        return answer
    }

    /// An operator keeps a message back until it is released.
    public mutating func putOnHold(_ id: MessageID, at now: Instant) throws(MailQueue.OperatorError) {
        self.now = now
        try queue.putOnHold(id)
        performQueueActions()
    }

    /// An operator lets a message go on.
    public mutating func release(_ id: MessageID, at now: Instant) throws(MailQueue.OperatorError) {
        self.now = now
        try queue.release(id, at: now, into: &queueActions)
        performQueueActions()
    }

    /// An operator takes a message out for good. Nobody is told.
    public mutating func remove(_ id: MessageID, at now: Instant) throws(MailQueue.OperatorError) {
        self.now = now
        try queue.remove(id)
        performQueueActions()
    }

    mutating func perform(_ action: MailQueue.Action) {
        switch action {
        case .written(let batches): written(batches)
        case .held(_, let domain): checkFullness(of: domain)
        // Who hears that nothing is left says QUIT at once; what comes then goes over a connection of its own.
        case .messageWaits: break
        case .unreadable(let id, let domain):
            say(.queueUnreadable(domain: domain.spelling, message: id.number), of: domain)
        case .local(let envelope, let content):
            actions.append(.deliverHere(Message(envelope: envelope, content: content)))
            say(
                .mailStored(
                    domain: configuration.name.spelling, id: "postmaster", octets: content.size, duplicate: false))
        case .connect(let domain): connectBack(for: domain)
        case .abandon(let domain): abandonDelivery(for: domain)
        case .delayed(let message):
            if message.mayBeReported {
                say(.queueDelayed(domain: message.domain.spelling, message: message.id.number))
            }
        case .expired(let message):
            say(.queueExpired(domain: message.domain.spelling, message: message.id.number))
        case .bounced(let message, let reply):
            say(
                .queueRefused(
                    domain: message.domain.spelling, message: message.id.number, code: reply.code, text: reply.text))
        case .report(let report): send(report)
        case .flushFinished(let summary): flushFinished(summary)
        }
    }

    /// Tells a sender what became of a message (RFC 3464).
    private mutating func send(_ report: DeliveryReport) {
        say(
            .queueReported(
                action: Happening.ReportAction(report.action), to: "\(report.sender)", message: report.number))
        let letter = ReportMessage(report, from: configuration.name, begins: configuration.begins)
        takenCount += 1
        take(Message(envelope: letter.envelope, content: .octets(letter.octets)), number: takenCount, from: .here)
    }

    private mutating func flushFinished(_ summary: FlushSummary) {
        if summary.heldBack > 0 {
            say(.flushHeldBack(domain: summary.domain.spelling, messages: summary.heldBack), of: summary.domain)
        }
        say(.finished(summary), of: summary.domain)
    }

    private mutating func connectBack(for domain: Domain) {
        let client = SMTPClientSession(
            configuration: configuration.delivery(tls: tlsPolicy(for: domain)), purpose: .delivery)
        let id = open(MailSession(delivering: domain, by: client))
        deliveries[domain] = id
        actions.append(.connect(id, domain))
    }

    /// Where TLS is wanted if it is offered, and has failed, one connection goes without.
    private mutating func tlsPolicy(for domain: Domain) -> TLSPolicy {
        let policy = configuration.tls(for: domain)
        return domainsWithoutTLS.remove(domain) != nil && policy == .ifOffered ? .never : policy
    }

    private mutating func abandonDelivery(for domain: Domain) {
        guard let id = deliveries[domain], let delivery = remove(id)?.delivery else { return }
        for shared in delivery.domains { deliveries[shared] = nil }
        actions.append(.abort(id))
        say(.flushFailed(domain: domain.spelling, reason: MailHost.linkWentDown), of: domain)
    }

    /// Why a connection failed that was given up with its link.
    public static var linkWentDown: String { "the link went down" }
}

extension Happening.ReportAction {
    /// What a report says became of a message.
    public init(_ action: DeliveryReport.Action) {
        self =
            switch action {
            case .failed: .failed
            case .delayed: .delayed
            case .delivered: .delivered
            case .relayed: .relayed
            case .expanded: .expanded
            }
    }
}

extension Happening {
    /// The end of a flush: completed only when every message has been tried.
    fileprivate static func finished(_ summary: FlushSummary) -> Happening {
        switch summary.outcome {
        case .completed: .flushCompleted(FlushReport(summary))
        case .connectFailed(let cause): .flushGaveUp(FlushReport(summary), reason: cause)
        case .connectionLost: .flushGaveUp(FlushReport(summary), reason: "connection lost")
        case .linkDown: .flushGaveUp(FlushReport(summary), reason: MailHost.linkWentDown)
        }
    }
}

extension FlushReport {
    fileprivate init(_ summary: FlushSummary) {
        self.init(
            domain: summary.domain.spelling, took: summary.ended - summary.began, connections: summary.connections,
            delivered: summary.delivered, octets: summary.octets, deferred: summary.deferred,
            refused: summary.refused, unanswered: summary.unanswered,
            possibleDuplicates: summary.possibleDuplicates, heldBack: summary.heldBack, left: summary.left)
    }
}
