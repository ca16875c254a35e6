import Timebase

// RFC 1985: the argument goes to the queue, and its answer to the client in the server's own words.
extension SMTPServerSession {
    private var policy: ETRNPolicy { configuration.personality.etrn }

    /// Whether the reply to EHLO lists ETRN.
    var listsETRN: Bool {
        configuration.offersETRN ? !policy.has(.isUnlisted) : policy.has(.isListedWhenDisabled)
    }

    mutating func takeETRN(_ argument: ETRNArgument, into outbox: inout Outbox<Action>) {
        etrnName = policy.name(of: "\(argument)")
        guard configuration.offersETRN else { return refuseETRN(.disabled, into: &outbox) }
        guard state != .connected else { return refuse(.sayHello, into: &outbox) }
        // Never between MAIL and the end of the transaction (RFC 1985 §5).
        guard state != .transaction || policy.has(.ignoresTransaction) else {
            return refuseETRN(.insideTransaction, into: &outbox)
        }
        etrnCount += 1
        if let allowance = policy.allowance, etrnCount > allowance, !countError(into: &outbox) { return }
        switch policy.reading(argument) {
        case .success(let asked):
            state = .queueAsked
            outbox.append(.startQueue(asked))
        case .failure(let unread): refuseETRN(unread.situation, into: &outbox)
        }
    }

    /// Refuses what names no queue.
    mutating func refuseETRN(
        _ reason: ETRNArgumentError, of line: ArraySlice<UInt8>, into outbox: inout Outbox<Action>
    ) {
        etrnName = policy.name(of: SMTPReply.escaped(line.drop { $0 != .space }.dropFirst()))
        let reply = etrnReply(in: ETRNSituation(reason), otherwise: CommandError.badETRNArgument(reason).reply)
        answer(with: reply, into: &outbox)
    }

    mutating func refuseETRN(_ situation: ETRNSituation, into outbox: inout Outbox<Action>) {
        let otherwise: SMTPReply =
            switch situation {
            case .disabled: reply(on: .notImplemented)
            case .insideTransaction: reply(on: .insideTransaction)
            default: CommandError.badETRNArgument(.notQualified).reply
            }
        answer(with: etrnReply(in: situation, otherwise: otherwise), into: &outbox)
    }

    /// What is nonsense elsewhere may be a good request here, but not at any time.
    private mutating func answer(with reply: SMTPReply, into outbox: inout Outbox<Action>) {
        guard reply.isCompletion else { return refuse(reply, into: &outbox) }
        guard state != .connected else { return refuse(.sayHello, into: &outbox) }
        guard state != .transaction || policy.has(.ignoresTransaction) else {
            return refuseETRN(.insideTransaction, into: &outbox)
        }
        say(reply)
    }

    /// The reply to ETRN in the server's own words; `otherwise` is what it says without words of its own.
    func etrnReply(in situation: ETRNSituation, messages: Int = 0, otherwise: SMTPReply) -> SMTPReply {
        let reply =
            policy.form(in: situation).map { filled($0, about: .queue(name: etrnName, messages: messages)) }
            ?? otherwise
        guard policy.has(.answersInTwoLines) else { return reply }
        return SMTPReply(reply.code, reply.enhancedStatus, lines: ["Looking at the queue"] + reply.lines)
    }
}
