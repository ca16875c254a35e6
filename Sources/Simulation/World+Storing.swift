import Events
import MailQueue
import SMTP
import TCPIP
import Timebase

/// Mail becomes the server host's own when its disk has it: only then is it announced, answered for and delivered.
extension World {
    /// Mail that was given to the queue, and is not yet durable.
    struct Incoming: Sendable {
        /// Where it comes from: what is to be done when it is durable, or is never to be.
        enum Source: Sendable {
            /// A client host that waits for the reply, or has gone away meanwhile.
            case session(conversation: Int, ConnectionID, id: String)
            /// Somebody outside of the simulation, who sends it again when it was lost.
            case elsewhere([WrittenMail.Message])
            /// The server host itself.
            case here
        }

        let source: Source
        let domains: [Domain]
        let messages: Int
        let octets: Int
    }

    /// Carries out what the queue wants until nothing is left, and writes what that has changed.
    mutating func performQueueActions() {
        repeat {
            while let action = queueActions.next() { perform(action) }
        } while commitQueue()
        clock.set(queueAlarm, to: server.isDown ? nil : server.queue.deadline)
        checkStorage()
    }

    /// - Returns: whether anything was written, so that more may be wanted.
    private mutating func commitQueue() -> Bool {
        let incoming = server.incoming
        server.incoming = []
        guard let batch = server.queue.commit(at: now, into: &queueActions) else {
            // Nothing of it was for the queue.
            incoming.forEach { arrived($0) }
            return false
        }
        if !incoming.isEmpty { server.unwritten.append((batch, incoming)) }
        return true
    }

    /// So many batches are durable.
    mutating func written(_ batches: Int) {
        while let (batch, incoming) = server.unwritten.first, batch <= batches {
            server.unwritten.removeFirst()
            incoming.forEach { arrived($0) }
        }
    }

    private mutating func arrived(_ incoming: Incoming) {
        for domain in incoming.domains {
            emit(
                .mailQueued(domain: domain.spelling, messages: incoming.messages, octets: incoming.octets), host: 0)
        }
        guard case .session(let index, let connection, let id) = incoming.source,
            conversation(on: connection, of: 0) == index
        else { return }
        conversations[index]?.server?.messageStored(id: id, at: now, into: &serverActions)
        performServerActions(of: index)
        converse(index)
        read(connection, on: 0)
    }
}
