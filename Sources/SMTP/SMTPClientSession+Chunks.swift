import Timebase

// Content by BDAT (RFC 3030 §2): no reply is needed before the first chunk, and each chunk gets its own.
extension SMTPClientSession {
    /// All recipients have been answered for.
    mutating func sendChunks(at now: Instant, into outbox: inout Outbox<Action>) {
        guard let current = transaction, let size = current.chunkSize else { return }
        guard current.hasRecipients else { return giveUp(at: now, into: &outbox) }
        chunks = ChunkSender(current.message, chunkSize: size)
        wait(for: .chunks, at: now)
    }

    /// Moves octets of chunks to the end of an array. In groups the next chunk follows at once, but never more than one
    /// ahead of the replies: what follows a refused chunk is sent for nothing.
    mutating func takeChunks(upTo room: Int, into octets: inout [UInt8]) -> (count: Int, endsContent: Bool) {
        var count = 0
        while var sender = chunks {
            let wasBetweenChunks = sender.isBetweenChunks
            count += sender.take(upTo: room - count, into: &octets)
            let goesOn =
                sender.isBetweenChunks && !sender.hasBegunLast && sender.unanswered < 2
                && transaction?.isPipelined == true && transaction?.chunkRefusal == nil
            if goesOn { sender.beginChunk() }
            chunks = sender
            guard goesOn, count < room else {
                return (count, sender.hasBegunLast && sender.isBetweenChunks && !wasBetweenChunks)
            }
        }
        return (count, false)
    }

    mutating func takeChunkReply(_ reply: SMTPReply, at now: Instant, into outbox: inout Outbox<Action>) {
        guard var sender = chunks else { return }
        // A server reads a chunk to its end before it answers.
        guard sender.unanswered > (sender.isBetweenChunks ? 0 : 1) else {
            return fail(.unexpectedReply(reply), at: now, into: &outbox)
        }
        sender.answered()
        if !reply.isCompletion, transaction?.chunkRefusal == nil { transaction?.chunkRefusal = reply }
        let refusal = transaction?.chunkRefusal
        // The octets that a command has promised are sent, come what may.
        if sender.unanswered > 0 {
            chunks = sender
        } else if let refusal {
            chunks = nil
            refused(
                with: refusal, permanent: refusal.kind == .permanentFailure, leavesTransaction: true, into: &outbox)
        } else if sender.hasBegunLast {
            chunks = nil
            takeVerdict(reply, at: now, into: &outbox)
        } else {
            if sender.isBetweenChunks { sender.beginChunk() }
            chunks = sender
            wait(for: .chunks, at: now)
        }
    }
}
