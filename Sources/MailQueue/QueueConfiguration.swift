public import SMTP
public import Timebase

/// How a mail queue holds, retries and gives up.
public struct QueueConfiguration: Hashable, Sendable {
    /// How long to wait after failed attempts that nobody asked for. Default 15 m, 30 m, 1 h, then every 4 h.
    public var retry = RetrySchedule.standard
    /// How long a message is held before it expires. Default 2 d; RFC 5321 §4.5.4.1 advises 4 to 5 d.
    public var lifetime = Interval.days(2)
    /// After how long it is said once of a message that it still waits, for a report of delay to its sender (RFC 3461
    /// §5.2.3). Default never.
    public var warning: Interval?
    /// How the reverse connection is tried again after an ETRN was accepted.
    public var quickRetry = QuickRetry()
    /// The domains whose mail waits until it is asked for, each with every domain below it: those that ETRN may name
    /// (RFC 1985 §5.1). Mail for any other domain is tried at once. Default none.
    public var onDemandDomains: [Domain] = []
    /// Whether mail for on-demand domains is also tried without being asked for. Default no: it would dial nobody up.
    public var triesUnasked = false
    /// The on-demand domains, as listed there, that are tried without being asked for even so. Default none.
    public var retriedDomains: [Domain] = []
    /// The queues that `ETRN #name` may start (RFC 1985 §5.3). Default none.
    public var namedQueues: [NamedQueue] = []
    /// The least time from the beginning of one flush of a domain to the next. Only a flush that ran to its end counts,
    /// and a new link or new mail makes it void: whoever calls again after a lost carrier, or asks until nothing is
    /// left, is served at once. Default 60 s.
    public var minimalFlushInterval = Interval.seconds(60)
    /// The domains that share a link, for each link: one list for each host that dials in. A domain below one of them
    /// shares it, too. Default none: every domain has a link of its own.
    public var links: [[Domain]] = []
    /// How many reverse connections there may be over one link. Default 1: on a telephone line two take turns, and the
    /// segments of each wait behind those of the other until they are taken for lost.
    public var connectionsPerLink = 1
    /// In which order messages are handed out. Default: as they arrived.
    public var order = DeliveryOrder.arrival
    /// How much one call may bring. Default: any amount.
    public var budget = CallBudget()
    /// Which messages wait for certain hours. Default: none.
    public var oversize: OversizeRule?
    /// As many domains may be in connections or quick retries before a further ETRN is told 458. Default 1,000.
    public var concurrentFlushes = 1_000

    /// Other times for some of the on-demand domains, and those below them; looked up, never walked. Default none.
    public var timesByDomain: [Domain: Times] = [:]

    /// How long the mail of a domain waits, and for what.
    public struct Times: Hashable, Sendable {
        /// The same as ``QueueConfiguration/retry``.
        public var retry: RetrySchedule
        /// The same as ``QueueConfiguration/lifetime``.
        public var lifetime: Interval
        /// The same as ``QueueConfiguration/warning``.
        public var warning: Interval?
        /// The same as ``QueueConfiguration/minimalFlushInterval``.
        public var minimalFlushInterval: Interval
    }

    /// The times of all domains that have none of their own.
    public var times: Times {
        get {
            Times(retry: retry, lifetime: lifetime, warning: warning, minimalFlushInterval: minimalFlushInterval)
        }
        set {
            (retry, lifetime) = (newValue.retry, newValue.lifetime)
            (warning, minimalFlushInterval) = (newValue.warning, newValue.minimalFlushInterval)
        }
    }

    /// The lifetimes that make sense: a minute to a year.
    public static let lifetimes = Interval.minutes(1)...Interval.days(365)

    /// Everything by default.
    public init() {}

    /// Quick attempts at the reverse connection while the link is up: doubling pauses up to a limit.
    public struct QuickRetry: Hashable, Sendable {
        /// The pause after the first failure. Default 1 s.
        public var first = Interval.seconds(1)
        /// The longest pause. Default 4 s: a listener that comes late is found within 5 s.
        public var longest = Interval.seconds(4)
        /// No attempt begins later than this after the first failure in a row. Default 120 s; zero switches them off.
        public var total = Interval.seconds(120)

        /// Pauses of 1 s, 2 s, then 4 s, for two minutes.
        public init() {}

        /// The pause after so many failures in a row, 1 for the first.
        public func pause(afterFailure count: Int) -> Interval {
            var pause = first
            for _ in 1..<min(max(count, 1), 40) where pause < longest { pause = pause + pause }
            return min(pause, longest)
        }
    }

    /// Some domains under one name.
    public struct NamedQueue: Hashable, Sendable {
        /// What follows the `#`; case does not count.
        public var name: String
        /// The domains it starts.
        public var domains: [Domain]

        /// A named queue of these domains.
        public init(name: String, domains: [Domain]) {
            self.name = name
            self.domains = domains
        }
    }

    /// Whether all the times are in order: lifetime within ``lifetimes``, nothing negative, pauses above zero.
    public var isConsistent: Bool {
        QueueConfiguration.lifetimes.contains(lifetime) && quickRetry.first > .zero
            && quickRetry.longest >= quickRetry.first && quickRetry.longest <= .days(1)
            && (Interval.zero...Interval.days(1)).contains(quickRetry.total)
            && (Interval.zero...Interval.days(30)).contains(minimalFlushInterval) && concurrentFlushes > 0
            && connectionsPerLink > 0
    }
}
