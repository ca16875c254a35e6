public import SMTP

extension OutgoingMessage {
    /// A message whose content is at hand, or is written while it is sent.
    public init(envelope: Envelope, _ content: MessageContent) {
        switch content {
        case .octets(let octets): self.init(envelope: envelope, content: octets)
        case .generated(let letter): self.init(envelope: envelope, plainTextOfSize: letter.size)
        }
    }
}

extension MessageContent {
    /// Its pieces from a place on, if it is written only when it is sent.
    public func letter(from start: Int) -> LetterPieces? {
        guard case .generated(let letter) = self else { return nil }
        return LetterPieces(of: letter, from: start)
    }
}
