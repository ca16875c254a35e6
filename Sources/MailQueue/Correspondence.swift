public import SMTP

/// Who writes to whom: what many generated messages have in common, held once for all of them.
public struct Correspondence: Hashable, Sendable {
    // Arrays, because a copy of one is eight octets and shares the mailboxes.
    private let mailboxes: [Mailbox]
    private let forwardPaths: [ForwardPath]

    /// One mailbox writes to another.
    public init(from sender: Mailbox, to recipient: Mailbox) {
        mailboxes = [sender, recipient]
        forwardPaths = [.mailbox(recipient)]
    }

    /// Who writes.
    public var sender: Mailbox { mailboxes[0] }
    /// Who is written to.
    public var recipient: Mailbox { mailboxes[1] }

    /// The envelope of each of the messages; all of them share their forward-paths.
    public var envelope: Envelope { Envelope(reversePath: .mailbox(sender), forwardPaths: forwardPaths) }
}
