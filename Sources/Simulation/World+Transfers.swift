import MailQueue
import SMTP
import Timebase

/// Transfers that broke off and go on (RFC 1845): what the client host's SMTP server keeps of them.
extension World {
    /// MAIL names a transfer: perhaps one that broke off.
    mutating func findTransfer(_ id: TransactionID, conversation index: Int) {
        let transfer = takeTransfer(id, conversation: index)
        conversations[index]?.arriving = transfer?.message
        conversations[index]?.isStoredAlready = transfer?.isStored ?? false
        let checkpoint = transfer.map { Checkpoint(envelope: $0.envelope, offset: $0.message.size) }
        conversations[index]?.server?.checkpointFound(checkpoint, at: now, into: &serverActions)
    }

    /// The content broke off: its whole lines are kept.
    mutating func keepTransfer(_ id: TransactionID, _ envelope: Envelope, conversation index: Int) {
        guard var message = conversations[index]?.arriving else { return }
        takeContent(of: index)
        message = conversations[index]?.arriving ?? message
        message.breakOff()
        // With nothing to go on from, the next attempt begins anew.
        guard message.size > 0 else { return discardMessage(conversation: index) }
        let isStored = conversations[index]?.isStoredAlready ?? false
        conversations[index]?.arriving = nil
        keep(message, id, envelope, isStored: isStored, conversation: index)
    }

    /// The sender knows what became of a transfer.
    mutating func forgetTransfer(_ id: TransactionID, conversation index: Int) {
        discardMessage(conversation: index)
        guard let transfer = takeTransfer(id, conversation: index), !transfer.isStored else { return }
        received.end(transfer.message.number, isStored: false)
    }

    /// A connection is given up without a word to its session: what it has received is kept if it may go on.
    mutating func breakOffMessage(conversation index: Int) {
        if let id = conversations[index]?.arriving?.transactionID,
            let envelope = conversations[index]?.server?.openEnvelope
        {
            keepTransfer(id, envelope, conversation: index)
        } else {
            discardMessage(conversation: index)
        }
    }

    mutating func keep(
        _ message: ArrivingMessage, _ id: TransactionID, _ envelope: Envelope, isStored: Bool, conversation index: Int
    ) {
        guard let (host, _, _) = conversations[index]?.whereabouts(),
            let client = conversations[index]?.server?.clientName
        else { return }
        let dropped = clients[host - 1].transfers.keep(
            .init(client: client, id: id, envelope: envelope, message: message, isStored: isStored))
        if let dropped, !dropped.isStored { received.end(dropped.message.number, isStored: false) }
    }

    private mutating func takeTransfer(_ id: TransactionID, conversation index: Int) -> KeptTransfers.Transfer? {
        guard let (host, _, _) = conversations[index]?.whereabouts(),
            let client = conversations[index]?.server?.clientName
        else { return nil }
        return clients[host - 1].transfers.take(id, from: client)
    }
}
