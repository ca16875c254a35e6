// What is said, in the words of the server's personality.
extension SMTPServerSession {
    mutating func say(_ reply: SMTPReply) {
        output.append(reply, showsEnhancedStatus: configuration.offersEnhancedStatusCodes)
    }

    /// Says what is to be said on an occasion; its subject fills the gaps of the words, if they have any.
    mutating func say(_ occasion: ReplyOccasion, about subject: ReplyDetails.Subject = .nothing) {
        say(configuration.personality.form(on: occasion), about: subject)
    }

    mutating func say(_ form: ReplyForm, about subject: ReplyDetails.Subject) {
        output.append(
            form, showsEnhancedStatus: configuration.offersEnhancedStatusCodes,
            details: form.hasGaps ? details(about: subject) : nil)
    }

    /// The same as a reply that nobody has heard yet.
    func reply(on occasion: ReplyOccasion, about subject: ReplyDetails.Subject = .nothing) -> SMTPReply {
        filled(configuration.personality.form(on: occasion), about: subject)
    }

    func filled(_ form: ReplyForm, about subject: ReplyDetails.Subject) -> SMTPReply {
        form.filled(with: details(about: subject))
    }

    private func details(about subject: ReplyDetails.Subject) -> ReplyDetails {
        ReplyDetails(host: configuration.hostName, client: clientName, subject: subject)
    }

    mutating func saySenderOk() {
        say(.senderOk, about: .sender(transaction?.reversePath ?? .null))
    }
}
