public import Timebase

/// How a link finds out that its peer is gone: by Echo-Requests (RFC 1661 §5.8).
public struct KeepaliveConfiguration: Hashable, Sendable {
    /// The time between two Echo-Requests.
    public var interval: Interval
    /// How many in a row may stay unanswered before the link is ended.
    public var maximumFailures: Int

    /// Echo-Requests in this rhythm; pppd's own example is every 30 s and 4 failures.
    public init(interval: Interval = .seconds(30), maximumFailures: Int = 4) {
        precondition(interval > .zero && maximumFailures >= 1, "a keepalive asks at intervals, once at least")
        self.interval = interval
        self.maximumFailures = maximumFailures
    }
}
