import MailHost
import MailQueue
import SMTP

/// The mail that a client host has written and the server host has not yet taken, in the order of its writing.
struct WrittenMail: Sendable {
    private(set) var messages: [MailHost.Message] = []
    /// The one that goes next over the connection under way, and where that connection stops: it may take along only
    /// what was there when it began.
    private var next = 0
    private var end = 0

    var isEmpty: Bool { messages.isEmpty }

    mutating func append(_ message: MailHost.Message) { messages.append(message) }

    /// A connection is made.
    mutating func connectionBegins() { (next, end) = (0, messages.count) }

    /// The next message of this connection; one that comes in meanwhile goes along if it may.
    mutating func take(takesNewAlong: Bool) -> MailHost.Message? {
        if takesNewAlong { end = messages.count }
        guard next < end else { return nil }
        next += 1
        return messages[next - 1]
    }

    /// The message under way is the server's now for all recipients but these: it goes again for them.
    mutating func keep(for recipients: [ForwardPath]) {
        precondition(next > 0, "a message is under way")
        messages[next - 1].envelope.forwardPaths = recipients
        next -= 1
    }

    /// The message under way is the server's now, or was refused for good.
    mutating func drop() {
        precondition(next > 0, "a message is under way")
        messages.remove(at: next - 1)
        next -= 1
        end -= 1
    }
}

extension MailHost.Message {
    /// The domain that it goes to first, as events name it.
    var domain: String { envelope.forwardPaths.first?.domain?.spelling ?? "" }
}
