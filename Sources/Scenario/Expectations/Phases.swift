import Events
import Timebase

/// Where the time of a call or a flush went.
struct Phases {
    /// The phases that took any time, in their order.
    private(set) var parts: [(name: String, took: Interval)] = []
    /// Why the flush did not end; nil when it did.
    private(set) var remark: String?
    /// What is counted; nil: all of it.
    private let window: ClosedRange<Instant>?

    /// The phases from dialling to the link.
    init(of call: RunRecord.Call) {
        window = nil
        addConnecting(call)
    }

    /// The phases of a flush, from ETRN to its end.
    /// - Parameters:
    ///   - flush: the flush.
    ///   - calls: the calls of the run.
    ///   - end: when the run ended.
    init(of flush: RunRecord.Flush, calls: [RunRecord.Call], until end: Instant) {
        window = nil
        addFlush(flush, flush.call.map { calls[$0] }, until: end)
    }

    /// The phases of the call and of the flush that fall into a span of time.
    init(of flush: RunRecord.Flush, calls: [RunRecord.Call], within window: ClosedRange<Instant>) {
        self.window = window
        let call = flush.call.map { calls[$0] }
        if let call { addConnecting(call) }
        add("request", from: call?.linkUp, to: flush.etrnSent)
        addFlush(flush, call, until: window.upperBound)
        remark = nil
    }

    private mutating func addConnecting(_ call: RunRecord.Call) {
        add("dial", from: call.dialled, to: call.training ?? call.carrier)
        add("train", from: call.training, to: call.carrier)
        add("PPP", from: call.carrier, to: call.linkUp)
    }

    private mutating func addFlush(_ flush: RunRecord.Flush, _ call: RunRecord.Call?, until end: Instant) {
        let ended = flush.ended ?? call?.ended ?? end
        add("answer", from: flush.etrnSent, to: flush.etrnAnswered)
        add("connect", from: flush.etrnAnswered ?? flush.reverseSYN, to: flush.established)
        var transfer = Interval.zero
        var dialogue = Interval.zero
        var last = flush.established
        for message in flush.messages {
            let until = message.accepted ?? ended
            if let last { dialogue = dialogue + counted(from: last, to: message.started) }
            transfer = transfer + counted(from: message.started, to: until)
            last = until
        }
        if dialogue > .zero { parts.append(("dialogue", dialogue)) }
        if transfer > .zero { parts.append(("transfer", transfer)) }
        add("idle", from: last, to: ended)
        if flush.ended == nil { remark = Phases.remark(on: flush, call) }
    }

    private static func remark(on flush: RunRecord.Flush, _ call: RunRecord.Call?) -> String {
        if flush.replyCode >= 400 {
            return "\(flush.command?.rawValue ?? "ETRN") was answered \(flush.replyCode) \(flush.replyText)"
        }
        if let failure = call?.failure { return "the call broke off: \(failure)" }
        if flush.established == nil {
            return flush.reverseSYN == nil
                ? "the server never connected" : "the reverse connection was never established"
        }
        return call?.ended == nil ? "the run ended first" : "the call ended first"
    }

    private mutating func add(_ name: String, from start: Instant?, to end: Instant?) {
        guard let start, let end else { return }
        let took = counted(from: start, to: end)
        if took > .zero { parts.append((name, took)) }
    }

    private func counted(from start: Instant, to end: Instant) -> Interval {
        guard let window else { return max(.zero, end - start) }
        return max(.zero, min(end, window.upperBound) - max(start, window.lowerBound))
    }

    /// `transfer took 4m2s of 4m31s (connect 3s, dialogue 12s, idle 14s)`, after what else is to be said.
    var text: String {
        guard let first = parts.first else { return remark ?? "nothing happened" }
        let longest = parts.dropFirst().reduce(first) { $1.took > $0.took ? $1 : $0 }
        let total = parts.reduce(Interval.zero) { $0 + $1.took }
        let others = parts.filter { $0.name != longest.name }.map { "\($0.name) \($0.took.rounded)" }
        return (remark.map { "\($0); " } ?? "") + "\(longest.name) took \(longest.took.rounded) of \(total.rounded)"
            + (others.isEmpty ? "" : " (\(others.joined(separator: ", ")))")
    }
}

extension RunRecord.Flush {
    /// Whether the server said that it would deliver, or does so unasked: nothing waiting (251) is no promise.
    var wasPromised: Bool { etrnSent == nil || ((200..<300).contains(replyCode) && replyCode != 251) }

    /// From the request, or from the first SYN when nobody asked, to the end; nil when it never ended.
    var duration: Interval? {
        guard let ended, let begun = etrnSent ?? reverseSYN else { return nil }
        return ended - begun
    }
}

extension RunRecord.Call {
    /// From dialling to the link; zero when there was none.
    var connecting: Interval { linkUp.map { $0 - dialled } ?? .zero }
}

extension Interval {
    /// The interval to the millisecond, for people.
    var rounded: Interval { Interval(nanoseconds: (nanoseconds + 500_000) / 1_000_000 * 1_000_000) }
}

extension Int {
    /// `1 message`, `12 messages`; `2 flushes` when the plural is not made by an s.
    func of(_ thing: String, plural: String? = nil) -> String { "\(self) \(self == 1 ? thing : plural ?? thing + "s")" }
}
