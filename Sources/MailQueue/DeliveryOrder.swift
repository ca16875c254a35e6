public import Timebase

/// In which order a run hands out the messages of a domain. A higher priority comes first in each (RFC 6710 §4.2).
public enum DeliveryOrder: Hashable, Sendable {
    /// As they arrived.
    case arrival
    /// The smallest first, so that a short call brings many. What has waited longer than the patience comes before all
    /// of them, or a large message might never have its turn.
    case smallFirst(patience: Interval)

    /// Whether one message is handed out before another.
    func precedes(_ first: QueueEntry, _ second: QueueEntry, at now: Instant) -> Bool {
        guard first.priority == second.priority else { return first.priority > second.priority }
        if case .smallFirst(let patience) = self {
            let firstIsOld = now - first.arrival >= patience
            guard firstIsOld == (now - second.arrival >= patience) else { return firstIsOld }
            if !firstIsOld, first.size != second.size { return first.size < second.size }
        }
        return first.id < second.id
    }
}
