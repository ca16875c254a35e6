/// Why a line is not a command that could be carried out, and so which reply it deserves (RFC 5321 §4.2.4, §4.3.2).
public enum CommandError: Error, Hashable, Sendable {
    /// No such verb.
    case unknownCommand
    /// A verb that exists and is not implemented here.
    case notImplemented
    /// A control character, a bare carriage return or line feed, or an octet above 126.
    case badCharacter
    /// More octets than a command line may have.
    case lineTooLong
    /// The argument is missing, or is not what this command takes.
    case badArgument
    /// An argument where none may be: DATA, RSET, QUIT.
    case argumentNotAllowed
    /// What follows HELO or EHLO is not a domain.
    case badDomain(DomainError)
    /// What follows MAIL FROM: is not a reverse-path.
    case badReversePath(PathError)
    /// What follows RCPT TO: is not a forward-path.
    case badForwardPath(PathError)
    /// A parameter whose value is none of its values.
    case badParameter
    /// A parameter given twice.
    case repeatedParameter
    /// A parameter of no extension offered here.
    case unknownParameter
    /// What follows ETRN names no queue.
    case badETRNArgument(ETRNArgumentError)
    /// What follows ATRN is no list of domains.
    case badATRNArgument(ATRNArgumentError)
    /// What follows BDAT is no number of octets: how many follow is unknown, so the connection is to be closed.
    case badChunk
    /// The first line of another protocol: the connection is to be closed.
    case foreignProtocol

    /// The reply that the line deserves.
    public var reply: SMTPReply {
        switch self {
        case .unknownCommand: ReplyOccasion.unknownCommand.standardForm.filled()
        case .notImplemented: ReplyOccasion.notImplemented.standardForm.filled()
        case .badCharacter: SMTPReply(501, .init(5, 5, 2), "Character not allowed in a command")
        case .lineTooLong: SMTPReply(500, .init(5, 5, 2), "Line too long")
        case .badArgument: SMTPReply(501, .init(5, 5, 4), "Syntax error in argument")
        case .argumentNotAllowed: SMTPReply(501, .init(5, 5, 4), "No argument allowed")
        case .badDomain: SMTPReply(501, .init(5, 5, 4), "Not a domain or address literal")
        case .badReversePath: SMTPReply(501, .init(5, 1, 7), "Bad sender address syntax")
        case .badForwardPath: SMTPReply(501, .init(5, 1, 3), "Bad recipient address syntax")
        case .badParameter: SMTPReply(501, .init(5, 5, 4), "Bad parameter value")
        case .repeatedParameter: SMTPReply(501, .init(5, 5, 4), "Parameter given twice")
        case .unknownParameter: SMTPReply(555, .init(5, 5, 4), "Parameter not recognized")
        case .badETRNArgument(.empty): SMTPReply(500, .init(5, 5, 2), "Syntax: ETRN domain")
        case .badETRNArgument: SMTPReply(501, .init(5, 5, 4), "Not a fully qualified domain or queue name")
        case .badATRNArgument:
            SMTPReply(501, .init(5, 5, 4), "Syntax: ATRN [domain,domain], fully qualified, without spaces")
        case .badChunk: SMTPReply(501, .init(5, 5, 4), "Syntax: BDAT octets [LAST]; closing connection")
        case .foreignProtocol: SMTPReply(554, .init(5, 5, 0), "This is SMTP")
        }
    }
}
