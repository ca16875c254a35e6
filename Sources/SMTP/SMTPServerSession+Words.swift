import Timebase

// What is said, in the words of the server's personality.
extension SMTPServerSession {
    /// What a reply is about: it fills those gaps of the words that the session cannot fill from what it is.
    enum Subject {
        case nothing
        case calendar(CalendarDate)
        case sender(ReversePath)
        case recipient(ForwardPath)
        case message(id: String)
        case queue(name: String, messages: Int)
    }

    mutating func say(_ reply: SMTPReply) {
        output.append(reply, showsEnhancedStatus: configuration.offersEnhancedStatusCodes)
    }

    /// Says what is to be said on an occasion.
    mutating func say(_ occasion: ReplyOccasion, about subject: Subject = .nothing) {
        // What is named by itself is copied, and not the session.
        let (host, client) = (configuration.hostName, clientName)
        output.append(
            configuration.personality.form(on: occasion), showsEnhancedStatus: configuration.offersEnhancedStatusCodes
        ) { gap, octets in SMTPServerSession.fill(gap, about: subject, host, client, &octets) }
    }

    mutating func saySenderOk() { say(.senderOk, about: .sender(transaction?.reversePath ?? .null)) }

    /// The same as a reply that nobody has heard yet.
    func reply(on occasion: ReplyOccasion, about subject: Subject = .nothing) -> SMTPReply {
        filled(configuration.personality.form(on: occasion), about: subject)
    }

    func filled(_ form: ReplyForm, about subject: Subject) -> SMTPReply {
        let (host, client) = (configuration.hostName, clientName)
        return form.filled { gap, octets in SMTPServerSession.fill(gap, about: subject, host, client, &octets) }
    }

    // Where there is nothing a gap stays empty.
    private static func fill(
        _ gap: ReplyForm.Gap, about subject: Subject, _ host: Domain, _ client: Domain?, _ octets: inout [UInt8]
    ) {
        switch (gap, subject) {
        case (.host, _): octets.append(host.spelling)
        case (.client, _): octets.append(client?.spelling ?? "")
        case (.date, .calendar(let date)): octets.append(date.mailHeaderDate)
        case (.path, .sender(let path)): path.append(to: &octets)
        case (.path, .recipient(let path)): path.append(to: &octets)
        case (.address, .sender(.mailbox(let mailbox))), (.address, .recipient(.mailbox(let mailbox))):
            mailbox.append(to: &octets)
        case (.address, .recipient(.postmaster)): octets.append("Postmaster")
        case (.id, .message(let id)): octets.append(id)
        case (.name, .queue(let name, _)): octets.append(name)
        case (.count, .queue(_, let messages)): octets.append("\(messages)")
        default: break
        }
    }
}
