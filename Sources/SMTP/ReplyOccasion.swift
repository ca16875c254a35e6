/// What a server has to say that each program says in its own words. The codes may differ, too.
public enum ReplyOccasion: Int, Hashable, Sendable, CaseIterable {
    /// The connection stands (RFC 5321 §3.1).
    case greeting
    /// HELO was taken.
    case hello
    /// EHLO was taken: the line before the keywords.
    case extendedHello
    /// MAIL was taken.
    case senderOk
    /// RCPT was taken.
    case recipientOk
    /// The domain is local, and has no such mailbox.
    case unknownMailbox
    /// The recipient's domain is nobody's here.
    case relayingDenied
    /// DATA was taken.
    case startContent
    /// The message is the server's.
    case stored
    /// RSET was carried out.
    case reset
    /// NOOP was carried out.
    case noop
    /// QUIT was carried out.
    case goodbye
    /// A command came before EHLO or HELO.
    case sayHello
    /// A command came in a mail transaction that may not come there.
    case insideTransaction
    /// RCPT or DATA came before MAIL.
    case needsMail
    /// DATA came before RCPT.
    case needsRecipient
    /// DATA came after recipients that were all refused.
    case noValidRecipients
    /// A chunk came after one that was refused.
    case transactionFailed
    /// There is no such command.
    case unknownCommand
    /// There is such a command, and it is not carried out.
    case notImplemented
    /// So many commands were refused that the connection is closed.
    case tooManyErrors
    /// The client was silent for too long.
    case timedOut

    /// The words of the generic server, which an own table of words need not repeat.
    private static let standard: [ReplyOccasion: ReplyForm] = [
        .greeting: "220 {host} ESMTP",
        .hello: "250 {host}",
        .extendedHello: "250 {host}",
        .senderOk: "250 2.1.0 Sender ok",
        .recipientOk: "250 2.1.5 Recipient ok",
        .unknownMailbox: "550 5.1.1 No such mailbox here",
        .relayingDenied: "550 5.7.1 Relaying denied",
        .startContent: "354 Start mail input; end with <CRLF>.<CRLF>",
        .stored: "250 2.0.0 Ok: queued as {id}",
        .reset: "250 2.0.0 Ok",
        .noop: "250 2.0.0 Ok",
        .goodbye: "221 2.0.0 {host} closing connection",
        .sayHello: "503 5.5.1 Say EHLO or HELO first",
        .insideTransaction: "503 5.5.1 A mail transaction is in progress",
        .needsMail: "503 5.5.1 Say MAIL first",
        .needsRecipient: "503 5.5.1 Say RCPT first",
        .noValidRecipients: "554 5.5.1 No valid recipients",
        .transactionFailed: "503 5.5.1 The transaction has failed; say RSET",
        .unknownCommand: "500 5.5.2 Command unrecognized",
        .notImplemented: "502 5.5.1 Command not implemented",
        .tooManyErrors: "421 4.7.0 Too many errors; closing connection",
        .timedOut: "421 4.4.2 {host} timed out; closing connection",
    ]

    /// The words of the generic server.
    var standardForm: ReplyForm {
        guard let form = ReplyOccasion.standard[self] else { preconditionFailure("there are words for every occasion") }
        return form
    }
}
