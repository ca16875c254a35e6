import SMTP
public import Timebase

// Every change of a domain's queue goes through here, so that sums, deadlines and turns are always right.
extension MailQueue {
    mutating func change(
        _ domain: Domain, creating: Bool = false, _ action: (inout DomainQueue) -> Void
    ) {
        if let index = place(of: domain, creating: creating) { change(at: index, action) }
    }

    /// A change after which a link may be wanted or free.
    mutating func change(
        _ domain: Domain, creating: Bool = false, into outbox: inout Outbox<Action>,
        _ action: (inout DomainQueue, inout Outbox<Action>) -> Void
    ) {
        if let index = place(of: domain, creating: creating) { change(at: index, into: &outbox, action) }
    }

    private mutating func place(of domain: Domain, creating: Bool) -> Int? {
        if let index = queues.index(of: domain) { return index }
        guard creating else { return nil }
        let queue = DomainQueue(domain: domain, order.part(for: domain))
        if let link = queue.sharedLink { links[link].sharers.append(queues.count) }
        queues.append(queue)
        return queues.count - 1
    }

    mutating func change(
        at index: Int, into outbox: inout Outbox<Action>,
        _ action: (inout DomainQueue, inout Outbox<Action>) -> Void
    ) {
        change(at: index) { action(&$0, &outbox) }
        guard let link = queues[index].sharedLink else {
            if queues[index].state == .awaitingTurn { change(at: index) { $0.takeTurn(into: &outbox) } }
            return
        }
        while links[link].connections < configuration.connectionsPerLink, let next = links[link].waiting.popFirst() {
            // Who does not wait any more, or has no link to wait for, is passed over.
            guard queues[next].state == .awaitingTurn, queues[next].link != .down else { continue }
            change(at: next) { $0.takeTurn(into: &outbox) }
        }
    }

    mutating func change(at index: Int, _ action: (inout DomainQueue) -> Void) {
        let (wasRunning, hadTurn) = (queues[index].isRunning, queues[index].hasTurn)
        let wasWaiting = queues[index].state == .awaitingTurn
        let octetsBefore = queues[index].octets
        action(&queues[index])
        if !queues[index].changes.isEmpty {
            batch += queues[index].changes
            queues[index].changes = []
        }
        octets += queues[index].octets - octetsBefore
        runningCount += (queues[index].isRunning ? 1 : 0) - (wasRunning ? 1 : 0)
        if let link = queues[index].sharedLink {
            links[link].connections += (queues[index].hasTurn ? 1 : 0) - (hadTurn ? 1 : 0)
            if queues[index].state == .awaitingTurn, !wasWaiting { links[link].waiting.append(index) }
        }
        deadlines.set(queues[index].deadline, at: index)
    }

    /// The queue works by another configuration from now on: what goes on goes on, and all that is to come, the age at
    /// which messages expire included, is as it says. O(domains).
    /// - Parameters:
    ///   - configuration: how it works now; its times are consistent.
    ///   - now: when.
    ///   - outbox: gets what that sets off.
    public mutating func apply(
        _ configuration: QueueConfiguration, at now: Instant, into outbox: inout Outbox<Action>
    ) {
        order = StandingOrder(configuration)
        let former = links
        links = Array(repeating: SharedLink(), count: configuration.links.count)
        for index in queues.indices {
            queues[index].apply(order.part(for: queues[index].domain), at: now)
            guard let link = queues[index].sharedLink else { continue }
            links[link].sharers.append(index)
            links[link].connections += queues[index].hasTurn ? 1 : 0
        }
        // Who waits for a link keeps its place among those who wait for the same one.
        let waiting = former.flatMap(\.waiting) + queues.indices.filter { queues[$0].state == .awaitingTurn }
        var seen: Set<Int> = []
        for index in waiting where queues[index].state == .awaitingTurn && seen.insert(index).inserted {
            if let link = queues[index].sharedLink { links[link].waiting.append(index) }
        }
        for index in queues.indices { change(at: index, into: &outbox) { _, _ in } }
    }

    func sharers(of index: Int) -> [Int] { queues[index].sharedLink.map { links[$0].sharers } ?? [] }
}

/// A link that several domains share.
struct SharedLink: Sendable {
    /// The domains seen so far.
    var sharers: [Int] = []
    /// How many connections there are over it.
    var connections = 0
    /// Who waits for it, first come first served.
    var waiting: ArraySlice<Int> = []
}
