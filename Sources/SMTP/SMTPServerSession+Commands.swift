import Timebase

// RFC 5321 §4.1.4: which command is allowed when. A command out of its order changes nothing.
extension SMTPServerSession {
    mutating func carryOut(_ command: SMTPCommand, into outbox: inout Outbox<Action>) {
        if case .quit = command {
            hasQuit = true
            if let known = settledID ?? transactionID { outbox.append(.forgetCheckpoint(known)) }
            transactionID = nil
            say(.goodbye)
            return close(into: &outbox)
        }
        guard state != .refused else { return refuse(.noService, into: &outbox) }
        // Whoever goes on has heard what became of the last transfer (RFC 1845 §3).
        if let settled = settledID { outbox.append(.forgetCheckpoint(settled)) }
        settledID = nil
        guard configuration.service != .onDemandRelay || command.isOfOnDemandRelay else {
            return refuse(.notImplemented, into: &outbox)
        }
        guard identity != nil || !configuration.requiresAuthentication || command.needsNoIdentity else {
            return refuse(.authenticateFirst, into: &outbox)
        }
        switch command {
        case .startTLS: takeSTARTTLS(into: &outbox)
        case .auth(let mechanism, let response): takeAUTH(mechanism, response, into: &outbox)
        case .ehlo where !configuration.speaksESMTP, .etrn where !configuration.speaksESMTP,
            .bdat where !configuration.speaksESMTP:
            refuse(.unknownCommand, into: &outbox)
        case .ehlo(let name): takeGreeting(name, .esmtp, into: &outbox)
        case .helo(let name): takeGreeting(name, .smtp, into: &outbox)
        case .mail(let path, let parameters): takeMail(path, parameters, into: &outbox)
        case .rcpt(let path, let parameters): takeRecipient(path, parameters, into: &outbox)
        case .data: takeData(into: &outbox)
        case .bdat(let size, let isLast): takeChunk(ofSize: size, isLast: isLast, into: &outbox)
        case .rset:
            if let transactionID { outbox.append(.forgetCheckpoint(transactionID)) }
            endTransaction(into: &outbox)
            say(.reset)
        case .noop, .quit: say(.noop)
        case .help: say(.help(listsETRN: configuration.offersETRN))
        case .vrfy: say(.cannotVerify)
        case .expn: refuse(.notImplemented, into: &outbox)
        case .etrn(let argument): takeETRN(argument, into: &outbox)
        case .reversal(let reversal): takeReversal(reversal, into: &outbox)
        }
    }

    // A greeting in the middle of a session acts as RSET (RFC 5321 §4.1.4).
    private mutating func takeGreeting(
        _ name: Domain, _ transfer: TransferProtocol, into outbox: inout Outbox<Action>
    ) {
        if let transactionID { outbox.append(.forgetCheckpoint(transactionID)) }
        dropTransaction(into: &outbox)
        state = .greeted
        clientName = name
        self.transfer = transfer
        var greeting = reply(on: transfer == .esmtp ? .extendedHello : .hello)
        if transfer == .esmtp { greeting = SMTPReply(greeting.code, lines: greeting.lines + offeredKeywords) }
        output.append(greeting, showsEnhancedStatus: false)
    }

    private mutating func takeMail(
        _ path: ReversePath, _ parameters: MailParameters, into outbox: inout Outbox<Action>
    ) {
        guard state != .connected else { return refuse(.sayHello, into: &outbox) }
        guard state != .transaction else { return refuse(.insideTransaction, into: &outbox) }
        guard allows(parameters) else { return refuse(CommandError.unknownParameter.reply, into: &outbox) }
        guard path.isASCII || parameters.isSMTPUTF8 else { return refuse(.senderNeedsSMTPUTF8, into: &outbox) }
        guard !configuration.isShortOfStorage else { return say(.insufficientStorage) }
        if let size = parameters.size, size > configuration.limits.messageSize {
            return say(ContentFault.tooBig.reply)
        }
        if let time = parameters.deliverBy, time.mode == .return, time.seconds < configuration.leastDeliverBy {
            return say(.tooSoon(configuration.leastDeliverBy))
        }
        if case .mailbox(let sender) = path,
            waits(for: sender.domain, .mail(path, parameters), into: &outbox)
        {
            return
        }
        var envelope = Envelope(reversePath: path, body: parameters.body ?? .sevenBit, declaredSize: parameters.size)
        envelope.isSMTPUTF8 = parameters.isSMTPUTF8
        let asked = parameters.priority ?? .normal
        let granted = configuration.trustsPriority ? asked : min(asked, .normal)
        var options = DeliveryOptions()
        options.returnedContent = parameters.returnedContent
        options.envelopeID = parameters.envelopeID
        options.priority = granted
        options.deliverBy = parameters.deliverBy
        envelope.options = options
        transaction = envelope
        if let id = parameters.transactionID {
            transactionID = id
            state = .checkpointAsked
            return outbox.append(.findCheckpoint(id))
        }
        state = .transaction
        if granted == asked { saySenderOk() } else { say(.priorityLowered(granted)) }
    }

    // A client that said HELO has been offered no parameters (RFC 5321 §4.1.1.11).
    private func allows(_ parameters: MailParameters) -> Bool {
        (parameters.size == nil || (configuration.offersSize && transfer == .esmtp))
            && (parameters.body == nil || (configuration.offersEightBitMIME && transfer == .esmtp))
            && (parameters.body != .binaryMIME || configuration.offersChunking)
            && (parameters.returnedContent == nil && parameters.envelopeID == nil || takesDSN)
            && (parameters.priority == nil || (configuration.offersPriority && transfer == .esmtp))
            && (!parameters.isSMTPUTF8 || takesSMTPUTF8)
            && (parameters.submitter == nil || !configuration.mechanisms.isEmpty && transfer == .esmtp)
            && (parameters.transactionID == nil || (configuration.offersCheckpoint && transfer == .esmtp))
            && (parameters.deliverBy == nil || (configuration.offersDeliverBy && transfer == .esmtp))
    }

    private var takesDSN: Bool { configuration.offersDSN && transfer == .esmtp }

    private mutating func takeRecipient(
        _ path: ForwardPath, _ parameters: RecipientParameters, into outbox: inout Outbox<Action>
    ) {
        guard state == .transaction else {
            return refuse(state == .connected ? .sayHello : .needsMail, into: &outbox)
        }
        guard receiver == nil, !transactionHasFailed, resumedFrom == nil else {
            return refuse(.contentBegun, into: &outbox)
        }
        guard parameters == RecipientParameters() || takesDSN else {
            return refuse(CommandError.unknownParameter.reply, into: &outbox)
        }
        guard path.isASCII || transaction?.isSMTPUTF8 == true else {
            refusedRecipients += 1
            return say(.recipientNeedsSMTPUTF8)
        }
        let verdict = verdict(on: path)
        guard verdict == .accepted else {
            refusedRecipients += 1
            return say(verdict.occasion, about: .recipient(path))
        }
        if let domain = path.domain, configuration.recipients.verdict(on: path) == .relayingDenied,
            waits(for: domain, .rcpt(path, parameters), into: &outbox)
        {
            return
        }
        if let objection = objectionToMore(for: path) {
            refusedRecipients += 1
            return say(objection)
        }
        // Named twice, it gets the message once.
        let isNew = transaction.map { !$0.forwardPaths.contains(path) } ?? false
        if isNew {
            guard let count = transaction?.forwardPaths.count, count < configuration.limits.recipients else {
                refusedRecipients += 1
                return say(.tooManyRecipients)
            }
            transaction?.forwardPaths.append(path)
            if parameters != RecipientParameters() { transaction?.options.recipients[path] = parameters }
        }
        say(verdict.occasion, about: .recipient(path))
    }

    /// Why a recipient's domain takes no more mail now, or not a message of the size that MAIL has said.
    private func objectionToMore(for path: ForwardPath) -> SMTPReply? {
        guard let limit = path.domain.flatMap({ configuration.recipients.limits[$0] }) else { return nil }
        if limit.isReached { return .mailboxFull }
        guard let largest = limit.messageSize, let size = transaction?.declaredSize else { return nil }
        return size > largest ? ContentFault.tooBig.reply : nil
    }

    private func verdict(on path: ForwardPath) -> RecipientPolicy.Verdict {
        let verdict = configuration.recipients.verdict(on: path)
        let mayRelay = configuration.relaysForAnybody || identity != nil && configuration.relaysForAuthenticated
        return verdict == .relayingDenied && mayRelay ? .accepted : verdict
    }

    mutating func endTransaction(into outbox: inout Outbox<Action>) {
        dropTransaction(into: &outbox)
        if state == .transaction || state == .content { state = .greeted }
    }
}
