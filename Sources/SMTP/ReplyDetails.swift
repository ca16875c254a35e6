import Timebase

/// What fills the gaps of one reply.
struct ReplyDetails {
    /// What the reply is about.
    enum Subject {
        case nothing
        case calendar(CalendarDate)
        case sender(ReversePath)
        case recipient(ForwardPath)
        case message(id: String)
        case queue(name: String, messages: Int)
    }

    let host: Domain
    let client: Domain?
    let subject: Subject

    /// Appends what belongs into a gap; nothing where there is nothing.
    func append(_ gap: ReplyForm.Gap, to octets: inout [UInt8]) {
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
