public import SMTP
public import Timebase

/// Mail that reaches the server host for one domain.
public struct MailPlan: Sendable {
    /// What the messages are.
    public enum Source: Sendable {
        /// So many written by the generator; the size in octets is drawn for each.
        case generated(messages: Int, size: Distribution)
        /// Real messages, byte for byte, each once.
        case contents([[UInt8]])

        /// How many messages.
        public var count: Int {
            switch self {
            case .generated(let messages, _): messages
            case .contents(let contents): contents.count
            }
        }
    }

    /// The domain it is for.
    public var domain: Domain
    /// The client host, by its place in the plan, that writes it and sends it over its link; nil when it comes straight
    /// into the server's queue.
    public var from: Int?
    /// Further domains: each message has a recipient in each of them, too.
    public var togetherWith: [Domain]
    /// What it is.
    public var source: Source
    /// What its senders want to hear of it.
    public var wishes: Wishes
    /// When the first message, or all of them, arrive.
    public var at: Instant
    /// The time from one message to the next; nil when they all arrive at once.
    public var every: Interval?

    /// What a sender wants to hear of a message (RFC 3461 §4).
    public struct Wishes: Hashable, Sendable {
        /// When a report is wanted, for each recipient; nil leaves it to the hosts.
        public var notify: RecipientParameters.Conditions?
        /// How much of the message a report of failure returns; nil leaves it to the hosts.
        public var returnedContent: MailParameters.ReturnedContent?
        /// What the sender calls the message; nil for no such name.
        public var envelopeID: XText?

        /// Nothing in particular.
        public init() {}

        /// The same as what MAIL and RCPT say.
        func options(for recipients: [ForwardPath]) -> DeliveryOptions {
            var options = DeliveryOptions()
            options.returnedContent = returnedContent
            options.envelopeID = envelopeID
            guard let notify else { return options }
            for recipient in recipients { options.recipients[recipient, default: .init()].notify = notify }
            return options
        }
    }

    /// Mail for a domain.
    public init(
        domain: Domain, from: Int? = nil, togetherWith: [Domain] = [], source: Source, wishes: Wishes = Wishes(),
        at: Instant, every: Interval?
    ) {
        self.wishes = wishes
        self.from = from
        self.togetherWith = togetherWith
        self.domain = domain
        self.source = source
        self.at = at
        self.every = every
    }
}
