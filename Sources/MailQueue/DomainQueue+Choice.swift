import SMTP
import Timebase

// Which messages go now, and in which order.
extension DomainQueue {
    /// Why a message does not go now although it could; nil when it does.
    func obstacle(to message: QueueEntry, at now: Instant) -> FlushAnswer.Obstacle? {
        if let rule = configuration.oversize, message.size > rule.limit, !rule.hours.contains(now) { return .tooLarge }
        if let octets = configuration.budget.octets, broughtOctets > 0, broughtOctets + message.size > octets {
            return .budgetSpent
        }
        if let time = configuration.budget.time, let callBegan, now - callBegan >= time { return .budgetSpent }
        return nil
    }

    private var hasRules: Bool { configuration.oversize != nil || configuration.budget != CallBudget() }

    /// Why none of the messages would go now; nil when one would. O(n), if there are rules.
    func obstacleToAll(at now: Instant) -> FlushAnswer.Obstacle? {
        guard hasRules else { return nil }
        var obstacles: [FlushAnswer.Obstacle] = []
        for message in messages.all {
            guard let obstacle = obstacle(to: message, at: now) else { return nil }
            obstacles.append(obstacle)
        }
        return obstacles.first { $0 == .budgetSpent } ?? obstacles.first
    }

    /// Whether a message may go now without being asked for. O(n), if there are rules.
    func hasMessageDue(at now: Instant) -> Bool {
        !hasRules || messages.all.contains { $0.notBefore <= now && obstacle(to: $0, at: now) == nil }
    }

    /// When a message may be tried unasked next: what is held back must not be tried again and again. O(n).
    func nextAttempt(at now: Instant) -> Instant? {
        let floor = max(heldBackUntil ?? now, now)
        guard hasRules else { return messages.earliestAttempt(notBefore: floor) }
        return messages.all.map { message in
            switch obstacle(to: message, at: now) {
            case nil: message.notBefore
            case .tooLarge: max(message.notBefore, configuration.oversize?.hours.next(after: now) ?? now)
            default: max(message.notBefore, now + configuration.retry.pause(afterFailure: 1))
            }
        }.min().map { max($0, floor) }
    }

    /// How many messages do not go now although they could. O(n), if there are rules.
    func heldBackCount(at now: Instant) -> Int {
        hasRules ? messages.all.count { $0.triedInRun != runNumber && obstacle(to: $0, at: now) != nil } : 0
    }

    /// The messages in the order in which they go; nil when they go as they arrived. O(n log n) otherwise.
    private func orderOfMessages(at now: Instant) -> [MessageID]? {
        guard configuration.order != .arrival || messages.prioritisedCount > 0 else { return nil }
        return messages.all.sorted { configuration.order.precedes($0, $1, at: now) }.map(\.id)
    }

    /// Puts all messages in order, from the first one on.
    mutating func setOrder(at now: Instant) {
        let order = orderOfMessages(at: now)
        run?.order = order
        run?.place = 0
    }

    /// A message that arrives during a run takes its place among those that have not yet gone.
    mutating func insertIntoOrder(_ message: QueueEntry, at now: Instant) {
        guard let run else { return }
        guard let order = run.order else {
            // The first with a priority of its own: from now on there is an order besides that of arrival.
            guard message.priority != .normal else { return }
            return setOrder(at: now)
        }
        var (low, high) = (min(run.place, order.count), order.count)
        while low < high {
            let middle = low + (high - low) / 2
            let isBefore = messages[order[middle]].map { configuration.order.precedes($0, message, at: now) } ?? true
            if isBefore { low = middle + 1 } else { high = middle }
        }
        self.run?.order?.insert(message.id, at: low)
    }
}
