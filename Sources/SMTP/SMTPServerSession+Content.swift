import Timebase

// Content after DATA (RFC 5321 §4.1.1.4) and by BDAT (RFC 3030 §2).
extension SMTPServerSession {
    /// A chunk whose octets are coming.
    struct Chunk: Sendable {
        let size: Int
        let isLast: Bool
        /// Why its octets are thrown away; nil when they are content.
        let refusal: ReplyOccasion?
        /// How the session stands when it has come.
        let stateAfter: State
        var left: Int
    }

    mutating func takeData(into outbox: inout Outbox<Action>) {
        if let objection = objectionToContent { return refuse(objection, into: &outbox) }
        if receiver != nil || transactionHasFailed { return refuse(.contentBegun, into: &outbox) }
        if transaction?.body == .binaryMIME { return refuse(.binaryNeedsChunks, into: &outbox) }
        beginContent(.stuffed, into: &outbox)
        state = .content
        say(.startContent)
    }

    /// What is wrong with content here and now, however it comes.
    private var objectionToContent: ReplyOccasion? {
        guard state == .transaction, let transaction else { return state == .connected ? .sayHello : .needsMail }
        guard transaction.forwardPaths.isEmpty else { return nil }
        return refusedRecipients > 0 ? .noValidRecipients : .needsRecipient
    }

    private mutating func beginContent(_ form: ContentReceiver.Form, into outbox: inout Outbox<Action>) {
        guard let transaction else { return }
        var limits = configuration.limits
        for domain in transaction.forwardPaths.compactMap(\.domain) {
            limits.messageSize = min(limits.messageSize, configuration.recipients.limits[domain]?.messageSize ?? .max)
        }
        receiver = ContentReceiver(
            form, limits: limits, bareLineEnds: configuration.bareLineEnds, after: resumedFrom ?? 0)
        contentIsOpen = true
        outbox.append(.beginContent(transaction))
    }

    mutating func takeContent(_ octets: RawSpan, _ index: inout Int, into outbox: inout Outbox<Action>) {
        guard receiver?.receive(octets, from: &index) ?? true else { return }
        if let fault = receiver?.fault {
            if let transactionID { outbox.append(.forgetCheckpoint(transactionID)) }
            endTransaction(into: &outbox)
            return say(fault.reply)
        }
        store(into: &outbox)
    }

    // A transfer that goes on needs no RCPT: the recipients are those of the first time (RFC 1845 §3).
    mutating func resumeTransfer(_ checkpoint: Checkpoint?, into outbox: inout Outbox<Action>) {
        state = .transaction
        guard let checkpoint, let transactionID, let mail = transaction else { return saySenderOk() }
        guard checkpoint.isOf(mail) else {
            outbox.append(.forgetCheckpoint(transactionID))
            return saySenderOk()
        }
        transaction = checkpoint.envelope
        resumedFrom = checkpoint.offset
        say(.resumes(at: checkpoint.offset))
    }

    private mutating func store(into outbox: inout Outbox<Action>) {
        guard var envelope = transaction else { return }
        if envelope.body == .sevenBit, receiver?.hasEightBitOctets == true { envelope.body = .eightBitMIME }
        state = .storing
        contentIsOpen = false
        outbox.append(.store(envelope))
    }

    // MARK: Chunks

    // The octets of a chunk that is refused come all the same, and must not be taken for commands.
    mutating func takeChunk(ofSize size: Int, isLast: Bool, into outbox: inout Outbox<Action>) {
        guard configuration.offersChunking else { return refuse(.notImplemented, into: &outbox) }
        let refusal = transactionHasFailed ? .transactionFailed : objectionToContent
        if refusal == nil, receiver == nil {
            beginContent(transaction?.body == .binaryMIME ? .binary : .lines, into: &outbox)
        }
        chunk = Chunk(size: size, isLast: isLast, refusal: refusal, stateAfter: state, left: size)
        state = .chunk
        if size == 0 { endChunk(into: &outbox) }
    }

    mutating func takeChunk(_ octets: RawSpan, _ index: inout Int, into outbox: inout Outbox<Action>) {
        guard let current = chunk else { return }
        let count = min(current.left, octets.byteCount - index)
        if current.refusal == nil { receiver?.receiveChunk(octets.extracting(index..<index + count)) }
        index += count
        chunk?.left -= count
        if current.left == count { endChunk(into: &outbox) }
    }

    private mutating func endChunk(into outbox: inout Outbox<Action>) {
        guard let ended = chunk else { return }
        chunk = nil
        state = ended.stateAfter
        if let refusal = ended.refusal { return refuse(refusal, into: &outbox) }
        if ended.isLast { receiver?.endChunks() }
        if let fault = receiver?.fault {
            // The transaction is dead until RSET; chunks that are on their way already meet their end, too.
            contentIsOpen = false
            outbox.append(.discardContent)
            receiver = nil
            transactionHasFailed = true
            return say(fault.reply)
        }
        if ended.isLast { store(into: &outbox) } else { say(.chunkTaken(ended.size)) }
    }
}
