public import SMTP
public import Timebase
public import Wire

/// Whom a resolver asks, and how patient it is.
public struct ResolverConfiguration: Hashable, Sendable {
    /// The servers, in the order in which they are asked; never empty.
    public let servers: [NameServer]
    /// How long a server may take in the first round; in each further one it is twice as long, up to
    /// ``longestWait``. Five seconds, as RFC 1123 §6.1.3.3 demands of whoever knows nothing about the server.
    public var firstWait = Interval.seconds(5)
    /// The longest that any server may take. Thirty seconds.
    public var longestWait = Interval.seconds(30)
    /// How many times each server is asked until a question counts as not answered. Two; one at least.
    public var rounds = 2
    /// Whether hosts are looked up by IPv6, too (AAAA). Yes.
    public var looksUpIPv6 = true
    /// What this host is called: mail is not sent to a host that is no better than it (RFC 5321 §5.1), so that it does
    /// not matter whether the names of such hosts are answered.
    public var ownNames: [Domain] = []
    /// The addresses of this host, for the same reason.
    public var ownAddresses: [IPAddress] = []
    /// How many questions are asked at once; others wait. Each has a few ports. A hundred; one at least.
    public var mostOpenQueries = 100
    /// How many sets of records are kept. Ten thousand; one at least.
    public var mostCachedSets = 10_000
    /// For how long a record is kept at most, whatever its time to live. A day.
    public var longestKept = Interval.days(1)
    /// For how long it is kept at most that something is not there (RFC 2308 §5). Three hours.
    public var longestKeptMissing = Interval.hours(3)

    /// A resolver that asks these servers.
    public init(servers: [NameServer]) {
        precondition(!servers.isEmpty, "somebody has to be asked")
        self.servers = servers
    }

    /// How long a server may take in a round, counted from zero.
    func wait(inRound round: Int) -> Interval {
        var wait = firstWait
        for _ in 0..<round where wait < longestWait { wait = wait * 2 }
        return min(wait, longestWait)
    }
}
