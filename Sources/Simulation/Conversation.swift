import MailHost
import MailQueue
import SMTP
import TCPIP
import Timebase

/// One connection of a client host, with the machine that speaks on it: SMTP as a rule, or Finger.
struct Conversation: Sendable {
    /// What the connection is for.
    enum Purpose: Sendable {
        /// The host's SMTP server answers a client.
        case serving
        /// A client host asks for its mail.
        case asking
        /// A client host asks for its mail over this connection: the roles are reversed, or it ends.
        case reversing
        /// A client host asks for its mail by Finger, after so many names before this one.
        case fingering(Int)
        /// A client host sends what it has written: the message under way, and the recipients that are left for another
        /// transaction.
        case submitting(MailHost.Message?, left: [ForwardPath] = [])
        /// Somebody types at a client host.
        case speaking
    }

    let host: Int
    let connection: ConnectionID
    let alarm: EventQueue.AlarmID
    var purpose: Purpose
    // The sessions lie side by side and not in the purpose, so that they change in place.
    var server: SMTPServerSession?
    var client: SMTPClientSession?
    var finger: FingerClient?
    /// What is left of the message that the client session sends, if it is one that is written while it is sent.
    var letter: LetterPieces?
    /// The message that the server session receives, and whether it is one that was stored before.
    var arriving: ArrivingMessage?
    var isStoredAlready = false
    /// The session is over: close the connection when its last output is gone.
    var isClosing = false

    /// How a conversation stands when its output has been taken.
    struct Turn {
        /// Nothing more will be said: the connection can be closed.
        let isOver: Bool
        /// When the session must next be told the time, if ever.
        let deadline: Instant?
    }

    // What follows is asked for every segment, and changes the conversation where it lies: a question to an element of
    // an array would copy the sessions first.

    mutating func whereabouts() -> (host: Int, connection: ConnectionID, alarm: EventQueue.AlarmID) {
        (host, connection, alarm)
    }

    /// Octets have come from the peer. The buffer is lent to a message that is on its way here, until its content is
    /// taken.
    mutating func receive(
        _ octets: RawSpan, lending buffer: inout [UInt8], at now: Instant,
        _ serverActions: inout Outbox<SMTPServerSession.Action>,
        _ clientActions: inout Outbox<SMTPClientSession.Action>
    ) {
        if arriving != nil { server?.exchangeContent(for: &buffer) }
        server?.receive(octets, at: now, into: &serverActions)
        client?.receive(octets, at: now, into: &clientActions)
        finger?.receive(octets)
    }

    /// Takes output to send.
    mutating func takeOutput(upTo room: Int, into octets: inout [UInt8], at now: Instant) {
        server?.takeOutput(upTo: room, into: &octets)
        _ = client?.takeOutput(upTo: room, into: &octets, at: now)
        finger?.takeOutput(upTo: room, into: &octets)
        while octets.count < room, client?.wantsContent == true, let piece = letter?.next() {
            client?.send(content: piece)
            _ = client?.takeOutput(upTo: room - octets.count, into: &octets, at: now)
        }
    }

    /// Takes the content that has come since this was last called.
    /// - Parameters:
    ///   - buffer: empty; afterwards what has come, if a message is on its way here.
    ///   - isLast: whether nothing more comes.
    /// - Returns: the number of the message.
    mutating func takeContent(into buffer: inout [UInt8], isLast: Bool) -> Int? {
        guard arriving != nil else { return nil }
        server?.exchangeContent(for: &buffer)
        // Of a message that is stored nothing can be missing: what is sent all the same is not part of it.
        guard !isStoredAlready else {
            buffer.removeAll(keepingCapacity: true)
            return nil
        }
        arriving?.receive(&buffer, isLast: isLast)
        return arriving?.number
    }

    /// All output that the connection has room for has been taken.
    mutating func endTurn() -> Turn {
        let deadline = server?.deadline ?? client?.deadline ?? finger?.deadline
        let pending = isClosing ? server?.pendingOutputCount ?? client?.pendingOutputCount ?? 0 : 0
        return Turn(isOver: isClosing && pending == 0, deadline: deadline)
    }
}
