import Events
import MailQueue
import SMTP
import Timebase

/// The reverse connection: from the greeting of a domain's host to the last of its messages.
extension MailHost {
    // MARK: What the delivering session reports

    mutating func deliveryDid(_ action: SMTPClientSession.Action, session id: SessionID) {
        guard var delivery = sessions[id.slot]?.delivery else { return }
        let domain = delivery.domain
        switch action {
        case .greeted(let reply): greeted(reply.code, by: domain, session: id)
        case .extensions(let offered):
            delivery.peerReports = offered.hasDSN
            peerIsKnown(delivery, session: id)
        case .wantsMessage where delivery.misdirection != nil:
            sessions[id.slot]?.client?.nextMessage(nil, at: now, into: &clientActions)
        case .wantsMessage: handOutMessage(for: delivery, session: id)
        case .messageStarted:
            guard let message = delivery.message else { return }
            delivery.isBegun = true
            sessions[id.slot]?.delivery = delivery
            say(
                .flushMessageStarted(domain: domain.spelling, message: message.id.number, octets: message.size),
                of: domain)
        case .resumed(let octets):
            guard let message = delivery.message else { return }
            sessions[id.slot]?.letter = message.content.letter(from: octets)
            say(
                .flushMessageResumed(domain: domain.spelling, message: message.id.number, octets: octets), of: domain)
        case .recipientRefused(let path, let reply, let permanent):
            delivery.refused.append(path)
            sessions[id.slot]?.delivery = delivery
            guard let message = delivery.message else { return }
            let word = word(reply, delivery, session: id)
            guard permanent else { return queue.putOff(message.id, for: domain, reply: word) }
            queue.refused(
                message.id, for: domain, recipients: [path], reply: word, at: now, into: &queueActions)
            performQueueActions()
        case .recipientsLeft(let paths):
            delivery.left += paths
            sessions[id.slot]?.delivery = delivery
            if let message = delivery.message { queue.divided(message.id, for: domain) }
        case .sessionFull:
            queue.connectionFull(domain, at: now, into: &queueActions)
            performQueueActions()
        case .messageAccepted(let reply): accepted(delivery, reply, session: id)
        case .messageRefused(let reply, let permanent): refused(delivery, reply, permanent, session: id)
        case .failed(let failure):
            if case .tlsRefused = failure { tlsFailed(id) }
            say(.flushFailed(domain: domain.spelling, reason: failure.description), of: domain)
        case .close:
            sessions[id.slot]?.isClosing = true
            deliveryEnded(delivery, session: id)
        case .etrnReply, .lineAnswered, .reversalAnswered, .reverse: preconditionFailure("a delivery asks for nothing")
        case .startTLS: actions.append(.startTLS(id))
        case .wantsAnswer, .authenticated: preconditionFailure("a delivery has nobody's credentials")
        }
    }

    // The host that greets need not be the domain's: a route can lead to somebody else.
    private mutating func greeted(_ code: Int, by domain: Domain, session id: SessionID) {
        let address = sessions[id.slot]?.peer.address ?? ""
        say(.flushGreeted(domain: domain.spelling, address: address, code: code), of: domain)
    }

    /// The host has said its name: it gets the domain's mail only if it is the domain's host, or has proved with AUTH
    /// whose it is. Nothing of the mail has been told yet, not even for whom it is.
    private mutating func peerIsKnown(_ delivery: Delivery, session id: SessionID) {
        var delivery = delivery
        let domain = delivery.domain
        let name = sessions[id.slot]?.client?.serverName
        if delivery.isReversed || configuration.isHost(name, of: domain) {
            delivery.isReady = true
            for domain in delivery.domains { queue.connected(domain) }
        } else {
            let reason = "\(name?.spelling ?? "a host without a name") is not the host of \(domain)"
            delivery.misdirection = reason
            say(.flushFailed(domain: domain.spelling, reason: reason), of: domain)
        }
        sessions[id.slot]?.delivery = delivery
    }

    private mutating func handOutMessage(for delivery: Delivery, session id: SessionID) {
        var delivery = delivery
        let message = nextMessage(of: &delivery)
        predictDrain(&delivery)
        delivery.begin(message)
        sessions[id.slot]?.delivery = delivery
        var outgoing = message.map { OutgoingMessage(envelope: $0.envelope, $0.content) }
        outgoing?.transactionID = message.flatMap(transactionID)
        outgoing?.mayResume = message.map { $0.attempts > 1 || $0.id <= queue.recoveredID } ?? false
        sessions[id.slot]?.letter = message.flatMap { $0.content.letter(from: 0) }
        sessions[id.slot]?.client?.nextMessage(outgoing, at: now, into: &clientActions)
    }

    /// The next message of the domain whose mail goes now, or of the one after it.
    private mutating func nextMessage(of delivery: inout Delivery) -> HeldMessage? {
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
        while let message = queue.nextMessage(for: domain, at: now, into: &queueActions) {
            guard let limit = configuration.outboundSizeLimit, message.size > limit else { return message }
            let reply = DeliveryReply(
                code: 552, text: "larger than the \(limit) octets that may be sent", status: .init(5, 3, 4))
            queue.refused(message.id, for: domain, reply: reply, at: now, into: &queueActions)
            performQueueActions()
        }
        return nil
    }

    /// Says once for each domain of a connection how long the rest will take, as soon as a pace is known.
    private mutating func predictDrain(_ delivery: inout Delivery) {
        let domain = delivery.domain
        guard !delivery.isPredicted, let held = queue.queue(of: domain), held.count > 0,
            let time = held.drainTime
        else { return }
        delivery.isPredicted = true
        say(
            .flushPredicted(
                domain: domain.spelling, messages: held.count, octets: held.octets,
                milliseconds: Int(time.nanoseconds / 1_000_000)),
            of: domain)
    }

    private mutating func accepted(_ delivery: Delivery, _ reply: SMTPReply, session id: SessionID) {
        guard let message = delivery.message else { return }
        let word = word(reply, delivery, session: id)
        guard delivery.left.isEmpty else { return sendAgain(delivery, deliveredTo: delivery.concerned, word) }
        queue.delivered(
            message.id, for: delivery.domain, to: delivery.concerned, reply: word, peerReports: delivery.peerReports,
            at: now, into: &queueActions)
        say(
            .flushDelivered(
                domain: delivery.domain.spelling, message: message.id.number, octets: message.size),
            of: delivery.domain)
        performQueueActions()
    }

    /// The message goes again, to those who are left.
    private mutating func sendAgain(
        _ delivery: Delivery, deliveredTo recipients: [ForwardPath], _ word: DeliveryReply
    ) {
        guard let message = delivery.message else { return }
        queue.partlyDelivered(
            message.id, for: delivery.domain, to: recipients, reply: word, peerReports: delivery.peerReports,
            next: delivery.left, at: now, into: &queueActions)
        performQueueActions()
    }

    private mutating func refused(
        _ delivery: Delivery, _ reply: SMTPReply, _ permanent: Bool, session id: SessionID
    ) {
        guard let message = delivery.message else { return }
        let word = word(reply, delivery, session: id)
        if permanent {
            // Recipients that were put off one by one stay: the verdict is not about them.
            queue.refused(
                message.id, for: delivery.domain, recipients: delivery.concerned, reply: word, at: now,
                into: &queueActions)
            if delivery.left.isEmpty {
                queue.deferred(message.id, for: delivery.domain, at: now, into: &queueActions)
            } else {
                sendAgain(delivery, deliveredTo: [], word)
            }
        } else {
            queue.deferred(message.id, for: delivery.domain, reply: word, at: now, into: &queueActions)
            say(
                .flushDeferred(
                    domain: delivery.domain.spelling, message: message.id.number, code: reply.code,
                    text: reply.lines.joined(separator: " ")),
                of: delivery.domain)
        }
        performQueueActions()
    }

    /// The host of a domain cannot do the TLS that it offers.
    mutating func tlsFailed(_ id: SessionID) {
        if let delivery = sessions[id.slot]?.delivery { domainsWithoutTLS.insert(delivery.domain) }
    }

    private mutating func deliveryEnded(_ delivery: Delivery, session id: SessionID) {
        for domain in delivery.domains {
            deliveries[domain] = nil
            if delivery.isReady {
                queue.connectionEnded(domain, at: now, into: &queueActions)
            } else if let reason = delivery.misdirection {
                queue.misdirected(domain, reason: reason, at: now, into: &queueActions)
            } else {
                queue.connectFailed(domain, reason: "no greeting", at: now, into: &queueActions)
            }
        }
        performQueueActions()
    }

    /// Tells the queue when all of a message's data is on its way: from then on its fate is open (RFC 1047).
    mutating func noteContentSent(_ slot: Int) {
        guard let delivery = sessions[slot]?.delivery, let message = delivery.message else { return }
        queue.contentSent(message.id, for: delivery.domain)
    }

    /// A reply as reports quote it: under the name of the host that gave it, unless the message was not even begun and
    /// it is this host's own.
    private func word(_ reply: SMTPReply, _ delivery: Delivery, session id: SessionID) -> DeliveryReply {
        var host: Domain?
        if delivery.isBegun, let session = sessions[id.slot] {
            host = session.client?.serverName ?? (try? Domain(parsing: "[\(session.peer.address)]"))
        }
        return DeliveryReply(
            code: reply.code, text: reply.lines.joined(separator: " "), status: reply.enhancedStatus, host: host)
    }

    /// What a transfer of a held message is called: the same for each attempt as long as its recipients are the same.
    private func transactionID(of message: HeldMessage) -> TransactionID? {
        let number = "\(message.id.number).\(message.envelope.forwardPaths.count)"
        let division = message.division > 0 ? ".\(message.division)" : ""
        return TransactionID(parsing: "<\(number)\(division)@\(configuration.name.folded)>")
    }
}
