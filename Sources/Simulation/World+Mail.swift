import Events
import MailHost
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
        let ordinals = mail[index].arrived..<(mail[index].arrived + count)
        mail[index].arrived += count
        if let client = plan.from {
            write(ordinals.map { message($0, of: plan, mailIndex: index) }, at: client)
        } else {
            let messages = ordinals.map { message($0, of: plan, mailIndex: index) }
            // Who does not get through tries again.
            if server.isDown { server.missed += messages } else { server.mail.take(messages, at: now) }
            performMailActions()
        }
        if let every = plan.every, mail[index].arrived < total { clock.set(mail[index].alarm, to: now + every) }
    }

    private mutating func message(_ ordinal: Int, of plan: MailPlan, mailIndex: Int) -> MailHost.Message {
        let envelope = mail[mailIndex].envelope
        switch plan.source {
        case .contents(let contents): return .init(envelope: envelope, content: .octets(contents[ordinal]))
        case .generated(_, let size):
            let generated = GeneratedMessage(
                correspondence: mail[mailIndex].correspondence, seed: mail[mailIndex].stream.next(), ordinal: ordinal,
                size: Int(size.draw(from: &mail[mailIndex].stream)),
                date: begins.date(at: now))
            return .init(envelope: envelope, content: .generated(generated))
        }
    }

    // MARK: Mail that is received

    /// The content of a message begins: the trace fields go on top (RFC 5321 §4.4).
    mutating func beginMessage(_ envelope: Envelope, conversation index: Int) {
        guard let (host, connection, _) = conversations[index]?.whereabouts(), conversations[index]?.arriving == nil
        else { return }
        let ordinal = clients[host - 1].beginMessage()
        let name = hosts[host].name
        let id = "\(name)-\(ordinal)"
        let number = received.begin(.init(at: now, client: name, ordinal: ordinal))
        let transactionID = conversations[index]?.server?.transactionID
        var message = ArrivingMessage(number: number, ordinal: ordinal, id: id, transactionID: transactionID)
        if envelope.wantsSuccessReported { message.keepBeginning() }
        conversations[index]?.arriving = message
        let peer = hosts[host].stack.remoteAddress(of: connection)?.description ?? ""
        let trace = conversations[index]?.server?.traceField(
            clientAddress: peer, id: id, envelope: envelope, date: begins.date(at: now))
        received.append(TraceField.returnPath(envelope.reversePath) + (trace ?? []), to: number)
    }

    /// Takes the content that has come for a client host.
    mutating func takeContent(of index: Int, isLast: Bool = false) {
        var content: [UInt8] = []
        guard let message = conversations[index]?.takeContent(into: &content, isLast: isLast) else { return }
        if !content.isEmpty { received.append(content, to: message) }
        giveBack(&content)
    }

    /// The SMTP server of a client host has taken a message.
    mutating func store(_ envelope: Envelope, conversation index: Int) {
        takeContent(of: index, isLast: true)
        guard let host = conversations[index]?.host, let message = conversations[index]?.arriving else { return }
        let wasStored = conversations[index]?.isStoredAlready ?? false
        conversations[index]?.arriving = nil
        conversations[index]?.isStoredAlready = false
        if !wasStored { store(message, envelope, host: host) }
        if let id = message.transactionID { keep(message, id, envelope, isStored: true, conversation: index) }
        conversations[index]?.server?.messageStored(id: message.id, at: now, into: &serverActions)
    }

    private mutating func store(_ message: ArrivingMessage, _ envelope: Envelope, host: Int) {
        let isDuplicate = clients[host - 1].keepMessage(
            mark: message.mark(for: envelope.forwardPaths.map(\.description)))
        received.end(message.number, isStored: true)
        emit(
            .mailStored(
                domain: envelope.forwardPaths.first?.domain?.spelling ?? "", id: message.id, octets: message.size,
                duplicate: isDuplicate),
            host: host)
        reportDelivery(of: message, envelope, host: host)
    }

    /// The content of a message was refused, or broke off for good.
    mutating func discardMessage(conversation index: Int) {
        guard let message = conversations[index]?.arriving else { return }
        conversations[index]?.arriving = nil
        if conversations[index]?.isStoredAlready == false { received.end(message.number, isStored: false) }
        conversations[index]?.isStoredAlready = false
    }
}
