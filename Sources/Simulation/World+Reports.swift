import Events
import MailHost
import MailQueue
import SMTP
import Timebase

/// Reports to senders of what was delivered (RFC 3464).
extension World {
    /// A client host has delivered a message: it tells the sender if that is wanted, over its link (RFC 3461 §5.2.3).
    mutating func reportDelivery(of message: ArrivingMessage, _ envelope: Envelope, host: Int) {
        let recipients = envelope.forwardPaths.map {
            DeliveryReport.Recipient($0, .delivered, EnhancedStatusCode(2, 1, 5))
        }
        guard let beginning = message.beginning,
            let report = DeliveryReport(
                on: envelope, .octets(beginning), number: message.ordinal, arrival: now, recipients: recipients, at: now
            )
        else { return }
        emit(
            .mailReported(
                action: Happening.ReportAction(report.action), to: "\(report.sender)", id: message.id), host: host)
        let text = ReportMessage(report, from: clients[host - 1].plan.mailName, begins: begins)
        write([.init(envelope: text.envelope, content: .octets(text.octets))], at: host - 1)
    }
}

extension Envelope {
    /// Whether somebody is to be told of its delivery.
    var wantsSuccessReported: Bool {
        reversePath != .null && forwardPaths.contains { options.recipients[$0]?.notify?.contains(.success) == true }
    }
}
