import Foundation
import MailQueue
import SMTP
import Timebase

extension JournalEntry.StoredMessage {
    init(_ message: HeldMessage) {
        number = message.id.number
        envelope = message.envelope.commands.map(\.description)
        content = Data(message.content.render())
        arrival = message.arrival.nanoseconds
        attempts = message.attempts
        possiblyDelivered = message.possiblyDelivered
        division = message.division
        notBefore = message.notBefore.nanoseconds
        wasDelayed = message.wasDelayed
        isOnHold = message.isOnHold
    }

    /// The message; nil when the entry is none.
    var message: HeldMessage? {
        let commands = envelope.compactMap { try? SMTPCommand(parsing: $0) }
        guard commands.count == envelope.count, let envelope = Envelope(commands: commands),
            envelope.forwardPaths.first?.domain != nil
        else { return nil }
        var message = HeldMessage(
            id: MessageID(number), envelope: envelope, content: .octets(Array(content)),
            arrival: Instant(nanoseconds: arrival))
        message.attempts = attempts
        message.possiblyDelivered = possiblyDelivered
        message.division = division
        message.notBefore = Instant(nanoseconds: notBefore)
        message.wasDelayed = wasDelayed
        message.isOnHold = isOnHold
        return message
    }
}
