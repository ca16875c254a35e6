import PPP
import Timebase
import Wire

/// Two links back to back over a line that takes its time and may lose frames.
struct Pair {
    var ends: [PPPLink]
    private(set) var now = Instant.beginning
    /// What each end did besides sending.
    private(set) var actions: [[PPPLink.Action]] = [[], []]
    /// How many frames each end has sent.
    private(set) var sent = [0, 0]
    private let latency: Interval
    private let isLost: (_ end: Int, _ number: Int) -> Bool
    private var line: [(arrival: Instant, end: Int, frame: [UInt8])] = []

    init(
        _ client: PPPConfiguration, _ server: PPPConfiguration, latency: Interval = .milliseconds(100),
        isLost: @escaping (_ end: Int, _ number: Int) -> Bool = { _, _ in false }
    ) {
        ends = [client, server].enumerated().map { index, configuration in
            PPPLink(configuration, random: RandomStream(seed: 1661, thing: "end \(index)", purpose: "ppp"))
        }
        self.latency = latency
        self.isLost = isLost
        for end in 0...1 { perform(end) { $0.lowerLayerUp(at: $1, into: &$2) } }
    }

    /// Runs until nothing is on the line and no deadline lies before the end.
    mutating func drive(until end: Instant) {
        while let next = nextInstant, next <= end {
            now = max(now, next)
            while let first = line.first, first.arrival <= now {
                line.removeFirst()
                perform(first.end) { $0.receive(first.frame.span.bytes, at: $1, into: &$2) }
            }
            for end in 0...1 where ends[end].deadline.map({ $0 <= now }) ?? false {
                perform(end) { $0.deadlineReached(at: $1, into: &$2) }
            }
        }
        now = end
    }

    mutating func close(_ end: Int) { perform(end) { $0.close(at: $1, into: &$2) } }

    mutating func carrierDrops() {
        line.removeAll()
        for end in 0...1 { perform(end) { $0.lowerLayerDown(at: $1, into: &$2) } }
    }

    mutating func carrierReturns() {
        for end in 0...1 { perform(end) { $0.lowerLayerUp(at: $1, into: &$2) } }
    }

    private var nextInstant: Instant? {
        ([line.first?.arrival] + ends.map(\.deadline)).compactMap { $0 }.min()
    }

    private mutating func perform(
        _ end: Int, _ body: (inout PPPLink, Instant, inout Outbox<PPPLink.Action>) -> Void
    ) {
        var outbox = Outbox<PPPLink.Action>()
        body(&ends[end], now, &outbox)
        while let action = outbox.next() {
            guard case .send(let frame) = action else {
                actions[end].append(action)
                continue
            }
            sent[end] += 1
            if !isLost(end, sent[end]) { line.append((now + latency, 1 - end, frame)) }
        }
    }
}
