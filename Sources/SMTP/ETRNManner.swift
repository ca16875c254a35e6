public import Timebase

/// How a client goes from one ETRN to the next: programs differ.
public struct ETRNManner: Hashable, Sendable {
    /// After which replies the next name is asked for.
    public enum Persistence: Hashable, Sendable {
        /// 2yz is good, 4yz is about that name alone; 5yz says that ETRN is of no use here (RFC 1985 §5.2).
        case afterCompletionOrTransientFailure
        /// Only 250, 252 and 253: when nothing waits for one name, the others are never asked for.
        case whileSomethingWaits
        /// Every reply, whatever it says.
        case regardless
    }

    /// After which replies it goes on.
    public var persistence: Persistence
    /// How long it waits before the next name.
    public var pause: Interval
    /// Whether ETRN is sent even when EHLO does not list it, as hosts did that knew their provider: the answer then
    /// says why it is not there.
    public var isSentUnlisted: Bool

    /// A manner of these parts.
    public init(persistence: Persistence, pause: Interval = .zero, isSentUnlisted: Bool = false) {
        self.persistence = persistence
        self.pause = pause
        self.isSentUnlisted = isSentUnlisted
    }

    /// As RFC 1985 has it.
    public static let standard = ETRNManner(persistence: .afterCompletionOrTransientFailure)
    /// fetchmail 6.4: one 251 or one refusal ends the asking, and nothing is sent unlisted.
    public static let fetchmail = ETRNManner(persistence: .whileSomethingWaits)
    /// sendmail's etrn.pl: a second between two names, and no look at the replies.
    public static let etrnScript = ETRNManner(
        persistence: .regardless, pause: .seconds(1), isSentUnlisted: true)

    /// Whether the next name is asked for after a reply.
    func goesOn(after reply: SMTPReply) -> Bool {
        switch persistence {
        case .afterCompletionOrTransientFailure: reply.kind == .completion || reply.kind == .transientFailure
        case .whileSomethingWaits: reply.kind == .completion && reply.code != 251
        case .regardless: true
        }
    }
}
