import SMTP

/// What a queue's configuration says of each domain.
struct StandingOrder: Sendable {
    /// What it says of one domain's queue.
    struct Part: Sendable {
        /// Whether mail is tried without being asked for.
        var isTriedUnasked: Bool
        /// Which of the queue's links it shares; nil when it has one of its own.
        var sharedLink: Int?
        /// How it works.
        var configuration: Frozen<QueueConfiguration>
    }

    /// How the queue works.
    let general: Frozen<QueueConfiguration>
    // By the listed domains in lower case; looked up, never walked.
    private var parts: [String: Part] = [:]

    /// - Parameter configuration: its times are consistent.
    init(_ configuration: QueueConfiguration) {
        precondition(configuration.isConsistent, "the times of a queue are in order")
        general = Frozen(configuration)
        for domain in configuration.onDemandDomains {
            var part = Part(isTriedUnasked: configuration.triesUnasked, sharedLink: nil, configuration: general)
            if let times = configuration.timesByDomain[domain] {
                var own = configuration
                own.times = times
                precondition(own.isConsistent, "the times of a queue are in order")
                part.configuration = Frozen(own)
            }
            parts[domain.folded] = part
        }
        for domain in configuration.retriedDomains { parts[domain.folded]?.isTriedUnasked = true }
        for (index, domains) in configuration.links.enumerated() {
            for domain in domains { parts[domain.folded]?.sharedLink = index }
        }
    }

    /// What is said of a domain: as of the nearest listed domain at or above it.
    func part(for domain: Domain) -> Part {
        listing(of: domain).flatMap { parts[$0] }
            ?? Part(isTriedUnasked: true, sharedLink: nil, configuration: general)
    }

    /// The nearest listed domain at or above a domain, in lower case.
    func listing(of domain: Domain) -> String? {
        var rest = Substring(domain.folded)
        while true {
            if parts[String(rest)] != nil { return String(rest) }
            guard let dot = rest.utf8.firstIndex(of: UInt8(ascii: ".")), !domain.isAddressLiteral else { return nil }
            rest = rest[rest.utf8.index(after: dot)...]
        }
    }
}
