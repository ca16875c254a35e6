/// How much a server takes in one session, as it says itself in its reply to EHLO (LIMITS, RFC 9422). Nil is no limit
/// that it has spoken of.
public struct OfferedLimits: Hashable, Sendable {
    /// MAILMAX: how many MAIL commands, refused ones included.
    public private(set) var mails: Int?
    /// RCPTMAX: how many RCPT commands in one transaction, refused ones included.
    public private(set) var recipients: Int?
    /// RCPTDOMAINMAX: in how many different domains all recipients of the session together may be.
    public private(set) var recipientDomains: Int?

    /// Reads the parameters of the keyword. What is no limit known here, or has no number from 1 to 999999, is left
    /// aside, as RFC 9422 §3 asks of clients; of two numbers for one limit the smaller counts.
    init(parsing parameters: [String] = []) {
        for parameter in parameters {
            let octets = Array(parameter.utf8)[...]
            let name = octets.prefix { $0 != UInt8(ascii: "=") }
            guard let number = OfferedLimits.number(octets.dropFirst(name.count + 1)) else { continue }
            if name.spells("mailmax") { mails = min(mails ?? number, number) }
            if name.spells("rcptmax") { recipients = min(recipients ?? number, number) }
            if name.spells("rcptdomainmax") { recipientDomains = min(recipientDomains ?? number, number) }
        }
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        guard digits.count <= 6, digits.first != UInt8(ascii: "0") else { return nil }
        return MailParameters.size(parsing: digits)
    }

    /// Holds to a smaller number of recipients for each transaction, if this is one.
    mutating func hold(toRecipients limit: Int?) {
        if let limit { recipients = min(recipients ?? limit, limit) }
    }
}
