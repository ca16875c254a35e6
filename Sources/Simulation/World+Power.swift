import Events
import MailHost
import MailQueue
import TCPIP
import Telephony
import Timebase

/// The server host without power: what is gone, what is kept, and how it begins again.
extension World {
    /// The server host loses its power: all calls end, all connections are gone without a word, and of the queue is
    /// left what was durable.
    mutating func crash(for pause: Interval) {
        guard !server.isDown else { return }
        emit(
            .powerFailed(
                unanswered: server.mail.unansweredCount, open: server.mail.queue.openEnds), host: 0)
        server.crash(luck: &crashLuck, at: now)
        clock.set(mailAlarm, to: nil)
        restartStack()
        for index in 0..<clients.count where clients[index].call?.circuitFailed() == true {
            clock.set(clients[index].callAlarm, to: clients[index].call?.deadline)
        }
        for port in 0..<ports.count where ports[port].call != nil { goOnHook(port: port, .server) }
        script.occurrences.append(.init(at: now + pause, deed: .start))
        schedule(occurrence: script.occurrences.count - 1)
    }

    // Of its connections nobody is told: there is nobody left to tell it.
    private mutating func restartStack() {
        starts += 1
        hosts[0].restart(
            World.serverStack(server, random: RandomStream(seed: seed, thing: "server", purpose: "tcp.\(starts)")),
            clock: &clock)
    }

    /// The server host has its power again: it listens, and goes on with what its disk has kept.
    mutating func start() {
        server.start(at: now)
        for port in server.ports { hosts[0].stack.listen(on: port) }
        emit(.powerRestored(messages: server.mail.queue.count, again: server.cameAgain), host: 0)
        let missed = server.missed
        server.missed = []
        if !missed.isEmpty { server.mail.take(missed, at: now) }
        performMailActions()
    }
}
