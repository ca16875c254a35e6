import Events
import MailQueue
import SMTP
import TCPIP
import Timebase
import Wire

/// Mail that comes to the server host, and mail that a client host stores.
extension World {
    /// The next message, or all of them, of a mail plan.
    mutating func mailArrives(_ index: Int) {
        let plan = mail[index].plan
        let total = plan.source.count
        let count = plan.every == nil ? total : 1
        var octets = 0
        for ordinal in mail[index].arrived..<(mail[index].arrived + count) {
            let (envelope, content) = message(ordinal, of: plan, mailIndex: index)
            octets += content.size
            server.queue.hold(envelope, content: content, at: now, into: &queueActions)
        }
        mail[index].arrived += count
        emit(.mailQueued(domain: plan.domain.spelling, messages: count, octets: octets), host: 0)
        performQueueActions()
        if let every = plan.every, mail[index].arrived < total { clock.set(mail[index].alarm, to: now + every) }
    }

    private mutating func message(
        _ ordinal: Int, of plan: MailPlan, mailIndex: Int
    ) -> (Envelope, MessageContent) {
        switch plan.source {
        case .contents(let contents):
            return (mail[mailIndex].correspondence.envelope, .octets(contents[ordinal]))
        case .generated(_, let size):
            let generated = GeneratedMessage(
                correspondence: mail[mailIndex].correspondence, seed: mail[mailIndex].stream.next(), ordinal: ordinal,
                size: Int(size.draw(from: &mail[mailIndex].stream)),
                date: begins.date(at: now))
            return (mail[mailIndex].correspondence.envelope, .generated(generated))
        }
    }

    /// An SMTP server has taken a message: the client host keeps it; the server host holds it for somebody.
    mutating func store(_ envelope: Envelope, _ content: [UInt8], conversation index: Int) {
        guard let conversation = conversations[index], let session = conversation.server else { return }
        guard conversation.host > 0 else {
            server.queue.hold(envelope, content: .octets(content), at: now, into: &queueActions)
            conversations[index]?.server?.messageStored(id: "held", at: now, into: &serverActions)
            return performQueueActions()
        }
        let client = conversation.host - 1
        let ordinal = clients[client].store(content, for: envelope)
        let peer = hosts[conversation.host].stack.remoteAddress(of: conversation.connection)
        let id = "\(clients[client].plan.name)-\(ordinal.ordinal)"
        let trace =
            TraceField.returnPath(envelope.reversePath)
            + session.traceField(
                clientAddress: peer?.description ?? "", id: id, envelope: envelope, date: begins.date(at: now))
        let domain = envelope.forwardPaths.first?.domain?.spelling ?? ""
        self.trace.append(
            StoredMessage(
                at: now, client: clients[client].plan.name, octets: trace + content, traceOctets: trace.count,
                ordinal: ordinal.ordinal))
        emit(
            .mailStored(domain: domain, id: id, octets: content.count, duplicate: ordinal.isDuplicate),
            host: conversation.host)
        conversations[index]?.server?.messageStored(id: id, at: now, into: &serverActions)
    }

    /// What the SMTP server of a host is told.
    func smtpConfiguration(of host: Int) -> SMTPServerConfiguration {
        guard host > 0 else { return server.smtpConfiguration }
        return clients[host - 1].smtpConfiguration
    }
}
