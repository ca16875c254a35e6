public import Timebase

/// How a client speaks.
public enum TransferProtocol: String, Hashable, Sendable {
    /// The client said HELO.
    case smtp = "SMTP"
    /// The client said EHLO.
    case esmtp = "ESMTP"

    /// What a Received field calls the way of a message (RFC 3848, RFC 6531 §4.3).
    /// - Parameters:
    ///   - isSMTPUTF8: whether MAIL said SMTPUTF8.
    ///   - isSecure: whether it came through TLS.
    ///   - isAuthenticated: whether the client had proved who it is.
    /// - Returns: the name, as in `ESMTPSA`.
    public func registeredName(isSMTPUTF8: Bool, isSecure: Bool, isAuthenticated: Bool) -> String {
        guard self == .esmtp else { return rawValue }
        return (isSMTPUTF8 ? "UTF8SMTP" : rawValue) + (isSecure ? "S" : "") + (isAuthenticated ? "A" : "")
    }
}

/// The header fields that a server puts in front of a message (RFC 5321 §4.4).
public enum TraceField {
    /// The Received field of a message, folded, with its line ends.
    /// - Parameters:
    ///   - client: the name the client gave with EHLO or HELO.
    ///   - clientAddress: the address of the connection as text, without brackets.
    ///   - server: the server's own name.
    ///   - transfer: how the message arrived, by its registered name.
    ///   - id: what the server calls the message; characters that no identifier has are left out.
    ///   - recipient: the recipient if there is but one. With several, naming one would betray blind copies
    ///     (RFC 5321 §7.2).
    ///   - date: when it arrived.
    /// - Returns: the field.
    public static func received(
        from client: Domain, clientAddress: String, by server: Domain, with transfer: String, id: String,
        for recipient: ForwardPath?, at date: CalendarDate
    ) -> [UInt8] {
        let visible = clientAddress.utf8.filter { $0.isLetterOrDigit || $0 == .dot || $0 == UInt8(ascii: ":") }
        let address = String(decoding: visible, as: UTF8.self)
        let literal = visible.contains(UInt8(ascii: ":")) ? "[IPv6:\(address)]" : "[\(address)]"
        let identifier = String(decoding: id.utf8.filter { $0.isAtext || $0 == .dot }, as: UTF8.self)
        var text = "Received: from \(client) (\(literal))\r\n\tby \(server) with \(transfer)"
        if !identifier.isEmpty { text += " id \(identifier)" }
        if let recipient { text += "\r\n\tfor \(recipient)" }
        text += ";\r\n\t\(date.mailHeaderDate)\r\n"
        return Array(text.utf8)
    }

    /// The Return-Path field that goes on top at final delivery, with its line end.
    public static func returnPath(_ path: ReversePath) -> [UInt8] { Array("Return-Path: \(path)\r\n".utf8) }
}
