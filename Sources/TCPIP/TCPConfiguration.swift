public import Timebase

/// What one host's TCP is set to. The defaults are the RFCs'.
public struct TCPConfiguration: Hashable, Sendable {
    /// The largest segment to receive, said in the SYN. Default 1,460: a datagram of 1,500 octets without options
    /// (RFC 9293 §3.7.1).
    public var maximumSegmentSize = 1_460
    /// The receive window in octets, at most 65,535 without window scaling. Default 8,760: six segments, as NT 4 has.
    public var receiveWindow = 8_760
    /// How much the application may hand over before it is acknowledged, in octets. Default 8,192.
    public var sendBuffer = 8_192
    /// The retransmission time-out before the first round trip is measured. Default 1 s (RFC 6298 §2.1).
    public var initialTimeout = Interval.seconds(1)
    /// The least retransmission time-out. Default 1 s (RFC 6298 §2.4).
    public var minimumTimeout = Interval.seconds(1)
    /// The greatest retransmission time-out. Default 60 s (RFC 6298 §2.5).
    public var maximumTimeout = Interval.seconds(60)
    /// How often a SYN is sent again before the attempt fails. Default 7, more than three
    /// minutes in all, as R2 for a SYN demands (RFC 9293 §3.8.3).
    public var synRetries = 7
    /// How often a segment is sent again before the connection fails. Default 15, as Linux.
    public var retries = 15
    /// The longest an acknowledgment is held back. Default 200 ms (at most 500 ms, RFC 9293 §3.8.6.3).
    public var delayedAcknowledgment = Interval.milliseconds(200)
    /// Whether small segments wait for an acknowledgment (Nagle, RFC 9293 §3.7.4). Default true.
    public var usesNagle = true
    /// How long a closed connection is remembered: twice the maximum segment lifetime. Default 4 min (RFC 9293 §3.4.2).
    public var timeWait = Interval.minutes(4)
    /// How many segments may be sent before the first acknowledgment. Default 3 of 1,460 (RFC 6928 has 10; RFC 3390
    /// is what the years of dial-up had).
    public var initialWindowSegments = 3
    /// How long a half-closed connection may hear nothing of its peer before it is given up. Default 4 min: a peer that
    /// still has something to say and loses segment after segment tries again each minute.
    public var finWait = Interval.minutes(4)

    /// The defaults.
    public init() {}
}
