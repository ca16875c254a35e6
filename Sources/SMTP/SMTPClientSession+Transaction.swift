import Timebase

/// One message on its way through MAIL, RCPT and DATA.
struct ClientTransaction: Sendable {
    /// For the recipients of this transaction alone.
    let message: OutgoingMessage
    /// Whether all commands went out as one group.
    let isPipelined: Bool
    /// How many octets go by one BDAT; nil when the content follows DATA.
    let chunkSize: Int?
    /// Whether MAIL tells the size.
    let declaresSize: Bool
    /// Where an earlier attempt broke off.
    var resumesAt = 0
    var mailRefusal: SMTPReply?
    var lastRefusal: SMTPReply?
    var acceptedCount = 0
    var allRefusalsArePermanent = true
    /// The first reply to a chunk that was not 2yz.
    var chunkRefusal: SMTPReply?

    /// Whether content can do any good.
    var hasRecipients: Bool { mailRefusal == nil && acceptedCount > 0 }
}

// RFC 5321 §3.3 and §4.3.2; RFC 2920 §3.1: replies are counted, one for each command, whatever they say.
extension SMTPClientSession {
    mutating func start(_ message: OutgoingMessage, at now: Instant, into outbox: inout Outbox<Action>) {
        if let obstacle = obstacle(to: message) {
            outbox.append(.messageRefused(obstacle, permanent: true))
            return rest(into: &outbox)
        }
        let (possible, impossible) = message.recipients(through: offered)
        let (recipients, left) = allowance.begin(for: possible)
        guard !recipients.isEmpty else {
            outbox.append(.sessionFull)
            return quit(at: now)
        }
        for path in impossible { outbox.append(.recipientRefused(path, .nextHostTakesNoUTF8, permanent: true)) }
        guard !left.isEmpty || !impossible.isEmpty else {
            outbox.append(.messageStarted)
            return begin(message, at: now)
        }
        // After 355 the recipients are those of the first attempt, and nothing tells which they were.
        var part = message.addressed(to: recipients)
        part.transactionID = nil
        if !left.isEmpty { outbox.append(.recipientsLeft(left)) }
        outbox.append(.messageStarted)
        begin(part, at: now)
    }

    private mutating func begin(_ message: OutgoingMessage, declaringSize: Bool = true, at now: Instant) {
        // After 355 there is no RCPT, so nothing may follow MAIL before its reply.
        let isPipelined = configuration.usesPipelining && offered.hasPipelining && !mayResume(message)
        transaction = ClientTransaction(
            message: message, isPipelined: isPipelined, chunkSize: offered.hasChunking ? configuration.chunkSize : nil,
            declaresSize: declaringSize && offered.hasSize)
        var position: Position? = serverHasLeftovers ? .reset : .mail
        let first = State.envelope(position ?? .mail)
        serverHasLeftovers = false
        while let next = position {
            output.append(command(at: next, of: message))
            position = isPipelined ? self.position(after: next, of: message) : nil
        }
        wait(for: first, at: now)
    }

    // What the extensions rule out is not even begun (RFC 6152 §3, RFC 1870 §7).
    private func obstacle(to message: OutgoingMessage) -> SMTPReply? {
        if message.isBinary, !offered.hasBinaryMIME || configuration.chunkSize == nil {
            return SMTPReply(554, .init(5, 6, 3), "The next host takes no binary content")
        }
        if message.hasEightBitOctets, !message.isBinary, !offered.hasEightBitMIME {
            return SMTPReply(554, .init(5, 6, 3), "The next host takes no 8-bit content")
        }
        if message.recipients(through: offered).possible.isEmpty { return .nextHostTakesNoUTF8 }
        if let limit = offered.sizeLimit, message.size > limit {
            return SMTPReply(552, .init(5, 3, 4), "The message is larger than the next host takes")
        }
        if let time = message.envelope.options.deliverBy, time.mode == .return {
            guard let least = offered.leastDeliverBy, least <= time.seconds else {
                return SMTPReply(554, .init(5, 4, 7), "The next host does not promise delivery in time")
            }
        }
        return nil
    }

    private func mayResume(_ message: OutgoingMessage) -> Bool {
        offered.hasCheckpoint && message.transactionID != nil && message.mayResume
    }

    // What the server has not listed is not said: reports are then ours to send (RFC 3461 §5.2.2).
    private func parameters(of message: OutgoingMessage) -> MailParameters {
        let options = message.envelope.options
        var parameters = MailParameters(
            size: transaction?.declaresSize == true ? message.size : nil,
            body: message.isBinary ? .binaryMIME : message.hasEightBitOctets ? .eightBitMIME : nil)
        if offered.hasDSN {
            parameters.returnedContent = options.returnedContent
            parameters.envelopeID = options.envelopeID
        }
        parameters.isSMTPUTF8 = message.needsSMTPUTF8
        // Who submitted it is nobody that this host would answer for (RFC 4954 §5).
        if isAuthenticated { parameters.submitter = .null }
        if offered.hasPriority, options.priority != .normal { parameters.priority = options.priority }
        if offered.hasCheckpoint { parameters.transactionID = message.transactionID }
        if offered.leastDeliverBy != nil { parameters.deliverBy = options.deliverBy }
        return parameters
    }

    private func command(at position: Position, of message: OutgoingMessage) -> SMTPCommand {
        switch position {
        case .reset: .rset
        case .mail: .mail(message.envelope.reversePath, parameters(of: message))
        case .recipient(let index): rcpt(message.envelope.forwardPaths[index], of: message)
        case .data: .data
        }
    }

    private func rcpt(_ path: ForwardPath, of message: OutgoingMessage) -> SMTPCommand {
        .rcpt(path, offered.hasDSN ? message.envelope.options.recipients[path] ?? .init() : .init())
    }

    private func position(after position: Position, of message: OutgoingMessage) -> Position? {
        switch position {
        case .reset: .mail
        case .mail: .recipient(0)
        case .recipient(let index) where index + 1 < message.envelope.forwardPaths.count: .recipient(index + 1)
        case .recipient: transaction?.chunkSize == nil ? .data : nil
        case .data: nil
        }
    }

    mutating func take(
        _ reply: SMTPReply, to position: Position, at now: Instant, into outbox: inout Outbox<Action>
    ) {
        guard let message = transaction?.message else { return }
        switch position {
        case .reset: break
        case .mail where reply.code == 355: return resume(reply, at: now, into: &outbox)
        case .mail: if !reply.isCompletion { transaction?.mailRefusal = reply }
        case .recipient(let index): takeRecipient(reply, message.envelope.forwardPaths[index], into: &outbox)
        case .data: return takeContentStart(reply, at: now, into: &outbox)
        }
        goOn(after: position, at: now, into: &outbox)
    }

    // RFC 1845 §3: the server says what it has, and content goes on from there.
    private mutating func resume(_ reply: SMTPReply, at now: Instant, into outbox: inout Outbox<Action>) {
        guard let current = transaction, mayResume(current.message) else {
            return fail(.unexpectedReply(reply), at: now, into: &outbox)
        }
        guard let offset = current.message.place(of: reply) else {
            // What it has is not what we send: from the beginning, under no name.
            var message = current.message
            message.transactionID = nil
            serverHasLeftovers = true
            return beginAgain(message, at: now, into: &outbox)
        }
        transaction?.resumesAt = offset
        transaction?.acceptedCount = current.message.envelope.forwardPaths.count
        outbox.append(.resumed(at: offset))
        say(.data, andWaitFor: .envelope(.data), at: now)
    }

    // The same message once more, which counts for the limits of the session.
    private mutating func beginAgain(
        _ message: OutgoingMessage, declaringSize: Bool = true, at now: Instant, into outbox: inout Outbox<Action>
    ) {
        guard !allowance.begin(for: message.envelope.forwardPaths).now.isEmpty else {
            outbox.append(.sessionFull)
            return quit(at: now)
        }
        begin(message, declaringSize: declaringSize, at: now)
    }

    // After MAIL was refused, what is said about recipients means nothing.
    private mutating func takeRecipient(
        _ reply: SMTPReply, _ path: ForwardPath, into outbox: inout Outbox<Action>
    ) {
        guard let current = transaction, current.mailRefusal == nil else { return }
        if reply.isCompletion {
            transaction?.acceptedCount += 1
            return
        }
        if current.acceptedCount > 0, reply.maySayTooMany {
            // Who was the first too many is known when the server names the reason.
            if reply.enhancedStatus?.saysTooMany == true { allowance.learn(recipients: current.acceptedCount) }
            return outbox.append(.recipientsLeft([path]))
        }
        let isPermanent = reply.kind == .permanentFailure
        transaction?.lastRefusal = reply
        if !isPermanent { transaction?.allRefusalsArePermanent = false }
        outbox.append(.recipientRefused(path, reply, permanent: isPermanent))
    }

    private mutating func goOn(after position: Position, at now: Instant, into outbox: inout Outbox<Action>) {
        guard let current = transaction else { return }
        guard let next = self.position(after: position, of: current.message) else {
            return sendChunks(at: now, into: &outbox)
        }
        guard !current.isPipelined else { return wait(for: .envelope(next), at: now) }
        let isHopeless = current.mailRefusal != nil || (next == .data && !current.hasRecipients)
        guard !isHopeless else { return giveUp(at: now, into: &outbox) }
        say(command(at: next, of: current.message), andWaitFor: .envelope(next), at: now)
    }

    private mutating func takeContentStart(
        _ reply: SMTPReply, at now: Instant, into outbox: inout Outbox<Action>
    ) {
        guard let current = transaction else { return }
        switch (reply.kind, current.hasRecipients) {
        case (.intermediate, true):
            sender = ContentSender(current.message, from: current.resumesAt)
            wait(for: .content, at: now)
        case (.intermediate, false):
            // The server wants content for nobody: it gets none (RFC 2920 §3.1).
            output.append(Array(".\r\n".utf8))
            wait(for: .contentEnd, at: now)
        case (_, true):
            refused(with: reply, permanent: reply.kind == .permanentFailure, leavesTransaction: true, into: &outbox)
        case (_, false): giveUp(at: now, into: &outbox)
        }
    }

    mutating func takeVerdict(_ reply: SMTPReply, at now: Instant, into outbox: inout Outbox<Action>) {
        guard let current = transaction else { return }
        guard current.hasRecipients else {
            return giveUp(at: now, leavesTransaction: false, into: &outbox)
        }
        guard reply.isCompletion else {
            return refused(
                with: reply, permanent: reply.kind == .permanentFailure, leavesTransaction: false, into: &outbox)
        }
        transaction = nil
        outbox.append(.messageAccepted(reply))
        rest(into: &outbox)
    }

    // MAIL or every RCPT was refused.
    mutating func giveUp(
        at now: Instant, leavesTransaction: Bool = true, into outbox: inout Outbox<Action>
    ) {
        guard let current = transaction else { return }
        if let refusal = current.mailRefusal {
            // A server that lists SIZE and does not understand it: the message can do without.
            if current.declaresSize, refusal.code == 555 || refusal.code == 504 {
                return beginAgain(current.message, declaringSize: false, at: now, into: &outbox)
            }
            refused(
                with: refusal, permanent: refusal.kind == .permanentFailure, leavesTransaction: false, into: &outbox)
        } else if let refusal = current.lastRefusal {
            refused(
                with: refusal, permanent: current.allRefusalsArePermanent, leavesTransaction: leavesTransaction,
                into: &outbox)
        }
    }

    mutating func refused(
        with reply: SMTPReply, permanent: Bool, leavesTransaction: Bool, into outbox: inout Outbox<Action>
    ) {
        transaction = nil
        serverHasLeftovers = leavesTransaction
        outbox.append(.messageRefused(reply, permanent: permanent))
        rest(into: &outbox)
    }
}

extension SMTPReply {
    /// What is said of mail that is not sent, since RFC 6531 §3.2 forbids it.
    fileprivate static let nextHostTakesNoUTF8 = SMTPReply(
        553, .init(5, 6, 7), "The next host takes no addresses or header in UTF-8")

    /// Whether it can mean that the transaction has enough recipients: 452, or 552 of an old server (RFC 5321
    /// §4.5.3.1.10), unless its status tells of this one's mailbox.
    fileprivate var maySayTooMany: Bool { (code == 452 || code == 552) && enhancedStatus?.subject != 2 }
}

extension EnhancedStatusCode {
    /// X.5.3: too many recipients (RFC 3463 §3.6).
    fileprivate var saysTooMany: Bool { subject == 5 && detail == 3 }
}

extension OutgoingMessage {
    /// Where content goes on after a reply 355; nil when that is no place between two lines of it.
    fileprivate func place(of reply: SMTPReply) -> Int? {
        let text = Array((reply.lines.first ?? "").utf8)
        guard let offset = MailParameters.size(parsing: text.prefix { $0 != .space }), offset <= size else {
            return nil
        }
        guard let content, offset > 0, offset <= content.count else { return offset }
        return content[offset - 1] == .lineFeed ? offset : nil
    }
}
