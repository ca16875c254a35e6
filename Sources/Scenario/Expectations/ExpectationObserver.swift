import Capture
public import Events
import SMTP
public import Simulation
public import Timebase

/// Watches a run for its expectations.
///
/// It is told of every event and every frame and keeps counts only; in the end it is given what the run's record holds
/// and what only the queue itself can count.
public struct ExpectationObserver: Sendable {
    /// What is known when the run has ended.
    public struct Outcome: Sendable {
        /// The run's calls, flushes and sums.
        public var record: RunRecord
        /// When the run ended.
        public var ended: Instant
        /// How many messages the server's queue still holds, counted in the queue itself.
        public var held: Int

        /// What is known of a run.
        /// - Parameters:
        ///   - record: the run's calls, flushes and sums.
        ///   - ended: when the run ended.
        ///   - held: how many messages the server's queue still holds.
        public init(record: RunRecord, ended: Instant, held: Int) {
            self.record = record
            self.ended = ended
            self.held = held
        }
    }

    /// What was seen of one domain's mail.
    struct MailTally: Sendable {
        var queued = 0
        var delivered = 0
        /// Messages delivered once more, since a power failure had made the host forget the first time.
        var deliveredAgain = 0
        var refused = 0
        var expired = 0
        var stored = 0
        var duplicates = 0
        /// What was last answered to a message that was put off or refused.
        var objection: String?

        /// Messages that nothing has become of yet.
        var held: Int { max(0, queued - delivered - refused - expired) }
    }

    /// What was seen of the events or packets that an expectation counts.
    struct Sightings: Sendable {
        var count = 0
        /// Events: the last one; the last of this name that had other fields; the last of any kind of these hosts.
        var last, other, anything: Event?
        /// Packets: when the last one passed, and on which interface.
        var packet: (at: Instant, interface: Int32)?
    }

    /// What was seen for one domain of a `first-message`.
    struct FirstMessage: Sendable {
        var event: Instant?
        var stored: Instant?
    }

    let expectations: [Expectation]
    let begins: CalendarDate
    private(set) var mail: [MailTally] = []
    private var deliveredMessages: Set<Int> = []
    // Looked up by a domain in lower case, never walked.
    private(set) var mailIndex: [String: Int] = [:]
    // One for each expectation; only those of events and packets are counted.
    private(set) var sightings: [Sightings]
    /// Packets of the run, counted only when an expectation is about packets.
    private(set) var packets = 0
    // One list for each expectation, empty unless it is a first-message; one element for each of its domains.
    private(set) var firstMessages: [[FirstMessage]]
    private let counting: [Int]
    private let filtering: [Int]
    private let awaiting: [Int]

    /// An observer of a run of the scenario that has not begun yet.
    public init(_ scenario: Scenario) {
        let expectations = scenario.expectations
        self.expectations = expectations
        begins = scenario.plan.begins
        sightings = expectations.map { _ in Sightings() }
        let firstMessages: [[FirstMessage]] = expectations.map { expectation in
            guard case .firstMessage(let subjects, _, _) = expectation.check else { return [] }
            return subjects.map { _ in FirstMessage() }
        }
        self.firstMessages = firstMessages
        counting = expectations.indices.filter { index in
            if case .events = expectations[index].check { true } else { false }
        }
        filtering = expectations.indices.filter { index in
            if case .packets = expectations[index].check { true } else { false }
        }
        awaiting = expectations.indices.filter { !firstMessages[$0].isEmpty }
    }

    /// Takes what has come out of the world next.
    public mutating func receive(_ trace: borrowing Trace) {
        for event in trace.events { receive(event) }
        guard !filtering.isEmpty else { return }
        let octets = trace.octets.span.bytes
        var offset = 0
        for case .frame(let at, let interface, _, let length) in trace.entries {
            receive(frame: octets.extracting(offset..<offset + Int(length)), at: at, on: interface)
            offset += Int(length)
        }
    }

    /// Takes the next frame of the run: address, control, protocol, packet.
    mutating func receive(frame: RawSpan, at now: Instant, on interface: Int32) {
        packets += 1
        for index in filtering {
            guard case .packets(let filter, _) = expectations[index].check, filter.matches(frame) else { continue }
            sightings[index].count += 1
            sightings[index].packet = (now, interface)
        }
    }

    /// Takes the next event of the run.
    mutating func receive(_ event: Event) {
        for index in counting { count(event, for: index) }
        for index in awaiting { watch(event, for: index) }
        switch event.happening {
        case .mailQueued(let domain, let messages, _): mail[tally(of: domain)].queued += messages
        case .flushDelivered(let domain, let message, _):
            mail[tally(of: domain)].delivered += 1
            if !deliveredMessages.insert(message).inserted { mail[tally(of: domain)].deliveredAgain += 1 }
        case .flushDeferred(let domain, _, let code, let text): mail[tally(of: domain)].objection = "\(code) \(text)"
        case .queueRefused(let domain, _, let code, let text):
            let index = tally(of: domain)
            mail[index].refused += 1
            mail[index].objection = "\(code) \(text)"
        case .queueExpired(let domain, _): mail[tally(of: domain)].expired += 1
        case .mailStored(let domain, _, _, let isDuplicate):
            let index = tally(of: domain)
            mail[index].stored += 1
            if isDuplicate { mail[index].duplicates += 1 }
        default: break
        }
    }

    private mutating func count(_ event: Event, for index: Int) {
        guard case .events(let pattern, _) = expectations[index].check, pattern.hosts.include(event.host) else {
            return
        }
        sightings[index].anything = event
        guard event.happening.name == pattern.name else { return }
        if pattern.matches(event) {
            sightings[index].count += 1
            sightings[index].last = event
        } else {
            sightings[index].other = event
        }
    }

    private mutating func tally(of domain: String) -> Int {
        let folded = domain.lowercased()
        if let index = mailIndex[folded] { return index }
        mailIndex[folded] = mail.count
        mail.append(MailTally())
        return mail.count - 1
    }

    private mutating func watch(_ event: Event, for index: Int) {
        guard case .firstMessage(let subjects, _, let pattern) = expectations[index].check else { return }
        if pattern.matches(event) {
            for (place, subject) in subjects.enumerated() where firstMessages[index][place].event == nil {
                // Of a group, only the domain's own host counts.
                if case .group = pattern.hosts, subject.host != event.host { continue }
                firstMessages[index][place].event = event.at
            }
        }
        guard case .mailStored(let domain, _, _, _) = event.happening else { return }
        let folded = domain.lowercased()
        guard let place = subjects.firstIndex(where: { $0.domain.folded == folded }),
            firstMessages[index][place].event != nil, firstMessages[index][place].stored == nil
        else { return }
        firstMessages[index][place].stored = event.at
    }
}

extension ExpectationObserver {
    /// What became of every expectation, in the order of the scenario.
    /// - Parameter outcome: what is known when the run has ended.
    /// - Returns: one result for each expectation.
    public func results(_ outcome: Outcome) -> [ExpectationResult] {
        let judgement = Judgement(observer: self, outcome: outcome)
        return expectations.indices.map(judgement.result(of:))
    }
}
