import MailQueue
import SMTP
import Timebase

/// What an operator asks of the queue, whether the service runs or not.
public enum QueueRequest: Codable, Hashable, Sendable {
    /// The messages of a domain, or of all; a line each.
    case list(domain: String?)
    /// Everything that is known of a message but its content.
    case show(Int)
    /// The content of a message.
    case export(Int)
    /// The delivery of what ETRN can name, at once.
    case flush(String)
    /// A look at every page of the database and every row.
    case verify

    /// What came of a request.
    public struct Answer: Codable, Hashable, Sendable {
        /// What is to be printed.
        public var text: String
        /// Whether it could be done.
        public var isDone: Bool

        init(_ text: String, isDone: Bool = true) {
            self.text = text
            self.isDone = isDone
        }
    }

    /// Answers what asks only to know.
    /// - Parameters:
    ///   - queue: the queue.
    ///   - store: its store.
    ///   - now: the time, for ages.
    /// - Returns: the answer; nil for what changes something.
    func answer(from queue: MailQueue, _ store: SQLiteStore, at now: Instant) -> Answer? {
        switch self {
        case .list(let name): list(name, queue, now)
        case .show(let number): message(number, store) { QueueRequest.description(of: $0, now) }
        case .export(let number):
            message(number, store) { String(decoding: $0.content.render(), as: UTF8.self) }
        case .verify: verification(of: store)
        case .flush: nil
        }
    }

    private func list(_ name: String?, _ queue: MailQueue, _ now: Instant) -> Answer {
        var domains = queue.domains.sorted()
        if let name {
            guard let domain = try? Domain(parsing: name) else {
                return Answer("`\(name)` is no domain\n", isDone: false)
            }
            domains = [domain]
        }
        var lines: [String] = []
        var octets = 0
        for domain in domains {
            for message in queue.messages(for: domain) {
                octets += message.size
                lines.append(
                    "\(message.id)  \(domain)  \(message.size) octets  \(QueueRequest.age(of: message, now))  "
                        + "\(message.attempts) attempts  from \(message.envelope.reversePath)")
            }
        }
        let sum = "\(lines.count) messages, \(octets) octets"
        return Answer((lines + [sum]).joined(separator: "\n") + "\n")
    }

    private func message(_ number: Int, _ store: SQLiteStore, _ text: (HeldMessage) -> String) -> Answer {
        do throws(StoreError) {
            guard let message = try store.read(MessageID(number)) else {
                return Answer("there is no message \(number)\n", isDone: false)
            }
            return Answer(text(message))
        } catch {
            return Answer("\(error)\n", isDone: false)
        }
    }

    private static func description(of message: HeldMessage, _ now: Instant) -> String {
        var lines = ["message \(message.id), \(message.size) octets, \(age(of: message, now)) old"]
        lines += message.envelope.commands.map(\.description)
        lines.append("\(message.attempts) attempts")
        if let attempt = message.lastAttempt {
            let reply = attempt.reply.map { "\($0)" } ?? "the connection broke"
            lines.append("last attempt \(now - attempt.at) ago: \(reply)")
        }
        if message.possiblyDelivered { lines.append("perhaps delivered: its end was never answered (RFC 1047)") }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func age(of message: HeldMessage, _ now: Instant) -> Interval {
        .seconds(max(0, (now - message.arrival).nanoseconds / 1_000_000_000))
    }

    private func verification(of store: SQLiteStore) -> Answer {
        let faults = store.faults()
        return faults.isEmpty
            ? Answer("the store is whole\n") : Answer(faults.joined(separator: "\n") + "\n", isDone: false)
    }
}
