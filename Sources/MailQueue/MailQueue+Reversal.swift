public import SMTP
public import Timebase

// ATRN (RFC 2645), and TURN: mail goes over a connection that the domains' host has made itself, whatever its address.
extension MailQueue {
    // MARK: What is asked

    /// A client that has proved who it is asks for mail over its own connection. Nothing changes yet: when the answer
    /// is ``ReversalAnswer/Verdict/granted(_:messages:)`` and the roles have been reversed, call
    /// ``beginReversedFlush(of:at:)``.
    ///
    /// Costs O(1) for each domain that is named; O(domains) when none is.
    /// - Parameters:
    ///   - reversal: which domains are named; none stands for all that the client may ask for.
    ///   - permission: which domains those are.
    ///   - now: when.
    /// - Returns: the answer. One domain that is not the client's is enough to refuse all (RFC 2645 §5.2.1).
    public func answer(
        _ reversal: Reversal, permitted permission: FlushPermission, at now: Instant
    ) -> ReversalAnswer {
        ReversalAnswer(verdict: verdict(on: reversal, permission, at: now))
    }

    /// The roles of a connection are reversed: a run of each domain that has mail begins over it, and no other
    /// connection is opened. A run that waits for its next attempt goes on here.
    ///
    /// When the other end has greeted tell ``connected(_:)`` for each of the domains, otherwise
    /// ``connectFailed(_:reason:at:into:)``; take the messages of one domain after the other from
    /// ``nextMessage(for:at:into:)``, and in the end tell ``connectionEnded(_:at:into:)`` for each. Whatever is left
    /// then waits until it is asked for again.
    public mutating func beginReversedFlush(of domains: [Domain], at now: Instant) {
        for domain in domains { change(domain) { $0.beginReversedFlush(at: now) } }
    }

    // MARK: How it works

    private func verdict(
        on reversal: Reversal, _ permission: FlushPermission, at now: Instant
    ) -> ReversalAnswer.Verdict {
        for domain in reversal.domains {
            if let objection = objection(to: domain, permission) { return .notAllowed(domain, objection) }
        }
        guard storeWorks else { return .unable(.storeFailed) }
        let asked = scope(of: reversal, permission).filter { !queues[$0].messages.isEmpty }
        guard !asked.isEmpty else { return .nothingWaiting }
        if let busy = asked.first(where: { queues[$0].hasTurn }) { return .alreadyRunning(queues[busy].domain) }
        let isRunning = asked.allSatisfy { queues[$0].isRunning }
        guard isRunning || runningCount < configuration.concurrentFlushes else { return .unable(.tooManyFlushes) }
        var obstacles: [FlushAnswer.Obstacle] = []
        var ready: [Int] = []
        for index in asked {
            if let obstacle = queues[index].obstacleToFlush(at: now) {
                obstacles.append(obstacle)
            } else {
                ready.append(index)
            }
        }
        if let obstacle = obstacles.foremost, ready.isEmpty { return .unable(obstacle) }
        return .granted(
            ready.map { queues[$0].domain }, messages: ready.reduce(0) { $0 + queues[$1].messages.count })
    }

    /// The queues asked for: those named, once each, or all that are held for the client.
    private func scope(of reversal: Reversal, _ permission: FlushPermission) -> [Int] {
        guard !reversal.domains.isEmpty else {
            return queues.indices.filter { index in
                order.listing(of: queues[index].domain).map { permission.includes($0) } ?? false
            }
        }
        var seen: Set<Int> = []
        return reversal.domains.compactMap { queues.index(of: $0) }.filter { seen.insert($0).inserted }
    }
}
