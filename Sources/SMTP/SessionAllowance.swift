/// What a client may still send in a session: the limits of both sides, and how much of them is used up (RFC 9422).
struct SessionAllowance: Sendable {
    private var limits: OfferedLimits
    private var mails = 0
    // Looked up, never walked; empty where domains are not limited.
    private var domains: Set<Domain> = []

    /// Everything is still allowed that the server takes.
    /// - Parameters:
    ///   - offered: what the server says it takes.
    ///   - recipientLimit: how many recipients of one transaction the client itself allows.
    init(_ offered: OfferedLimits = OfferedLimits(), recipientLimit: Int? = nil) {
        limits = offered
        limits.hold(toRecipients: recipientLimit)
    }

    /// Whether one more MAIL is taken.
    var takesMail: Bool { limits.mails.map { mails < $0 } ?? true }

    /// Says whom one transaction is for, and counts it.
    /// - Parameter paths: all to whom the message is to go.
    /// - Returns: those of this transaction and those that are left for another; nobody of this one when the session
    ///   takes no more.
    mutating func begin(for paths: [ForwardPath]) -> (now: [ForwardPath], left: [ForwardPath]) {
        guard takesMail else { return ([], paths) }
        let most = limits.recipients ?? .max
        var now: [ForwardPath] = []
        var left: [ForwardPath] = []
        if limits.recipientDomains == nil, paths.count <= most {
            now = paths
        } else {
            for path in paths {
                if now.count < most, admits(path) { now.append(path) } else { left.append(path) }
            }
        }
        if !now.isEmpty { mails += 1 }
        return (now, left)
    }

    // The host's own postmaster is in no domain.
    private mutating func admits(_ path: ForwardPath) -> Bool {
        guard let most = limits.recipientDomains, let domain = path.domain else { return true }
        guard domains.contains(domain) || domains.count < most else { return false }
        domains.insert(domain)
        return true
    }

    /// The server has said that it takes only so many recipients in one transaction.
    mutating func learn(recipients: Int) { limits.hold(toRecipients: recipients) }
}
