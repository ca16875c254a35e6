import SMTP
import Timebase

/// What a report says: to mail hosts in its header, to a person in words, and to a program in fields.
struct ReportText {
    let report: DeliveryReport
    let host: Domain
    let begins: CalendarDate

    /// The header but for what MIME adds (RFC 3461 §6.2, RFC 3834 §5), without the last line's end.
    var header: String {
        let subject =
            switch report.action {
            case .failed: "Undelivered mail"
            case .delayed: "Delayed mail"
            case .delivered: "Delivered mail"
            case .relayed: "Relayed mail"
            case .expanded: "Forwarded mail"
            }
        return [
            "Date: \(date(report.made))", folded("From: Mail Delivery Subsystem <MAILER-DAEMON@\(host)>"),
            folded("To: <\(report.sender)>"), "Subject: \(subject)",
            folded("Message-ID: <report.\(report.number).\(report.made.nanoseconds)@\(host)>"),
            "Auto-Submitted: auto-replied", "MIME-Version: 1.0",
        ].joined(separator: "\r\n")
    }

    private func date(_ instant: Instant) -> String { begins.date(at: instant).mailHeaderDate }

    // MARK: For a person

    var words: String {
        let sections = DeliveryReport.Action.allCases.compactMap { action in
            let recipients = report.recipients.filter { $0.action == action }
            return recipients.isEmpty ? nil : words(on: action, recipients)
        }
        return "This is the mail host \(host).\r\nYour message came in on \(date(report.arrival)).\r\n\r\n"
            + sections.joined(separator: "\r\n")
    }

    private func words(on action: DeliveryReport.Action, _ recipients: [DeliveryReport.Recipient]) -> String {
        let meaning =
            switch action {
            case .failed: "It could not be delivered to these recipients, and is not tried again:"
            case .delayed: "It still waits for these recipients. You need not send it again:"
            case .delivered: "It has been delivered to these recipients:"
            case .relayed: "It has been passed on for these recipients to a host that sends no reports:"
            case .expanded: "It has been passed on to several others in the place of these recipients:"
            }
        return meaning + "\r\n\r\n" + recipients.map(words).joined()
    }

    private func words(on recipient: DeliveryReport.Recipient) -> String {
        var lines = ["  \(address(of: recipient.path))"]
        if let reply = recipient.reply {
            let speaker = reply.host.map { "\($0) said" } ?? "\(host) says"
            lines.append(folded("    \(speaker): \(line(reply.description))", indent: "      "))
        } else if recipient.action == .failed || recipient.action == .delayed {
            let attempt = recipient.lastAttempt.map { "the last attempt broke off on \(date($0))" }
            lines.append("    \(attempt ?? "the mail host of the domain was not there to take it")")
        }
        if let until = recipient.retriesUntil { lines.append("    it waits until \(date(until))") }
        return lines.map { $0 + "\r\n" }.joined()
    }

    // MARK: For a program

    /// The fields of the message, then those of each recipient, with an empty line between (RFC 3464 §2.1).
    var fields: String { ([fieldsOfMessage] + report.recipients.map(fields)).joined(separator: "\r\n") }

    // RFC 3464 §2.2; Deliver-By-Date, RFC 2852 §5.
    private var fieldsOfMessage: String {
        let options = report.envelope.options
        return field("Original-Envelope-Id", options.envelopeID?.printable)
            + field("Reporting-MTA", "dns; \(host)")
            + field("Arrival-Date", date(report.arrival))
            + field(
                "Deliver-By-Date", options.deliverBy.map { date(report.arrival + .seconds(Int64($0.seconds))) })
    }

    // RFC 3464 §2.3. Without another host's word there is no Remote-MTA, and no Diagnostic-Code of SMTP.
    private func fields(of recipient: DeliveryReport.Recipient) -> String {
        let said = recipient.reply.flatMap { $0.host == nil ? nil : $0 }
        return field(
            "Original-Recipient", report.envelope.options.recipients[recipient.path]?.reportedRecipient)
            + field(
                "Final-Recipient",
                "\(recipient.path.isASCII ? "rfc822" : "utf-8"); \(address(of: recipient.path))")
            + field("Action", recipient.action.rawValue)
            + field("Status", "\(recipient.status)")
            + field("Remote-MTA", said?.host.map { "dns; \($0)" })
            + field("Diagnostic-Code", said.map { "smtp; \($0)" })
            + field("Last-Attempt-Date", recipient.lastAttempt.map(date))
            + field("Will-Retry-Until", recipient.retriesUntil.map(date))
    }

    private func field(_ name: String, _ value: String?) -> String {
        guard let value else { return "" }
        return folded("\(name): \(line(value))") + "\r\n"
    }

    private func address(of path: ForwardPath) -> String {
        switch path {
        case .mailbox(let mailbox): "\(mailbox)"
        case .postmaster: "postmaster@\(host)"
        }
    }

    /// Text of any origin as a part of a line: printable US-ASCII, or UTF-8 if that is what the report is in, and not
    /// so long that no line could hold it.
    private func line(_ text: String) -> String {
        let isInternational = report.isInternational
        let octets = text.utf8.prefix(900).map { octet in
            (0x20...0x7e).contains(octet) || (isInternational && octet >= 0x80) ? octet : UInt8(ascii: "?")
        }
        return String(decoding: octets, as: UTF8.self)
    }

    /// A line that would be long goes on in the next one, which begins with the blank between two words (RFC 5322
    /// §2.2.3), or for people with more of them.
    private func folded(_ text: String, indent: String = " ") -> String {
        var lines = ""
        var length = 0
        for (index, word) in text.split(separator: " ", omittingEmptySubsequences: false).enumerated() {
            let width = word.utf8.count + 1
            if index > 0 {
                // A line of blanks alone would be none.
                let isFull = length + width > 78 && !word.isEmpty && lines.utf8.last != UInt8(ascii: " ")
                lines += isFull ? "\r\n\(indent)" : " "
                length = isFull ? indent.utf8.count : length + 1
            }
            lines += word
            length += width - 1
        }
        return lines
    }
}

extension [UInt8] {
    /// Whether some octets occur in these, one after the other.
    func contains(_ sequence: some Collection<UInt8>) -> Bool {
        guard let first = sequence.first else { return true }
        return indices.contains { self[$0] == first && self[$0...].starts(with: sequence) }
    }
}
