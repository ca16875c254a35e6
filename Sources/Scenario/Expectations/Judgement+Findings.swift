import Events
import SMTP
import Simulation
import Timebase

/// What the record says of one domain or host.
extension Judgement {
    func calls(of host: String) -> [RunRecord.Call] {
        (callsOfHost[host] ?? []).map { outcome.record.calls[$0] }
    }

    func flushes(of domain: Domain) -> [RunRecord.Flush] {
        (flushesOfDomain[domain.folded] ?? []).map { outcome.record.flushes[$0] }
    }

    func cause(ofNoFlushFor subject: Expectation.Subject) -> String {
        let flushes = flushes(of: subject.domain)
        if let answered = flushes.last(where: { $0.replyCode != 0 }) {
            return "\(answered.command?.rawValue ?? "ETRN") was answered \(answered.replyCode) \(answered.replyText)"
        }
        guard flushes.isEmpty else { return "ETRN was never answered" }
        return subject.host.map(cause(ofNoRequestBy:)) ?? "no host has the domain"
    }

    func cause(ofNoRequestBy host: String) -> String {
        let calls = calls(of: host)
        guard let last = calls.last else { return "\(host) never dialled" }
        if let failure = last.failure {
            return (calls.count == 1 ? "the only call of \(host)" : "the last of \(calls.count) calls of \(host)")
                + " failed: \(failure)"
        }
        guard last.linkUp != nil else { return "no call of \(host) got a link" }
        // ATRN that is refused begins no flush of any domain.
        guard let reply = replies(of: host).last else { return "\(host) never asked for its mail" }
        return "\(reply.command.rawValue) was answered \(reply.code) \(reply.text)"
    }

    func completion(of subject: Expectation.Subject, within limit: Interval) -> Finding {
        let name = subject.domain.spelling
        let promised = flushes(of: subject.domain).filter { $0.wasPromised }
        guard let last = promised.last else {
            return Finding(
                name: name, holds: false, got: "no flush", cause: cause(ofNoFlushFor: subject), badness: .max)
        }
        guard last.duration != nil else {
            let cause = Phases(of: last, calls: outcome.record.calls, until: outcome.ended).text
            return Finding(
                name: name, holds: false,
                got: "not complete, \(last.delivered.of("message")) delivered", cause: cause, badness: .max)
        }
        let slowest = promised.filter { $0.duration != nil }
            .reduce(last) { $1.duration ?? .zero > $0.duration ?? .zero ? $1 : $0 }
        let duration = slowest.duration ?? .zero
        let holds = duration <= limit
        let cause = holds ? nil : Phases(of: slowest, calls: outcome.record.calls, until: outcome.ended).text
        return Finding(
            name: name, holds: holds, got: "\(duration.rounded)", cause: cause, badness: duration.nanoseconds)
    }

    func delivery(of subject: Expectation.Subject, _ messages: Int) -> Finding {
        let delivered = flushes(of: subject.domain).reduce(0) { $0 + $1.delivered }
        let holds = delivered == messages
        return Finding(
            name: subject.domain.spelling, holds: holds, got: delivered.of("message"),
            cause: holds ? nil : cause(ofDeliveryTo: subject), badness: Int64(abs(delivered - messages)))
    }

    func duplicates(of subject: Expectation.Subject, atMost most: Int) -> Finding {
        let tally = observer.mailIndex[subject.domain.folded].map { observer.mail[$0] }
        let count = tally?.duplicates ?? 0
        let calls = flushes(of: subject.domain).count
        return Finding(
            name: subject.domain.spelling, holds: count <= most, got: count.of("duplicate"),
            cause:
                "\((tally?.stored ?? 0).of("message")) stored in \(calls.of("flush", plural: "flushes")): "
                + "a reply to the end of data was lost",
            badness: Int64(count))
    }

    func firstMessage(
        of subject: Expectation.Subject, _ seen: ExpectationObserver.FirstMessage, within limit: Interval,
        of pattern: EventPattern
    ) -> Finding {
        let name = subject.domain.spelling
        guard let event = seen.event else {
            return Finding(
                name: name, holds: false, got: "no event \(pattern.name.rawValue)",
                cause: cause(ofNoFlushFor: subject), badness: .max)
        }
        guard let stored = seen.stored else {
            return Finding(
                name: name, holds: false, got: "no message stored", cause: cause(ofDeliveryTo: subject), badness: .max)
        }
        let duration = stored - event
        let flush = flushes(of: subject.domain).first { $0.messages.contains { $0.accepted != nil } }
        let cause = flush.map { Phases(of: $0, calls: outcome.record.calls, within: event...max(event, stored)).text }
        return Finding(
            name: name, holds: duration <= limit, got: "\(duration.rounded)", cause: cause,
            badness: duration.nanoseconds)
    }

    func connection(of host: String, within limit: Interval) -> Finding {
        let connected = calls(of: host).filter { $0.linkUp != nil }
        guard let first = connected.first else {
            return Finding(
                name: host, holds: false, got: "no link", cause: cause(ofNoRequestBy: host), badness: .max)
        }
        let slowest = connected.reduce(first) { $1.connecting > $0.connecting ? $1 : $0 }
        return Finding(
            name: host, holds: slowest.connecting <= limit, got: "\(slowest.connecting.rounded)",
            cause: Phases(of: slowest).text, badness: slowest.connecting.nanoseconds)
    }

    func online(of host: String, atMost limit: Interval) -> Finding {
        let calls = calls(of: host)
        let longest = calls.indices.reduce(calls.indices.first) { best, index in
            guard let best else { return index }
            return calls[index].online(until: outcome.ended) > calls[best].online(until: outcome.ended) ? index : best
        }
        guard let longest else { return Finding(name: host, holds: true, got: "0s", cause: nil, badness: 0) }
        let duration = calls[longest].online(until: outcome.ended)
        let place = callsOfHost[host]?[longest]
        let flush = outcome.record.flushes.last { $0.call == place }
        let ending = calls[longest].ended == nil ? "; the call was still up when the run ended" : ""
        let cause = flush.map { Phases(of: $0, calls: outcome.record.calls, until: outcome.ended).text } ?? "no flush"
        return Finding(
            name: host, holds: duration <= limit, got: "\(duration.rounded)", cause: cause + ending,
            badness: duration.nanoseconds)
    }

    func replies(of host: String) -> [RunRecord.Reply] {
        (repliesOfHost[host] ?? []).map { outcome.record.replies[$0] }
    }

    func replies(of host: String, to command: RunRecord.Command, every code: Int) -> Finding {
        let answered = replies(of: host).filter { $0.command == command }
        guard let first = answered.first else {
            return Finding(
                name: host, holds: false, got: "no reply", cause: cause(ofNoRequestBy: host), badness: .max)
        }
        let other = answered.first { $0.code != code }
        let told = other ?? first
        return Finding(
            name: host, holds: other == nil, got: "\(told.code)",
            cause: "\(told.code) \(told.text)", badness: other == nil ? 0 : 1)
    }

    func replies(of host: String, to command: RunRecord.Command, _ codes: [Int]) -> Finding {
        let answered = replies(of: host).filter { $0.command == command }
        let got = answered.map { "\($0.code)" }.joined(separator: ", ")
        let cause = answered.last.map { "the last one was \($0.code) \($0.text)" }
        return Finding(
            name: host, holds: answered.map(\.code) == codes, got: got.isEmpty ? "no reply" : got,
            cause: cause ?? self.cause(ofNoRequestBy: host), badness: 1)
    }

    /// Messages that are nowhere, of two kinds: those that the queue no longer has although it neither delivered nor
    /// refused nor expired them, and those that it counts as delivered although no client stored them.
    func lost(_ expectation: Expectation, _ expected: Int) -> ExpectationResult {
        let totals = outcome.record.totals
        let accountedFor = totals.delivered + totals.refused + totals.expired + outcome.held
        // What a power failure has left although it was delivered, or never announced, comes to an end once more.
        let vanished = max(0, totals.queued + totals.again - accountedFor)
        let neverStored = observer.mail.reduce(0) { $0 + max(0, $1.delivered - $1.deliveredAgain - $1.stored) }
        let count = vanished + neverStored
        let holds = count == expected
        let again = totals.again > 0 ? " + \(totals.again) there again after a power failure" : ""
        let cause =
            "\(totals.queued) queued\(again) = \(totals.delivered) delivered + \(totals.refused) refused + "
            + "\(totals.expired) expired + \(outcome.held) held + \(vanished) gone from the queue; "
            + "\(neverStored) delivered but never stored"
        return ExpectationResult(
            text: expectation.text, place: expectation.place, holds: holds, got: count.of("message"),
            expected: expected.of("message"), tolerance: .exact, cause: holds ? nil : cause)
    }
}
