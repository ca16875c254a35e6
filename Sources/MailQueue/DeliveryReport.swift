public import SMTP
public import Timebase

/// What became of a message, for the one who sent it: a delivery status notification (RFC 3464).
///
/// There is none about a message with the null reverse-path, so reports about reports cannot be, and none that was not
/// asked for (RFC 3461 §5.2, RFC 5321 §4.5.5). ``ReportMessage`` writes it as a message.
public struct DeliveryReport: Hashable, Sendable {
    /// What became of the message on its way to a recipient (RFC 3464 §2.3.3).
    public enum Action: String, CaseIterable, Hashable, Sendable {
        /// It was refused, or has waited too long.
        case failed
        /// It still waits.
        case delayed
        /// The recipient has it.
        case delivered
        /// A host has it that sends no reports.
        case relayed
        /// It goes on to several recipients in the place of one.
        case expanded
    }

    /// What became of the message for one recipient (RFC 3464 §2.3).
    public struct Recipient: Hashable, Sendable {
        /// Who it is for.
        public let path: ForwardPath
        /// What became of it.
        public let action: Action
        /// The same as a status code.
        public let status: EnhancedStatusCode
        /// What was last said to it, by the next host or by this one.
        public let reply: DeliveryReply?
        /// When it was last tried.
        public let lastAttempt: Instant?
        /// Until when it waits, if it does.
        public let retriesUntil: Instant?

        /// What became of a message for a recipient; the class of the status is 2, 4 or 5 as the action has it.
        public init(
            _ path: ForwardPath, _ action: Action, _ status: EnhancedStatusCode, reply: DeliveryReply? = nil,
            lastAttempt: Instant? = nil, retriesUntil: Instant? = nil
        ) {
            self.path = path
            self.action = action
            self.status = status
            self.reply = reply
            self.lastAttempt = lastAttempt
            self.retriesUntil = retriesUntil
        }

        /// Whether its sender wants to hear of it: unless asked otherwise, of what is bad (RFC 3461 §4.1).
        func isWanted(in options: DeliveryOptions) -> Bool {
            let wanted = options.recipients[path]?.notify ?? [.failure, .delay]
            return switch action {
            case .failed: wanted.contains(.failure)
            case .delayed: wanted.contains(.delay)
            case .delivered, .relayed, .expanded: wanted.contains(.success)
            }
        }
    }

    /// The largest message that is returned whole, in octets; of a larger one only the header is.
    public static let largestReturned = 65_536

    /// Who sent the message: its reverse-path, to which the report goes.
    public let sender: Mailbox
    /// The envelope of the message, with what was asked for.
    public let envelope: Envelope
    /// What the message says.
    public let content: MessageContent
    /// What the reporting host calls the message.
    public let number: Int
    /// When the reporting host got it.
    public let arrival: Instant
    /// When the report is made: a message has at most one at an instant.
    public let made: Instant
    /// What became of it for each recipient of whom the sender wants to hear. Never empty.
    public let recipients: [Recipient]

    /// A report on a message; nil when there is nobody to tell, or nothing that was asked for.
    /// - Parameters:
    ///   - envelope: the envelope of the message.
    ///   - content: what it says; of a message that is not returned whole, the header will do.
    ///   - number: what the reporting host calls it.
    ///   - arrival: when the host got it.
    ///   - recipients: what became of it.
    ///   - now: when.
    public init?(
        on envelope: Envelope, _ content: MessageContent, number: Int, arrival: Instant, recipients: [Recipient],
        at now: Instant
    ) {
        guard case .mailbox(let sender) = envelope.reversePath else { return nil }
        let options = envelope.options
        let wanted = recipients.filter { $0.isWanted(in: options) }
        guard !wanted.isEmpty else { return nil }
        self.sender = sender
        self.envelope = envelope
        self.content = content
        self.number = number
        self.arrival = arrival
        made = now
        self.recipients = wanted
    }

    /// The worst of what it tells.
    public var action: Action {
        Action.allCases.first { action in recipients.contains { $0.action == action } } ?? .expanded
    }

    /// Whether addresses or header are in UTF-8, and the report has to be, too (RFC 6533).
    var isInternational: Bool {
        envelope.isSMTPUTF8 || !sender.isASCII || recipients.contains { !$0.path.isASCII }
    }

    /// Whether the message is returned whole: only when that was asked for, and delivery has failed (RFC 3461 §4.3).
    /// Without a word on it the header goes, to keep reports small on a telephone line. Binary content has no lines.
    var returnsAll: Bool {
        envelope.options.returnedContent == .full && action == .failed && envelope.body != .binaryMIME
            && content.size <= DeliveryReport.largestReturned
    }
}
