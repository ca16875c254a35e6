import Events
import SMTP
import Simulation
import Timebase

/// Why a count is not what was expected, as far as the record knows.
extension Judgement {
    /// When the last event was; else what came in its place.
    func cause(ofEvents seen: ExpectationObserver.Sightings, _ pattern: EventPattern) -> String {
        if let last = seen.last { return "the last one was at \(line(last))" }
        if let other = seen.other {
            let fields = pattern.otherFields(of: other).map { "\($0.name) \($0.value)" }.joined(separator: ", ")
            return "it came with \(fields), last at \(line(other))"
        }
        guard let anything = seen.anything else { return "nothing happened there" }
        return "it never came; the last event there came at \(line(anything))"
    }

    /// When and on which call the last packet passed.
    func cause(ofPackets seen: ExpectationObserver.Sightings) -> String {
        guard let (at, interface) = seen.packet else { return "\(observer.packets.of("packet")) passed, none of these" }
        let call = outcome.record.calls.first { $0.number == Int(interface) + 1 }
        return "the last one passed at \(time(at)) on \(call?.client ?? "")-call-\(interface + 1)"
    }

    /// What became of a domain's mail, and why some of it is not delivered.
    func cause(ofDeliveryTo subject: Expectation.Subject) -> String {
        guard let mail = observer.mailIndex[subject.domain.folded].map({ observer.mail[$0] }), mail.queued > 0
        else { return "no mail was queued for it" }
        let ends = [
            ("delivered", mail.delivered), ("refused", mail.refused), ("expired", mail.expired), ("held", mail.held),
        ]
        let sum = ends.filter { $0.1 > 0 }.map { "\($0.1) \($0.0)" }.joined(separator: ", ")
        let reason = (mail.held > 0 ? causeOfHolding(for: subject) : nil) ?? mail.objection
        return "\(mail.queued) queued: \(sum)" + (reason.map { "; \($0)" } ?? "")
    }

    // Nil when the last flush was through with all that was there.
    private func causeOfHolding(for subject: Expectation.Subject) -> String? {
        let last = flushes(of: subject.domain).last { $0.wasPromised || $0.replyCode >= 400 }
        guard let last else { return cause(ofNoFlushFor: subject) }
        return Phases(of: last, calls: outcome.record.calls, until: outcome.ended).remark
    }

    private func line(_ event: Event) -> String { "\(time(event.at)), \(event.host): \(event.happening.row.text)" }

    private func time(_ instant: Instant) -> String { observer.begins.date(at: instant).timeOfDay }
}
