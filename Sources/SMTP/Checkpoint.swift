/// How far an earlier transfer of a message had come when it broke off (RFC 1845 §3).
public struct Checkpoint: Hashable, Sendable {
    /// The envelope of the earlier transfer, with the recipients that were accepted.
    public var envelope: Envelope
    /// How many octets of content are stored, as they were before dot-stuffing: whole lines.
    public var offset: Int

    /// A checkpoint.
    public init(envelope: Envelope, offset: Int) {
        self.envelope = envelope
        self.offset = offset
    }

    /// Whether MAIL says the same as it said then.
    func isOf(_ mail: Envelope) -> Bool {
        mail.reversePath == envelope.reversePath && mail.body == envelope.body
            && mail.declaredSize == envelope.declaredSize
            && mail.options.returnedContent == envelope.options.returnedContent
            && mail.options.envelopeID == envelope.options.envelopeID
            && mail.options.priority == envelope.options.priority
            && mail.options.deliverBy == envelope.options.deliverBy
    }
}
