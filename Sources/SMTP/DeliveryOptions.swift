/// What a sender may ask for beyond delivery: reports, urgency, a time by when.
public struct DeliveryOptions: Hashable, Sendable {
    /// What a report of failure returns; nil leaves it to the server (RFC 3461 §4.3).
    public var returnedContent: MailParameters.ReturnedContent?
    /// What the sender calls this sending, for its reports (RFC 3461 §4.4).
    public var envelopeID: XText?
    /// How urgent the message is (RFC 6710).
    public var priority = MessagePriority.normal
    /// By when it is to be delivered, counted from when it was accepted (RFC 2852).
    public var deliverBy: DeliverBy?
    /// What was asked for single recipients; looked up, never walked.
    public var recipients: [ForwardPath: RecipientParameters] = [:]

    /// Nothing.
    public init() {}
}
