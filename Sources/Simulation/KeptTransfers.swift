import SMTP

/// The transfers to a host that broke off, or whose end the sender may not have heard of (RFC 1845 §3). They survive
/// the loss of the link, as on a disk.
struct KeptTransfers: Sendable {
    /// One of them.
    struct Transfer: Sendable {
        let client: Domain
        let id: TransactionID
        let envelope: Envelope
        let message: ArrivingMessage
        /// Whether it is whole and stored, so that only the reply is missing.
        let isStored: Bool
    }

    /// So many are kept; then the oldest goes.
    static let limit = 32

    private var transfers: [Transfer] = []

    /// Keeps a transfer.
    /// - Returns: one that had to go for it, if any.
    mutating func keep(_ transfer: Transfer) -> Transfer? {
        transfers.append(transfer)
        return transfers.count > KeptTransfers.limit ? transfers.removeFirst() : nil
    }

    /// Takes a transfer out: it goes on, or is over.
    mutating func take(_ id: TransactionID, from client: Domain) -> Transfer? {
        guard let place = transfers.firstIndex(where: { $0.id == id && $0.client == client }) else { return nil }
        return transfers.remove(at: place)
    }
}
