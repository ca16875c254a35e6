public import Timebase

/// Domains that say of themselves that they take no mail (RFC 7505).
extension SMTPServerSession {
    /// What DNS says of the domain of a sender or a recipient: only a null MX says that it takes no mail. No answer
    /// says nothing, nor does a domain that is not there.
    /// - Parameters:
    ///   - takesMail: whether there is no null MX.
    ///   - now: the time.
    ///   - outbox: where actions go.
    public mutating func domainLookedUp(takesMail: Bool, at now: Instant, into outbox: inout Outbox<Action>) {
        guard state != .closed else { return }
        precondition(state == .domainAsked, "an answer follows lookUp")
        state = transaction == nil ? .greeted : .transaction
        if let commandAsked {
            if takesMail { carryOut(commandAsked, into: &outbox) } else { refuseDomain(of: commandAsked) }
        }
        commandAsked = nil
        goOn(at: now, into: &outbox)
    }

    /// Whether a command has to wait until its domain was looked up: it is carried out again then.
    mutating func waits(for domain: Domain, _ command: SMTPCommand, into outbox: inout Outbox<Action>) -> Bool {
        guard configuration.looksUpDomains, commandAsked == nil, !domain.isAddressLiteral else { return false }
        commandAsked = command
        state = .domainAsked
        outbox.append(.lookUp(domain))
        return true
    }

    // A report could never get to such a sender, and mail never to such a recipient (RFC 7505 §4.1, §4.2).
    private mutating func refuseDomain(of command: SMTPCommand) {
        if case .mail = command { return say(.senderTakesNoMail) }
        refusedRecipients += 1
        say(.recipientTakesNoMail)
    }
}
