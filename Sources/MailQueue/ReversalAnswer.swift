public import SMTP

/// What ATRN or TURN is told (RFC 2645 §5.2.1).
public struct ReversalAnswer: Hashable, Sendable {
    /// What becomes of the request.
    public enum Verdict: Hashable, Sendable {
        /// So many messages wait for these domains: the roles can be reversed.
        case granted([Domain], messages: Int)
        /// Nothing waits for any of the domains.
        case nothingWaiting
        /// A connection stands already over which mail for one of the domains goes.
        case alreadyRunning(Domain)
        /// Mail waits, and none of it may go now.
        case unable(FlushAnswer.Obstacle)
        /// The client may not have this domain's mail, and so gets none at all.
        case notAllowed(Domain, FlushAnswer.Objection)
    }

    /// What becomes of the request.
    public let verdict: Verdict

    /// The reply to a request that is not granted; nil when it is.
    public var refusal: SMTPReply? {
        switch verdict {
        case .granted: nil
        case .nothingWaiting: SMTPReply(453, .init(4, 3, 2), "You have no mail")
        case .alreadyRunning(let domain):
            SMTPReply(450, .init(4, 5, 0), "Request refused: mail for \(domain) is on its way already")
        // What is wrong with the server itself is 451, a rule of its queue 450.
        case .unable(.storeFailed):
            SMTPReply(451, .init(4, 3, 0), "Unable to process the request now: \(FlushAnswer.Obstacle.storeFailed)")
        case .unable(.tooManyFlushes):
            SMTPReply(451, .init(4, 5, 0), "Unable to process the request now: \(FlushAnswer.Obstacle.tooManyFlushes)")
        case .unable(let obstacle): SMTPReply(450, .init(4, 5, 0), "Request refused: \(obstacle)")
        case .notAllowed(let domain, let objection):
            SMTPReply(450, .init(4, 7, 1), "Request refused: \(domain): \(objection)")
        }
    }
}
