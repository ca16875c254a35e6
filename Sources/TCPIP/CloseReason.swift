/// Why a connection is over.
public enum CloseReason: Hashable, Sendable {
    /// Both sides have closed.
    case normal
    /// Our application gave it up.
    case aborted
    /// The peer answered the SYN with a reset.
    case refused
    /// The peer reset it.
    case reset
    /// No acknowledgment for too long.
    case timedOut
    /// ICMP said that the peer cannot be reached.
    case unreachable
}

extension CloseReason: CustomStringConvertible {
    /// The reason in the words of a log.
    public var description: String {
        switch self {
        case .normal: "closed"
        case .aborted: "aborted"
        case .refused: "connection refused"
        case .reset: "connection reset"
        case .timedOut: "timed out"
        case .unreachable: "no route to host"
        }
    }
}
