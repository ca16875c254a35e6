import SMTP
public import Timebase

/// What an operator does to single messages.
extension MailQueue {
    /// Why something cannot be done to a message.
    public enum OperatorError: Error, Hashable, Sendable {
        /// It is not there, or not yet on disk.
        case noSuchMessage
        /// It is on its way: what becomes of it is decided there.
        case beingDelivered
        /// It is on hold already.
        case isOnHold
        /// It is not on hold.
        case isNotOnHold
    }

    /// The messages that an operator keeps back, in the order of their arrival.
    public var messagesOnHold: [HeldMessage] { onHold.compactMap { store.message($0.id) } }

    /// Keeps a message back: it is not tried, no flush counts it, and it does not expire until it is released.
    public mutating func putOnHold(_ id: MessageID) throws(OperatorError) {
        guard placeOnHold(of: id) == nil else { throw .isOnHold }
        var message = try read(id)
        try withdraw(message)
        message.isOnHold = true
        batch.append(.update(message))
        keepBack(QueueEntry(message))
    }

    /// Lets a message that was kept back go on as if it had just come, but for its age.
    public mutating func release(
        _ id: MessageID, at now: Instant, into outbox: inout Outbox<Action>
    ) throws(OperatorError) {
        var message = try read(id)
        guard let place = placeOnHold(of: id) else { throw .isNotOnHold }
        octets -= onHold.remove(at: place).size
        message.isOnHold = false
        batch.append(.update(message))
        change(message.domain, creating: true, into: &outbox) { $0.release(QueueEntry(message), at: now, into: &$1) }
    }

    /// Takes a message out for good. Nobody is told.
    public mutating func remove(_ id: MessageID) throws(OperatorError) {
        if let place = placeOnHold(of: id) {
            octets -= onHold.remove(at: place).size
        } else {
            try withdraw(try read(id))
        }
        batch.append(.remove(id))
    }

    /// An entry that is in no domain's queue.
    mutating func keepBack(_ entry: QueueEntry) {
        onHold.insert(entry, at: onHold.firstIndex { $0.id > entry.id } ?? onHold.endIndex)
        octets += entry.size
    }

    private func placeOnHold(of id: MessageID) -> Int? { onHold.firstIndex { $0.id == id } }

    private func read(_ id: MessageID) throws(OperatorError) -> HeldMessage {
        guard let message = store.message(id) else { throw .noSuchMessage }
        return message
    }

    private mutating func withdraw(_ message: HeldMessage) throws(OperatorError) {
        var entry: QueueEntry?
        change(message.domain) { entry = $0.withdraw(message.id) }
        guard entry == nil else { return }
        throw queue(of: message.domain)?.messages[message.id] == nil ? .noSuchMessage : .beingDelivered
    }
}

extension MailQueue.OperatorError: CustomStringConvertible {
    /// The error as an operator reads it after the number of the message.
    public var description: String {
        switch self {
        case .noSuchMessage: "is not there"
        case .beingDelivered: "is being delivered"
        case .isOnHold: "is on hold already"
        case .isNotOnHold: "is not on hold"
        }
    }
}
