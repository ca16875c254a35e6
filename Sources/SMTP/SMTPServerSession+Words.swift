// What is said, in the words of the server's personality.
extension SMTPServerSession {
    /// What is said on an occasion; the details fill the gaps of its words, if they have any.
    func reply(on occasion: ReplyOccasion, _ details: () -> [ReplyForm.Gap: String] = { [:] }) -> SMTPReply {
        filled(configuration.personality.form(on: occasion), details)
    }

    func filled(_ form: ReplyForm, _ details: () -> [ReplyForm.Gap: String]) -> SMTPReply {
        guard form.hasGaps else { return form.reply }
        var values = details()
        values[.host] = "\(configuration.hostName)"
        values[.client] = clientName.map { "\($0)" }
        if let path = values[.path], path.hasPrefix("<") { values[.address] = String(path.dropFirst().dropLast()) }
        return form.filled(with: values)
    }

    mutating func saySenderOk() {
        say(reply(on: .senderOk) { [.path: transaction.map { "\($0.reversePath)" } ?? ""] })
    }
}
