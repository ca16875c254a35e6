public import Foundation
import MailHost
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
    /// A message is kept back.
    case hold(Int)
    /// A message that was kept back goes on.
    case release(Int)
    /// A message is gone; nobody is told.
    case remove(Int)
    /// A message from elsewhere: the commands that would carry its envelope, and its content in lines that end with
    /// CR LF.
    case take(envelope: [String], content: Data)
    /// A look at every page of the database and every row.
    case verify
    /// The last flushes of a domain, or of all.
    case flushes(domain: String?, most: Int)
    /// What a flush came to.
    case flushReport(Int)

    /// What came of a request.
    public struct Answer: Codable, Hashable, Sendable {
        /// What is to be printed.
        public var text: String { String(decoding: octets, as: UTF8.self) }
        /// The same, octet for octet, as a message may be written in anything.
        public var octets: Data
        /// Whether it could be done.
        public var isDone: Bool

        init(_ text: String, isDone: Bool = true) { self.init(octets: Data(text.utf8), isDone: isDone) }

        init(octets: Data, isDone: Bool = true) {
            self.octets = octets
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
        case .show(let number): message(number, store) { Answer(QueueRequest.description(of: $0, now)) }
        case .export(let number): message(number, store) { Answer(octets: Data($0.content.render())) }
        case .verify: verification(of: store)
        case .flushes(let domain, let most): FlushText.list(of: domain, most: most, in: store)
        case .flushReport(let number): FlushText.report(number, in: store)
        case .flush, .hold, .release, .remove, .take: nil
        }
    }

    /// Carries out what changes something.
    /// - Parameters:
    ///   - mail: the host whose queue it is.
    ///   - now: when.
    /// - Returns: the answer, which holds as soon as the store has written what was changed; nil for what asks only to
    ///   know.
    func change(_ mail: inout MailHost, at now: Instant) -> Answer? {
        switch self {
        case .list, .show, .export, .verify, .flushes, .flushReport: return nil
        case .flush(let text):
            guard let argument = try? ETRNArgument(parsing: text) else {
                return Answer("`\(text)` is nothing that ETRN can name\n", isDone: false)
            }
            let answer = mail.startFlush(argument, at: now)
            return Answer("\(answer.code) \(answer.text)\n", isDone: answer.code < 400)
        case .hold(let number), .release(let number), .remove(let number):
            do throws(MailQueue.OperatorError) {
                return Answer("message \(number) \(try change(MessageID(number), in: &mail, at: now))\n")
            } catch {
                return Answer("message \(number) \(error)\n", isDone: false)
            }
        case .take(let commands, let content):
            if let damage = mail.storeDamage {
                return Answer("nothing is taken into a damaged store: \(damage)\n", isDone: false)
            }
            let commands = commands.compactMap { try? SMTPCommand(parsing: $0) }
            guard let envelope = Envelope(commands: commands), !envelope.forwardPaths.isEmpty, content.last == 0x0A
            else { return Answer("this is no message\n", isDone: false) }
            mail.take([MailHost.Message(envelope: envelope, content: .octets(Array(content)))], at: now)
            let names = envelope.forwardPaths.map(\.description).joined(separator: " ")
            return Answer("taken for \(names), \(content.count) octets\n")
        }
    }

    /// - Returns: what the message is afterwards.
    private func change(
        _ id: MessageID, in mail: inout MailHost, at now: Instant
    ) throws(MailQueue.OperatorError) -> String {
        switch self {
        case .hold:
            try mail.putOnHold(id, at: now)
            return "is on hold"
        case .release:
            try mail.release(id, at: now)
            return "is released"
        default:
            try mail.remove(id, at: now)
            return "is removed"
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
        let onHold = queue.messagesOnHold.filter { message in domains.contains(message.domain) }
        let messages = domains.flatMap { queue.messages(for: $0) } + onHold
        let octets = messages.reduce(0) { $0 + $1.size }
        let lines = messages.map { message in
            "\(message.id)  \(message.domain)  \(message.size) octets  \(QueueRequest.age(of: message, now))  "
                + (message.isOnHold ? "on hold" : "\(message.attempts) attempts")
                + "  from \(message.envelope.reversePath)"
        }
        let sum = "\(lines.count) messages, \(octets) octets"
        return Answer((lines + [sum]).joined(separator: "\n") + "\n")
    }

    private func message(_ number: Int, _ store: SQLiteStore, _ answer: (HeldMessage) -> Answer) -> Answer {
        do throws(StoreError) {
            guard let message = try store.read(MessageID(number)) else {
                return Answer("there is no message \(number)\n", isDone: false)
            }
            return answer(message)
        } catch {
            return Answer("\(error)\n", isDone: false)
        }
    }

    private static func description(of message: HeldMessage, _ now: Instant) -> String {
        var lines = ["message \(message.id), \(message.size) octets, \(age(of: message, now)) old"]
        lines += message.envelope.commands.map(\.description)
        lines.append("\(message.attempts) attempts")
        if message.isOnHold { lines.append("on hold until it is released") }
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
