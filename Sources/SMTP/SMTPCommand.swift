/// One command of a client (RFC 5321 §4.1.1, RFC 1985 §5, RFC 2645 §5.2.1).
public enum SMTPCommand: Hashable, Sendable {
    /// HELO: the client says who it is.
    case helo(Domain)
    /// EHLO: the same, and asks for the list of extensions.
    case ehlo(Domain)
    /// MAIL: a mail transaction begins.
    case mail(ReversePath, MailParameters)
    /// RCPT: one more recipient.
    case rcpt(ForwardPath, RecipientParameters)
    /// DATA: the content follows.
    case data
    /// BDAT: so many octets of content follow at once, as they are; perhaps the last ones (RFC 3030 §2).
    case bdat(size: Int, isLast: Bool)
    /// AUTH: the client proves who it is by a mechanism, perhaps with its first response at once (RFC 4954 §4). The
    /// response is as it was written, in base64 or `=` for an empty one.
    case auth(String, initialResponse: String?)
    /// STARTTLS: what follows goes through TLS (RFC 3207 §4).
    case startTLS
    /// RSET: the transaction is dropped.
    case rset
    /// NOOP, with or without an argument.
    case noop
    /// QUIT: the client has finished.
    case quit
    /// VRFY: whether a mailbox exists.
    case vrfy(String)
    /// EXPN: who is on a list.
    case expn(String)
    /// HELP, with or without an argument.
    case help
    /// ETRN: start the delivery of the mail that is held for the client.
    case etrn(ETRNArgument)
    /// ATRN or TURN: send the client's mail over this connection.
    case reversal(Reversal)
}

extension SMTPCommand: CustomStringConvertible {
    /// The command as it goes on the wire, without the line end.
    public var description: String {
        switch self {
        case .helo(let domain): "HELO \(domain)"
        case .ehlo(let domain): "EHLO \(domain)"
        case .mail(let path, let parameters): "MAIL FROM:\(path)\(parameters)"
        case .rcpt(let path, let parameters): "RCPT TO:\(path)\(parameters)"
        case .data: "DATA"
        case .startTLS: "STARTTLS"
        case .auth(let mechanism, let response): "AUTH \(mechanism)" + (response.map { " \($0)" } ?? "")
        case .bdat(let size, let isLast): "BDAT \(size)" + (isLast ? " LAST" : "")
        case .rset: "RSET"
        case .noop: "NOOP"
        case .quit: "QUIT"
        case .vrfy(let name): "VRFY \(name)"
        case .expn(let name): "EXPN \(name)"
        case .help: "HELP"
        case .etrn(let argument): "ETRN \(argument)"
        case .reversal(let reversal): reversal.description
        }
    }
}
