import MailQueue
import SMTP
import TCPIP
import Timebase

/// One SMTP connection of a host, with the machine that speaks on it.
struct Conversation: Sendable {
    /// What the connection is for.
    enum Purpose: Sendable {
        /// The host's SMTP server answers a client.
        case serving
        /// A client host asks for its mail.
        case asking
        /// The server host hands over the mail of a domain.
        case delivering(Delivery)
    }

    /// How far the reverse connection of a domain has come.
    struct Delivery: Sendable {
        var domain: Domain
        /// Whether the queue knows that the connection is ready for mail.
        var isReady = false
        /// The message in flight, and the recipients that were refused one by one.
        var message: HeldMessage?
        var refused: [ForwardPath] = []
    }

    let host: Int
    let connection: ConnectionID
    let alarm: EventQueue.AlarmID
    var purpose: Purpose
    // The sessions lie side by side and not in the purpose, so that they change in place.
    var server: SMTPServerSession?
    var client: SMTPClientSession?
    /// The session is over: close the connection when its last output is gone.
    var isClosing = false

    /// When the session must next be told the time, if ever.
    var deadline: Instant? { server?.deadline ?? client?.deadline }

    var pendingOutputCount: Int { server?.pendingOutputCount ?? client?.pendingOutputCount ?? 0 }

    mutating func takeOutput(upTo room: Int, into octets: inout [UInt8], at now: Instant) {
        server?.takeOutput(upTo: room, into: &octets)
        client?.takeOutput(upTo: room, into: &octets, at: now)
    }
}
