import Events
import MailQueue
public import Registry
import SMTP
public import Timebase

/// Mail becomes the host's own when its store has it: only then is it announced, answered for and delivered.
extension MailHost {
    /// Mail that was given to the queue, and is not yet durable.
    struct Incoming: Sendable {
        /// Where it comes from: what is to be done when it is durable, or is never to be.
        enum Source: Sendable {
            /// A client that waits for the reply, or has gone away meanwhile.
            case session(SessionID, name: String)
            /// Another way than SMTP.
            case elsewhere([Message])
            /// The host itself.
            case here
        }

        let source: Source
        let domains: [Domain]
        let messages: Int
        let octets: Int
    }

    // MARK: What happened

    /// Messages for the same domains came another way than by SMTP.
    public mutating func take(_ messages: [Message], at now: Instant) {
        self.now = now
        var octets = 0
        for message in messages {
            octets += message.content.size
            queue.hold(message.envelope, content: message.content, at: now, into: &queueActions)
        }
        incoming.append(
            Incoming(
                source: .elsewhere(messages), domains: messages.first?.envelope.domains ?? [],
                messages: messages.count, octets: octets))
        performQueueActions()
    }

    /// The registry has changed: what it says holds from the next command on.
    public mutating func apply(_ parameters: ExchangeParameters) {
        configuration.apply(parameters)
        let offersETRN = configuration.smtp.offersETRN
        sessions.forEach { $0.server?.offersETRN = offersETRN }
    }

    /// The host is told something else. A session goes on as it was begun, but for ETRN; the next one begins as it is
    /// said now.
    /// - Parameters:
    ///   - configuration: what it is told. The calendar and what was counted stay.
    ///   - now: when.
    public mutating func apply(_ configuration: MailHostConfiguration, at now: Instant) {
        self.now = now
        let former = self.configuration
        self.configuration = configuration
        self.configuration.begins = former.begins
        self.configuration.diskSpace = former.diskSpace
        self.configuration.smtp.isShortOfStorage = former.smtp.isShortOfStorage
        sessions.forEach { $0.server?.offersETRN = configuration.smtp.offersETRN }
        queue.apply(configuration.wholeQueue, at: now, into: &queueActions)
        checkDomains()
        performQueueActions()
    }

    // MARK: What can be known

    /// How many messages were given to the store, and are not yet answered for.
    public var unansweredCount: Int { unwritten.reduce(0) { $0 + $1.incoming.reduce(0) { $0 + $1.messages } } }

    /// Messages that came another way than by SMTP and are not yet durable: after a crash they are nowhere else.
    public var unwrittenMessages: [Message] {
        unwritten.flatMap(\.incoming).flatMap { incoming -> [Message] in
            if case .elsewhere(let messages) = incoming.source { messages } else { [] }
        }
    }

    /// How many octets are free on the disk; nil when nobody counts them.
    var freeSpace: Int? { configuration.diskSpace.map { max(0, $0 - queue.octets) } }

    // MARK: How it works

    /// The host is responsible for a message: it holds it for the domains whose mail it holds. What is for all others
    /// is passed on, unless it is queued, too.
    mutating func take(_ message: Message, number: Int, from source: Incoming.Source) {
        var message = message
        message.envelope.readdressPostmaster(to: configuration.postmaster, of: configuration.name)
        let octets = message.content.size
        var held = message.envelope
        held.forwardPaths = message.envelope.forwardPaths.filter(holds)
        if !held.forwardPaths.isEmpty {
            queue.hold(held, content: message.content, at: now, into: &queueActions)
        }
        incoming.append(Incoming(source: source, domains: held.domains, messages: 1, octets: octets))
        if case .session = source { contentCount += octets }
        guard held.forwardPaths.count < message.envelope.forwardPaths.count else { return }
        var leaving = message
        leaving.envelope.forwardPaths = message.envelope.forwardPaths.filter { !holds($0) }
        actions.append(.passOn(leaving, number: number))
        for domain in leaving.envelope.domains {
            say(.mailSetAside(domain: domain.spelling, id: messageName(number), octets: octets))
        }
    }

    private func holds(_ path: ForwardPath) -> Bool {
        configuration.queuesAllMail || path.domain.map(queue.isOnDemand) ?? true
    }

    /// Carries out what the queue wants until nothing is left, and writes what that has changed.
    mutating func performQueueActions() {
        repeat {
            while let action = queueActions.next() { perform(action) }
        } while commitQueue()
        checkStorage()
        for domain in fullDomains { checkFullness(of: domain) }
    }

    /// For a domain of which as much waits as may, no more is taken until less does.
    mutating func checkFullness(of domain: Domain) {
        let octets = queue.octets(for: domain)
        let isFull = configuration.heldLimits[domain].map { octets >= $0 } ?? false
        let place = fullDomains.firstIndex(of: domain)
        guard isFull != (place != nil) else { return }
        if let place {
            fullDomains.remove(at: place)
            say(.queueHasRoom(domain: domain.spelling))
        } else {
            fullDomains.append(domain)
            say(.queueFull(domain: domain.spelling, octets: octets))
        }
        markFullness(of: domain, isFull)
        sessions.forEach { $0.server?.configuration.recipients.limits[domain, default: .init()].isReached = isFull }
    }

    private mutating func markFullness(of domain: Domain, _ isFull: Bool) {
        configuration.smtp.recipients.limits[domain, default: .init()].isReached = isFull
    }

    /// Checks every domain, after something else was said of them.
    mutating func checkDomains() {
        for domain in fullDomains { markFullness(of: domain, true) }
        for domain in fullDomains + configuration.owners.joined() { checkFullness(of: domain) }
    }

    /// - Returns: whether anything was written, so that more may be wanted.
    private mutating func commitQueue() -> Bool {
        let incoming = incoming
        self.incoming = []
        guard let batch = queue.commit(at: now, into: &queueActions) else {
            // Nothing of it was for the queue.
            incoming.forEach { arrived($0) }
            return false
        }
        if !incoming.isEmpty { unwritten.append((batch, incoming)) }
        return true
    }

    /// So many batches are durable.
    mutating func written(_ batches: Int) {
        while let (batch, incoming) = unwritten.first, batch <= batches {
            unwritten.removeFirst()
            incoming.forEach { arrived($0) }
        }
    }

    private mutating func arrived(_ incoming: Incoming) {
        for domain in incoming.domains {
            say(.mailQueued(domain: domain.spelling, messages: incoming.messages, octets: incoming.octets))
        }
        guard case .session(let id, let name) = incoming.source else { return }
        contentCount -= incoming.octets
        guard let slot = slot(of: id) else { return }
        sessions[slot]?.server?.messageStored(id: name, at: now, into: &serverActions)
        goOn(id)
    }

    /// Messages are kept in memory until they are durable. When that is too much, the largest that is still coming
    /// goes, so that two clients with large ones that never end do not keep all others from sending.
    mutating func boundContent(to limit: Int) {
        while contentCount > limit {
            let slots = 0..<sessions.placeCount
            let counts = slots.map { sessions[$0]?.contentCount ?? 0 }
            guard let largest = slots.max(by: { counts[$0] < counts[$1] }), counts[largest] > 0 else { return }
            sessions[largest]?.server?.dropContent()
            let growth = sessions[largest]?.countContent() ?? 0
            guard growth < 0 else { return }
            contentCount += growth
        }
    }

    /// Below the low-water mark, or while nothing can be written, mail is only given, not taken; nor into a store that
    /// has lost something.
    func isShort(_ free: Int?) -> Bool {
        storeFault != nil || storeDamage != nil || free.map { $0 < configuration.lowWaterMark } ?? false
    }

    mutating func checkStorage() {
        let free = freeSpace
        let isShort = isShort(free)
        guard isShort != configuration.smtp.isShortOfStorage else { return }
        configuration.smtp.isShortOfStorage = isShort
        sessions.forEach { $0.server?.configuration.isShortOfStorage = isShort }
        guard let free, storeFault == nil, storeDamage == nil else { return }
        say(isShort ? .storageLow(free: free, mark: configuration.lowWaterMark) : .storageRecovered(free: free))
    }
}

extension MailHostConfiguration {
    /// Takes over what the registry says (Q258292 and others).
    public mutating func apply(_ parameters: ExchangeParameters) {
        smtp.offersETRN = !parameters.disablesETRN
        smtp.speaksESMTP = parameters.advertisesSMTPExtensions
        smtp.offersEnhancedStatusCodes =
            parameters.advertisesSMTPExtensions && smtp.personality.offers("ENHANCEDSTATUSCODES")
        smtp.limits.messageSize = parameters.inboundSizeLimit.map { Int($0) } ?? SMTPServerLimits().messageSize
        smtp.mechanisms = accounts.isEmpty || parameters.disablesAuthentication ? [] : mechanisms
        smtp.takesTURN = !accounts.isEmpty && smtp.personality.offers("TURN")
        outboundSizeLimit = parameters.outboundSizeLimit.map { Int($0) }
        recipientLimit = parameters.maxRecipients.map { Int($0) }
        lowWaterMark = Int(parameters.diskSpaceLowWaterMark)
    }
}

extension Envelope {
    /// Puts a mailbox in the place of the postmaster of a host (RFC 5321 §4.5.1).
    fileprivate mutating func readdressPostmaster(to mailbox: Mailbox?, of host: Domain) {
        guard let mailbox else { return }
        for index in forwardPaths.indices where forwardPaths[index].domain.map({ $0 == host }) ?? true {
            forwardPaths[index] = .mailbox(mailbox)
        }
    }
}
