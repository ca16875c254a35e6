// What the server session says in the same words whoever it speaks like. Text is for people; clients look at the codes
// (RFC 5321 §4.2).
extension SMTPReply {
    static let insufficientStorage = SMTPReply(452, .init(4, 3, 1), "Insufficient system storage")
    static let cannotVerify = SMTPReply(
        252, .init(2, 0, 0), "Cannot verify, but will take messages and attempt delivery")
    static let noService = SMTPReply(503, .init(5, 5, 1), "No service here; say QUIT")
    static let contentBegun = SMTPReply(503, .init(5, 5, 1), "Content has begun; say BDAT or RSET")
    static let binaryNeedsChunks = SMTPReply(503, .init(5, 5, 1), "Binary content comes by BDAT")
    static let readyForTLS = SMTPReply(220, .init(2, 0, 0), "Ready to start TLS")
    static let noTLS = SMTPReply(454, .init(4, 7, 0), "TLS not available at the moment")
    static let alreadySecure = SMTPReply(503, .init(5, 5, 1), "TLS is already active")
    static let authenticated = SMTPReply(235, .init(2, 7, 0), "Authentication succeeded")
    static let senderNeedsSMTPUTF8 = SMTPReply(550, .init(5, 6, 7), "Addresses in UTF-8 need SMTPUTF8")
    static let recipientNeedsSMTPUTF8 = SMTPReply(553, .init(5, 6, 7), "Addresses in UTF-8 need SMTPUTF8 with MAIL")
    static let senderTakesNoMail = SMTPReply(
        550, .init(5, 7, 27), "Nobody could answer: the sender's domain takes no mail")
    static let recipientTakesNoMail = SMTPReply(556, .init(5, 1, 10), "The recipient's domain takes no mail")
    static let authenticateFirst = SMTPReply(530, .init(5, 7, 0), "Authentication required")
    static let alreadyAuthenticated = SMTPReply(503, .init(5, 5, 1), "Already authenticated")
    static let unknownMechanism = SMTPReply(504, .init(5, 5, 4), "Mechanism not offered here")
    static let noInitialResponse = SMTPReply(501, .init(5, 7, 0), "This mechanism begins with a challenge")
    static let responseTooLong = SMTPReply(500, .init(5, 5, 6), "Authentication line too long")
    static let cancelled = SMTPReply(501, .init(5, 7, 0), "Authentication cancelled")
    static let badBase64 = SMTPReply(501, .init(5, 5, 2), "Not base64")
    static let badResponse = SMTPReply(501, .init(5, 5, 2), "Malformed authentication response")
    static let wrongCredentials = SMTPReply(535, .init(5, 7, 8), "Authentication credentials invalid")
    static let tooManyFailures = SMTPReply(421, .init(4, 7, 0), "Too many failed authentications; closing connection")
    static let reversing = SMTPReply(250, .init(2, 0, 0), "OK, now reversing the connection")
    static let notLastCommand = SMTPReply(
        421, .init(4, 7, 0), "Nothing may be sent before the reply to ATRN or TURN; closing connection")
    static let mailboxFull = SMTPReply(452, .init(4, 2, 2), "Too much mail waits there already")
    static let tooManyRecipients = SMTPReply(452, .init(4, 5, 3), "Too many recipients")

    static func help(listsETRN: Bool) -> SMTPReply {
        SMTPReply(
            214, .init(2, 0, 0),
            lines: ["EHLO HELO MAIL RCPT DATA RSET", "NOOP QUIT VRFY HELP" + (listsETRN ? " ETRN" : "")])
    }

    static func shuttingDown(_ host: Domain) -> SMTPReply {
        SMTPReply(421, .init(4, 3, 2), "\(host) shutting down; closing connection")
    }

    static func priorityLowered(_ priority: MessagePriority) -> SMTPReply {
        SMTPReply(250, .init(2, 3, 6), "Sender ok; priority is \(priority)")
    }

    static func tooSoon(_ seconds: Int) -> SMTPReply {
        SMTPReply(554, .init(5, 4, 7), "Cannot promise delivery in less than \(seconds) seconds")
    }

    static func resumes(at offset: Int) -> SMTPReply { SMTPReply(355, nil, "\(offset) octets are here already") }

    static func chunkTaken(_ count: Int) -> SMTPReply { SMTPReply(250, .init(2, 0, 0), "\(count) octets received") }
}
