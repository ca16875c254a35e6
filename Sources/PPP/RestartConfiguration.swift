public import Timebase

/// The restart timer and the limits of the automaton (RFC 1661 §4.6).
public struct RestartConfiguration: Hashable, Sendable {
    /// How long an answer is waited for before the request is sent again. It should be longer than the line's round
    /// trip: a peer that gets a request twice starts over. Default 3 s.
    public var interval: Interval
    /// Max-Terminate: how many Terminate-Requests are sent before the peer counts as gone. Default 2.
    public var maximumTerminate: Int
    /// Max-Configure: how many Configure-Requests are sent before the peer counts as silent. Default 10.
    public var maximumConfigure: Int
    /// Max-Failure: how many Configure-Naks are sent, or put up with, before options are rejected, or dropped, instead.
    /// Default 5.
    public var maximumFailure: Int

    /// Timer and limits, by default those of the RFC.
    public init(
        interval: Interval = .seconds(3), maximumTerminate: Int = 2, maximumConfigure: Int = 10,
        maximumFailure: Int = 5
    ) {
        precondition(interval > .zero, "a restart timer runs for some time")
        precondition(
            maximumTerminate >= 1 && maximumConfigure >= 1 && maximumFailure >= 1, "every request is sent once at least"
        )
        self.interval = interval
        self.maximumTerminate = maximumTerminate
        self.maximumConfigure = maximumConfigure
        self.maximumFailure = maximumFailure
    }
}
