import MailQueue
import SMTP
import Testing
import Timebase

/// A queue with a clock, told in an operator's words; what the queue wants is kept as lines of text.
struct QueueTranscript {
    var queue: MailQueue
    private(set) var now = Instant.beginning
    private var outbox = Outbox<MailQueue.Action>()

    init(_ configuration: QueueConfiguration, store: any QueueStore = MemoryStore(), at time: Interval = .zero) {
        now = .beginning + time
        queue = MailQueue(configuration, store: store, at: now)
    }

    /// A slow store has so many batches for good.
    mutating func storeHas<Store: QueueStore>(_ batches: Int, of type: Store.Type, _ note: (inout Store, Int) -> Void) {
        guard var store = queue.store as? Store else { preconditionFailure("another store") }
        note(&store, batches)
        queue.store = store
        queue.storeAdvanced(at: now, into: &outbox)
    }

    /// A server that holds mail for two branches on demand.
    static var provider: QueueTranscript {
        QueueTranscript(configuration { $0.onDemandDomains = [domain("branch.example"), domain("depot.example")] })
    }

    static func configuration(_ change: (inout QueueConfiguration) -> Void) -> QueueConfiguration {
        var configuration = QueueConfiguration()
        change(&configuration)
        return configuration
    }

    mutating func at(_ time: Interval) { now = .beginning + time }

    mutating func mail(for domains: String..., from sender: String = "<anna@hq.example>") throws {
        let paths = try domains.map { try ForwardPath(parsing: $0.contains("<") ? $0 : "<bob@\($0)>") }
        hold(Envelope(reversePath: try ReversePath(parsing: sender), forwardPaths: paths))
    }

    mutating func hold(_ envelope: Envelope) {
        holdWithoutCommit(envelope)
        queue.commit(at: now, into: &outbox)
    }

    mutating func holdWithoutCommit(_ envelope: Envelope) {
        queue.hold(envelope, content: .octets(Array("Subject: hello\r\n\r\nhello\r\n".utf8)), at: now, into: &outbox)
    }

    /// Mail of a size, in octets, and a priority.
    mutating func mail(for name: String, size: Int, priority: Int = 0) throws {
        var envelope = Envelope(reversePath: .null, forwardPaths: [try ForwardPath(parsing: "<bob@\(name)>")])
        envelope.options.priority = try #require(MessagePriority(priority))
        let content = [UInt8](repeating: UInt8(ascii: "x"), count: size - 2) + Array("\r\n".utf8)
        queue.hold(envelope, content: .octets(content), at: now, into: &outbox)
        queue.commit(at: now, into: &outbox)
    }

    /// The reply as a client sees it.
    mutating func etrn(_ argument: String, permitted: FlushPermission = .everyDomain) throws -> String {
        let answer = queue.startFlush(try ETRNArgument(parsing: argument), permitted: permitted, at: now, into: &outbox)
        return "\(answer.code) \(answer.enhancedStatus) \(answer.text)"
    }

    /// The reply to ATRN as a client sees it; the run begins if it is granted.
    mutating func atrn(_ names: [String] = [], permitted: FlushPermission = .everyDomain) -> String {
        let answer = queue.answer(.atrn(names.map(domain)), permitted: permitted, at: now)
        guard case .granted(let domains, let messages) = answer.verdict else {
            return answer.refusal.map(\.description) ?? ""
        }
        queue.beginReversedFlush(of: domains, at: now)
        return "250 \(messages) for \(domains.map(\.spelling).joined(separator: " "))"
    }

    mutating func apply(_ configuration: QueueConfiguration) {
        queue.apply(configuration, at: now, into: &outbox)
    }

    mutating func release(_ number: Int) throws(MailQueue.OperatorError) {
        try queue.release(MessageID(number), at: now, into: &outbox)
    }

    mutating func connected(_ name: String) { queue.connected(domain(name)) }
    mutating func connectFails(_ name: String) {
        queue.connectFailed(domain(name), reason: "no answer", at: now, into: &outbox)
    }
    mutating func reachesSomebodyElse(_ name: String) {
        queue.misdirected(domain(name), reason: "somebody else", at: now, into: &outbox)
    }
    mutating func connectionEnds(_ name: String) { queue.connectionEnded(domain(name), at: now, into: &outbox) }
    mutating func connectionIsFull(_ name: String) { queue.connectionFull(domain(name), at: now, into: &outbox) }
    mutating func linkUp(_ name: String) { queue.linkUp(domain(name), at: now) }
    mutating func linkDown(_ name: String) { queue.linkDown(domain(name), at: now, into: &outbox) }

    mutating func next(_ name: String) -> MessageID? { nextMessage(name)?.id }
    mutating func nextMessage(_ name: String) -> HeldMessage? {
        queue.nextMessage(for: domain(name), at: now, into: &outbox)
    }

    mutating func sent(_ id: MessageID?, _ name: String) {
        queue.contentSent(id ?? MessageID(0), for: domain(name))
    }
    mutating func delivered(
        _ id: MessageID?, _ name: String, to recipients: [ForwardPath]? = nil, peerReports: Bool = true
    ) {
        queue.delivered(
            id ?? MessageID(0), for: domain(name), to: recipients, peerReports: peerReports, at: now, into: &outbox)
    }
    mutating func partlyDelivered(
        _ id: MessageID, _ name: String, to recipients: [ForwardPath], next: [ForwardPath]
    ) {
        queue.partlyDelivered(
            id, for: domain(name), to: recipients, reply: DeliveryReply(code: 250, text: "taken"), next: next, at: now,
            into: &outbox)
    }
    mutating func putOff(_ id: MessageID, _ name: String, _ reply: String) {
        queue.putOff(id, for: domain(name), reply: DeliveryReply(reply))
    }
    mutating func deferred(_ id: MessageID?, _ name: String, _ reply: String? = nil) {
        queue.deferred(
            id ?? MessageID(0), for: domain(name), reply: reply.map(DeliveryReply.init), at: now, into: &outbox)
    }
    mutating func refused(_ id: MessageID?, _ name: String, _ recipients: [ForwardPath]? = nil) {
        queue.refused(
            id ?? MessageID(0), for: domain(name), recipients: recipients,
            reply: DeliveryReply(code: 550, text: "no such user"), at: now, into: &outbox)
    }

    /// Delivers everything over the open connection; the numbers in order.
    mutating func deliverAll(_ name: String) -> [Int] {
        var numbers: [Int] = []
        while let id = next(name) {
            delivered(id, name)
            numbers.append(id.number)
        }
        return numbers
    }

    /// Sleeps until the queue wants to be woken, or until the given time, whichever comes first.
    mutating func sleep(until time: Interval) {
        now = min(queue.deadline ?? .distantFuture, .beginning + time)
        queue.deadlineReached(at: now, into: &outbox)
    }

    /// What the queue has wanted since the last time somebody looked, with the acceptance of mail and reports left
    /// aside.
    mutating func wants() -> [String] {
        actions().compactMap { action in
            switch action {
            case .held, .written, .report: nil
            default: line(action)
            }
        }
    }

    /// The reports since the last time somebody looked.
    mutating func reports() -> [DeliveryReport] {
        actions().compactMap { action in
            if case .report(let report) = action { report } else { nil }
        }
    }

    mutating func actions() -> [MailQueue.Action] {
        queue.commit(at: now, into: &outbox)
        var actions: [MailQueue.Action] = []
        while let action = outbox.next() { actions.append(action) }
        return actions
    }

    private func line(_ action: MailQueue.Action) -> String {
        switch action {
        case .written(let number): "written \(number)"
        case .held(let id, let domain): "hold \(id) for \(domain)"
        case .unreadable(let id, let domain): "unreadable \(id) for \(domain)"
        case .local: "local"
        case .connect(let domain): "connect \(domain)"
        case .abandon(let domain): "abandon \(domain)"
        case .messageWaits(let domain): "message waits \(domain)"
        case .delayed(let message): "delayed \(message.id)"
        case .expired(let message): "expired \(message.id)"
        case .bounced(let message, let reply):
            "bounced \(message.id) \(message.envelope.forwardPaths.map(\.description)) \(reply.code)"
        case .report(let report): "report \(report.action.rawValue) \(report.number)"
        case .flushFinished(let summary):
            "finished \(summary.domain) \(summary.outcome): \(summary.delivered) delivered, \(summary.left) left"
                + (summary.heldBack > 0 ? ", \(summary.heldBack) held back" : "")
        }
    }
}

func domain(_ text: String) -> Domain {
    do { return try Domain(parsing: text) } catch { preconditionFailure("\(text) is a domain") }
}

extension DeliveryReply {
    /// Reads `452 4.2.2 mailbox full`.
    init(_ line: String) {
        let words = line.split(separator: " ", maxSplits: 2).map(String.init)
        precondition(words.count == 3, "a code, a status and a text")
        self.init(
            code: Int(words[0]) ?? 0, text: words[2], status: EnhancedStatusCode(parsing: Array(words[1].utf8)[...]))
    }
}
