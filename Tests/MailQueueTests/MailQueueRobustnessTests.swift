import MailQueue
import SMTP
import Testing
import Timebase

@Suite struct MailQueueRobustnessTests {
    private static let calls: [@Sendable (inout QueueTranscript, String) throws -> Void] = [
        { try $0.mail(for: $1) }, { $0.connected($1) }, { $0.connectFails($1) }, { $0.connectionEnds($1) },
        { $0.linkUp($1) }, { $0.linkDown($1) }, { _ = $0.next($1) }, { $0.sent($0.next($1), $1) },
        { $0.delivered($0.next($1), $1) }, { $0.deferred($0.next($1), $1) }, { $0.refused($0.next($1), $1) },
        { $0.delivered(MessageID(99), $1) }, { $0.deferred(MessageID(99), $1) }, { $0.refused(MessageID(99), $1) },
        { $0.delivered($0.next($1), $1, to: []) }, { $0.refused($0.next($1), $1, []) },
        { _ = try $0.etrn($1) }, { _ = try $0.etrn("@" + $1) }, { _ = $0.atrn([$1]) },
        { transcript, _ in _ = transcript.atrn() },
        { transcript, _ in transcript.sleep(until: (transcript.now - .beginning) + .minutes(20)) },
        { transcript, _ in transcript.sleep(until: (transcript.now - .beginning)) },
    ]

    /// The ways into each state of a domain that is asked and of one that is tried by itself.
    private func states(of name: String) throws -> [QueueTranscript] {
        var idle = QueueTranscript.provider
        idle.linkUp(name)
        var holding = idle
        for _ in 1...2 { try holding.mail(for: name) }
        var connecting = holding
        if name == "branch.example" { _ = try connecting.etrn(name) }
        var waiting = connecting
        waiting.connectFails(name)
        var open = connecting
        open.connected(name)
        var delivering = open
        _ = delivering.next(name)
        var sent = delivering
        sent.sent(MessageID(1), name)
        var ranOut = open
        _ = ranOut.deliverAll(name)
        var reversed = holding
        _ = reversed.atrn()
        return [QueueTranscript.provider, reversed, idle, holding, connecting, waiting, open, delivering, sent, ranOut]
    }

    @Test(arguments: ["branch.example", "far.example"])
    func `no call traps in any state, and a second one neither`(name: String) throws {
        for state in try states(of: name) {
            for first in Self.calls {
                for second in Self.calls {
                    var transcript = state
                    try first(&transcript, name)
                    try second(&transcript, name)
                    checkDeadline(transcript)
                }
            }
        }
    }

    @Test func `every accepted message is held, delivered, bounced or expired, whatever happens`() throws {
        var luck = RandomStream(seed: 1985, thing: "queue", purpose: "robustness")
        let names = ["branch.example", "depot.example", "a.branch.example", "far.example"]
        var transcript = QueueTranscript.provider
        var (accepted, gone) = (0, 0)
        for _ in 0..<50_000 {
            let call = Self.calls[Int(luck.uniform(in: 0...Int64(Self.calls.count - 1)))]
            try call(&transcript, names[Int(luck.uniform(in: 0...3))])
            for action in transcript.actions() {
                switch action {
                case .held: accepted += 1
                case .expired: gone += 1
                case .bounced(let message, _): gone += message.envelope.forwardPaths.count
                case .flushFinished(let summary): gone += summary.delivered
                default: break
                }
            }
            checkDeadline(transcript)
        }
        // Runs that are not over have not told yet what they delivered.
        for name in names { transcript.linkDown(name) }
        for case .flushFinished(let summary) in transcript.actions() { gone += summary.delivered }
        #expect(accepted > 1_000)
        #expect(accepted == gone + transcript.queue.count)
    }

    /// Woken at its deadline the queue has something else to wait for: it never asks to be woken in vain for ever.
    private func checkDeadline(_ transcript: QueueTranscript) {
        var woken = transcript
        woken.sleep(until: .days(100))
        guard let deadline = woken.queue.deadline else { return }
        if deadline <= woken.now { Issue.record("a deadline that does not move") }
    }

    @Test func `a wakeup that is early or late is harmless`() throws {
        var provider = QueueTranscript.provider
        try provider.mail(for: "branch.example")
        provider.sleep(until: .seconds(1))
        #expect(provider.wants() == [])
        provider.at(.days(30))
        #expect(try provider.etrn("branch.example").hasPrefix("253"))
        provider.connected("branch.example")
        #expect(provider.next("branch.example") == nil)
        provider.sleep(until: .days(30))
        #expect(provider.wants().contains("expired 1"))
    }
}
