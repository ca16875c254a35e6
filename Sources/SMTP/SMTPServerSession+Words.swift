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

extension ServerPersonality {
    /// Puts the lines of the reply to EHLO in order.
    /// - Parameter extensions: what could be listed, each with whether it is switched on.
    /// - Returns: what is listed.
    func ordered(_ extensions: [(isOffered: Bool, line: String)]) -> [String] {
        guard let list = keywords else { return extensions.filter(\.isOffered).map(\.line) }
        return list.compactMap { keyword in
            let known = extensions.filter { $0.line.prefix { $0 != " " } == keyword.uppercased() }
            guard !known.isEmpty else { return keyword }
            return known.first(where: \.isOffered).map { keyword + $0.line.dropFirst(keyword.count) }
        }
    }
}
