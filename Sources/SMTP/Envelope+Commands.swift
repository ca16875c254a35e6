extension Envelope {
    /// The commands that would carry the envelope to a server with all extensions: MAIL, and RCPT for each recipient.
    public var commands: [SMTPCommand] {
        var parameters = MailParameters(size: declaredSize, body: body == .sevenBit ? nil : body)
        parameters.isSMTPUTF8 = isSMTPUTF8
        parameters.returnedContent = options.returnedContent
        parameters.envelopeID = options.envelopeID
        parameters.priority = options.priority == .normal ? nil : options.priority
        parameters.deliverBy = options.deliverBy
        let recipients = forwardPaths.map { path in
            SMTPCommand.rcpt(path, options.recipients[path] ?? RecipientParameters())
        }
        return [.mail(reversePath, parameters)] + recipients
    }

    /// The envelope that commands carry; nil when they are not MAIL and then RCPT alone.
    public init?(commands: [SMTPCommand]) {
        guard case .mail(let reversePath, let parameters) = commands.first else { return nil }
        self.init(
            reversePath: reversePath, body: parameters.body ?? .sevenBit, declaredSize: parameters.size)
        isSMTPUTF8 = parameters.isSMTPUTF8
        var options = DeliveryOptions()
        options.returnedContent = parameters.returnedContent
        options.envelopeID = parameters.envelopeID
        options.priority = parameters.priority ?? .normal
        options.deliverBy = parameters.deliverBy
        for command in commands.dropFirst() {
            guard case .rcpt(let path, let wishes) = command else { return nil }
            forwardPaths.append(path)
            if wishes != RecipientParameters() { options.recipients[path] = wishes }
        }
        self.options = options
    }
}
