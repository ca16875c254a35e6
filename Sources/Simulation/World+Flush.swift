import Events
import MailQueue
import SMTP
import TCPIP
import Timebase
import Wire

/// From ETRN to the reverse connection: what the server host's queue is asked, and what it wants done (RFC 1985).
extension World {
    // MARK: The request

    /// A client sent ETRN. Who it is, is known by its address: the RAS gave it to a user who had proved its name.
    mutating func startFlush(_ argument: ETRNArgument, asked index: Int) {
        let peer = conversations[index].flatMap { hosts[0].stack.remoteAddress(of: $0.connection) }
        let answer = server.queue.startFlush(
            argument, permitted: server.permission(of: peer), at: now, into: &queueActions)
        conversations[index]?.server?.etrnAnswered(answer.etrnAnswer, at: now, into: &serverActions)
        // The reply goes out before the SYN of the reverse connection that it promises.
        converse(index)
        performQueueActions()
    }

    // MARK: What the queue wants

    mutating func perform(_ action: MailQueue.Action) {
        switch action {
        case .written(let batches): written(batches)
        // Who hears that nothing is left says QUIT at once; what comes then goes over a connection of its own.
        case .held, .messageWaits: break
        case .unreadable: preconditionFailure("the simulated disk loses nothing that it has written")
        case .local(_, let content):
            // Nobody reads the server's own mail here; that it came is told.
            emit(
                .mailStored(domain: server.name.spelling, id: "postmaster", octets: content.size, duplicate: false),
                host: 0)
        case .connect(let domain): connectBack(for: domain)
        case .abandon(let domain): abandonDelivery(for: domain)
        case .delayed(let message):
            if message.mayBeReported {
                emit(.queueDelayed(domain: message.domain.spelling, message: message.id.number), host: 0)
            }
        case .expired(let message):
            emit(.queueExpired(domain: message.domain.spelling, message: message.id.number), host: 0)
        case .bounced(let message, let reply):
            emit(
                .queueRefused(
                    domain: message.domain.spelling, message: message.id.number, code: reply.code, text: reply.text),
                host: 0)
        case .report(let report): send(report)
        case .flushFinished(let summary): flushFinished(summary)
        }
    }

    /// Below the low-water mark mail is only given, not taken, until there is room again.
    mutating func checkStorage() {
        guard let free = server.freeSpace else { return }
        let isShort = free < server.lowWaterMark
        guard isShort != server.smtpConfiguration.isShortOfStorage else { return }
        server.smtpConfiguration.isShortOfStorage = isShort
        conversations.forEach { if $0.host == 0 { $0.server?.configuration.isShortOfStorage = isShort } }
        emit(isShort ? .storageLow(free: free, mark: server.lowWaterMark) : .storageRecovered(free: free), host: 0)
    }

    private mutating func flushFinished(_ summary: FlushSummary) {
        if summary.heldBack > 0 {
            emit(
                .flushHeldBack(domain: summary.domain.spelling, messages: summary.heldBack), of: summary.domain)
        }
        emit(.finished(summary), of: summary.domain)
    }

    private mutating func connectBack(for domain: Domain) {
        guard let address = server.route(to: domain) else {
            server.queue.connectFailed(domain, reason: "no route", at: now, into: &queueActions)
            return emit(.flushFailed(domain: domain.spelling, reason: "no route"), of: domain)
        }
        emit(.flushConnecting(domain: domain.spelling, address: address.description), of: domain)
        let connection = hosts[0].stack.connect(to: address, port: World.smtpPort, at: now)
        let index = open(connection, on: 0, for: .delivering(Conversation.Delivery(domain: domain)))
        conversations[index]?.client = SMTPClientSession(
            configuration: server.deliveryConfiguration, purpose: .delivery)
        server.deliveries[domain] = index
        pump(0)
    }

    private mutating func abandonDelivery(for domain: Domain) {
        guard let index = server.deliveries[domain], case .delivering(let delivery) = conversations[index]?.purpose
        else { return }
        for shared in delivery.domains { server.deliveries[shared] = nil }
        abandon(index)
        emit(.flushFailed(domain: domain.spelling, reason: World.linkWentDown), of: domain)
        pump(0)
    }

    // MARK: What the delivering session reports

    mutating func deliveryDid(_ action: SMTPClientSession.Action, conversation index: Int) {
        guard case .delivering(var delivery) = conversations[index]?.purpose else { return }
        let domain = delivery.domain
        switch action {
        case .greeted(let reply): greeted(reply.code, by: domain, conversation: index)
        case .extensions(let offered):
            delivery.peerReports = offered.hasDSN
            peerIsKnown(delivery, conversation: index)
        case .wantsMessage where delivery.misdirection != nil:
            conversations[index]?.client?.nextMessage(nil, at: now, into: &clientActions)
        case .wantsMessage: handOutMessage(for: delivery, conversation: index)
        case .messageStarted:
            guard let message = delivery.message else { return }
            delivery.isBegun = true
            conversations[index]?.purpose = .delivering(delivery)
            emit(
                .flushMessageStarted(domain: domain.spelling, message: message.id.number, octets: message.size),
                of: domain)
        case .resumed(let octets):
            guard let message = delivery.message else { return }
            conversations[index]?.letter = message.content.letter(from: octets)
            emit(
                .flushMessageResumed(domain: domain.spelling, message: message.id.number, octets: octets), of: domain)
        case .recipientRefused(let path, let reply, let permanent):
            delivery.refused.append(path)
            conversations[index]?.purpose = .delivering(delivery)
            guard let message = delivery.message else { return }
            let word = word(reply, delivery, conversation: index)
            guard permanent else { return server.queue.putOff(message.id, for: domain, reply: word) }
            server.queue.refused(
                message.id, for: domain, recipients: [path], reply: word, at: now, into: &queueActions)
            performQueueActions()
        case .recipientsLeft(let paths):
            delivery.left += paths
            conversations[index]?.purpose = .delivering(delivery)
            if let message = delivery.message { server.queue.divided(message.id, for: domain) }
        case .sessionFull:
            server.queue.connectionFull(domain, at: now, into: &queueActions)
            performQueueActions()
        case .messageAccepted(let reply): accepted(delivery, reply, conversation: index)
        case .messageRefused(let reply, let permanent): refused(delivery, reply, permanent, conversation: index)
        case .failed(let failure):
            emit(.flushFailed(domain: domain.spelling, reason: failure.description), of: domain)
        case .close:
            conversations[index]?.isClosing = true
            deliveryEnded(delivery, conversation: index)
        case .etrnReply, .lineAnswered, .reversalAnswered, .reverse: preconditionFailure("a delivery asks for nothing")
        case .startTLS, .wantsAnswer, .authenticated: preconditionFailure("hosts of these years speak in the clear")
        }
    }

    // The host that greets need not be the domain's: a route can lead to somebody else.
    private mutating func greeted(_ code: Int, by domain: Domain, conversation index: Int) {
        let peer = conversations[index].flatMap { hosts[0].stack.remoteAddress(of: $0.connection) }
        emit(.flushGreeted(domain: domain.spelling, address: peer?.description ?? "", code: code), of: domain)
    }

    /// The host has said its name: it gets the domain's mail only if it is the domain's host, or has proved with AUTH
    /// whose it is. Nothing of the mail has been told yet, not even for whom it is.
    private mutating func peerIsKnown(_ delivery: Conversation.Delivery, conversation index: Int) {
        var delivery = delivery
        let domain = delivery.domain
        let name = conversations[index]?.client?.serverName
        if delivery.isReversed || server.isHost(name, of: domain) {
            delivery.isReady = true
            for domain in delivery.domains { server.queue.connected(domain) }
        } else {
            let reason = "\(name?.spelling ?? "a host without a name") is not the host of \(domain)"
            delivery.misdirection = reason
            emit(.flushFailed(domain: domain.spelling, reason: reason), of: domain)
        }
        conversations[index]?.purpose = .delivering(delivery)
    }

    private mutating func handOutMessage(for delivery: Conversation.Delivery, conversation index: Int) {
        var delivery = delivery
        let message = nextMessage(of: &delivery)
        predictDrain(&delivery)
        delivery.begin(message)
        conversations[index]?.purpose = .delivering(delivery)
        var outgoing = message.map { OutgoingMessage(envelope: $0.envelope, $0.content) }
        outgoing?.transactionID = message.flatMap(transactionID)
        outgoing?.mayResume = message.map { $0.attempts > 1 || $0.id <= server.queue.recoveredID } ?? false
        conversations[index]?.letter = message.flatMap { $0.content.letter(from: 0) }
        conversations[index]?.client?.nextMessage(outgoing, at: now, into: &clientActions)
    }

    /// The next message of the domain whose mail goes now, or of the one after it.
    private mutating func nextMessage(of delivery: inout Conversation.Delivery) -> HeldMessage? {
        let place = delivery.domains.firstIndex(of: delivery.domain) ?? 0
        for step in delivery.domains.indices {
            let domain = delivery.domains[(place + step) % delivery.domains.count]
            guard let message = nextMessage(for: domain) else { continue }
            if domain != delivery.domain { (delivery.domain, delivery.isPredicted) = (domain, false) }
            return message
        }
        return nil
    }

    /// The next message; those larger than may be sent are refused on the way, before anything of them is said.
    private mutating func nextMessage(for domain: Domain) -> HeldMessage? {
        while let message = server.queue.nextMessage(for: domain, at: now, into: &queueActions) {
            guard let limit = server.outboundSizeLimit, message.size > limit else { return message }
            let reply = DeliveryReply(
                code: 552, text: "larger than the \(limit) octets that may be sent", status: .init(5, 3, 4))
            server.queue.refused(message.id, for: domain, reply: reply, at: now, into: &queueActions)
            performQueueActions()
        }
        return nil
    }

    /// Says once for each domain of a connection how long the rest will take, as soon as a pace is known.
    private mutating func predictDrain(_ delivery: inout Conversation.Delivery) {
        let domain = delivery.domain
        guard !delivery.isPredicted, let queue = server.queue.queue(of: domain), queue.count > 0,
            let time = queue.drainTime
        else { return }
        delivery.isPredicted = true
        emit(
            .flushPredicted(
                domain: domain.spelling, messages: queue.count, octets: queue.octets,
                milliseconds: Int(time.nanoseconds / 1_000_000)),
            of: domain)
    }

    private mutating func accepted(
        _ delivery: Conversation.Delivery, _ reply: SMTPReply, conversation index: Int
    ) {
        guard let message = delivery.message else { return }
        let word = word(reply, delivery, conversation: index)
        guard delivery.left.isEmpty else { return goOn(delivery, deliveredTo: delivery.concerned, word) }
        server.queue.delivered(
            message.id, for: delivery.domain, to: delivery.concerned, reply: word, peerReports: delivery.peerReports,
            at: now, into: &queueActions)
        emit(
            .flushDelivered(
                domain: delivery.domain.spelling, message: message.id.number, octets: message.size),
            of: delivery.domain)
        performQueueActions()
    }

    /// The message goes again, to those who are left.
    private mutating func goOn(
        _ delivery: Conversation.Delivery, deliveredTo recipients: [ForwardPath], _ word: DeliveryReply
    ) {
        guard let message = delivery.message else { return }
        server.queue.partlyDelivered(
            message.id, for: delivery.domain, to: recipients, reply: word, peerReports: delivery.peerReports,
            next: delivery.left, at: now, into: &queueActions)
        performQueueActions()
    }

    private mutating func refused(
        _ delivery: Conversation.Delivery, _ reply: SMTPReply, _ permanent: Bool, conversation index: Int
    ) {
        guard let message = delivery.message else { return }
        let word = word(reply, delivery, conversation: index)
        if permanent {
            // Recipients that were put off one by one stay: the verdict is not about them.
            server.queue.refused(
                message.id, for: delivery.domain, recipients: delivery.concerned, reply: word, at: now,
                into: &queueActions)
            if delivery.left.isEmpty {
                server.queue.deferred(message.id, for: delivery.domain, at: now, into: &queueActions)
            } else {
                goOn(delivery, deliveredTo: [], word)
            }
        } else {
            server.queue.deferred(message.id, for: delivery.domain, reply: word, at: now, into: &queueActions)
            emit(
                .flushDeferred(
                    domain: delivery.domain.spelling, message: message.id.number, code: reply.code,
                    text: reply.lines.joined(separator: " ")),
                of: delivery.domain)
        }
        performQueueActions()
    }

    private mutating func deliveryEnded(_ delivery: Conversation.Delivery, conversation index: Int) {
        for domain in delivery.domains {
            server.deliveries[domain] = nil
            if delivery.isReady {
                server.queue.connectionEnded(domain, at: now, into: &queueActions)
            } else if let reason = delivery.misdirection {
                server.queue.misdirected(domain, reason: reason, at: now, into: &queueActions)
            } else {
                server.queue.connectFailed(domain, reason: "no greeting", at: now, into: &queueActions)
            }
        }
        performQueueActions()
    }

    /// Tells the queue when all of a message's data is on its way: from then on its fate is open (RFC 1047).
    mutating func noteContentSent(_ index: Int) {
        guard case .delivering(let delivery) = conversations[index]?.purpose, let message = delivery.message
        else { return }
        server.queue.contentSent(message.id, for: delivery.domain)
    }
}

extension Happening {
    /// The end of a flush: completed only when every message has been tried.
    fileprivate static func finished(_ summary: FlushSummary) -> Happening {
        switch summary.outcome {
        case .completed: .flushCompleted(FlushReport(summary))
        case .connectFailed(let cause): .flushGaveUp(FlushReport(summary), reason: cause)
        case .connectionLost: .flushGaveUp(FlushReport(summary), reason: "connection lost")
        case .linkDown: .flushGaveUp(FlushReport(summary), reason: World.linkWentDown)
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
