/// Why a client session could not go on. A message that was started and neither accepted nor refused before is to be
/// tried again later (RFC 5321 §3.8).
public enum SMTPClientFailure: Hashable, Sendable {
    /// The server greeted with something else than 220.
    case greetingRefused(SMTPReply)
    /// The server took neither EHLO nor HELO.
    case helloRefused(SMTPReply)
    /// ETRN is not among the server's extensions; it was not sent.
    case etrnNotOffered
    /// ATRN is not among the server's extensions; it was not sent.
    case atrnNotOffered
    /// Octets behind the reply to ATRN or TURN: after it the client is the server, and speaks first (RFC 2645 §5.3).
    case octetsBehindReversal
    /// AUTH is needed, and the server offers no mechanism that may be used on this connection.
    case authenticationNotOffered
    /// The server did not believe the proof, or took none.
    case authenticationRefused(SMTPReply)
    /// The server did not prove who it is, or spoke as no server of the mechanism does.
    case serverNotAuthentic
    /// TLS is wanted, and STARTTLS is not among the server's extensions.
    case tlsNotOffered
    /// The server offers STARTTLS and refuses it now.
    case tlsRefused(SMTPReply)
    /// Octets in the clear behind the reply to STARTTLS: somebody may have put them there (RFC 3207 §5).
    case plaintextBehindTLS
    /// 421: the server is about to close the connection.
    case serviceClosing(SMTPReply)
    /// A reply that answers nothing: client and server no longer agree where they are.
    case unexpectedReply(SMTPReply)
    /// Octets that are no reply.
    case badReply(ReplyError)
    /// No answer in time; the state tells to what.
    case timedOut(SMTPClientSession.State)
    /// The connection ended before QUIT.
    case connectionClosed
}

extension SMTPClientFailure: CustomStringConvertible {
    /// The failure in the words of a log.
    public var description: String {
        switch self {
        case .greetingRefused(let reply): "refused with \(reply.oneLine)"
        case .helloRefused(let reply): "EHLO refused with \(reply.oneLine)"
        case .etrnNotOffered: "ETRN is not offered"
        case .atrnNotOffered: "ATRN is not offered"
        case .octetsBehindReversal: "the server speaks before it is greeted"
        case .authenticationNotOffered: "no usable mechanism of AUTH is offered"
        case .authenticationRefused(let reply): "AUTH refused with \(reply.oneLine)"
        case .serverNotAuthentic: "the server has not proved who it is"
        case .tlsNotOffered: "STARTTLS is not offered"
        case .tlsRefused(let reply): "STARTTLS refused with \(reply.oneLine)"
        case .plaintextBehindTLS: "plaintext behind the reply to STARTTLS"
        case .serviceClosing(let reply): reply.oneLine
        case .unexpectedReply(let reply): "unexpected reply \(reply.oneLine)"
        case .badReply: "not an SMTP reply"
        case .timedOut: "no answer in time"
        case .connectionClosed: "connection lost"
        }
    }
}

extension SMTPReply {
    fileprivate var oneLine: String { "\(code) \(lines.joined(separator: " "))" }
}
