import Events
import MailQueue
import SMTP
import TCPIP
import Timebase
import Wire

/// Reports to senders (RFC 3464), and mail that leaves the simulated network.
extension World {
    /// The server host tells a sender what became of a message.
    mutating func send(_ report: DeliveryReport) {
        emit(
            .queueReported(
                action: Happening.ReportAction(report.action), to: "\(report.sender)", message: report.number), host: 0)
        let message = ReportMessage(report, from: server.name, begins: begins)
        server.takenCount += 1
        take(message.envelope, message.octets, number: server.takenCount, from: .here)
    }

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

    /// A reply as reports quote it: under the name of the host that gave it, unless the message was not even begun and
    /// it is this host's own.
    func word(
        _ reply: SMTPReply, _ delivery: Conversation.Delivery, conversation index: Int
    ) -> DeliveryReply {
        guard delivery.isBegun, let conversation = conversations[index] else { return DeliveryReply(reply, from: nil) }
        let address = hosts[0].stack.remoteAddress(of: conversation.connection).map { "[\($0)]" }
        let name = conversation.client?.serverName ?? address.flatMap { try? Domain(parsing: $0) }
        return DeliveryReply(reply, from: name)
    }

    /// The server host is responsible for a message: it holds it for domains that fetch their mail here. To all others
    /// there is no way in a simulation of one provider: what is for them is set aside.
    mutating func take(_ envelope: Envelope, _ content: [UInt8], number: Int, from source: Incoming.Source) {
        let isHeld = { [server] (path: ForwardPath) in path.domain.map(server.queue.isOnDemand) ?? true }
        var held = envelope
        held.forwardPaths = envelope.forwardPaths.filter(isHeld)
        var leaving = envelope
        leaving.forwardPaths = envelope.forwardPaths.filter { !isHeld($0) }
        if !held.forwardPaths.isEmpty {
            server.queue.hold(held, content: .octets(content), at: now, into: &queueActions)
        }
        server.incoming.append(Incoming(source: source, domains: held.domains, messages: 1, octets: content.count))
        if !leaving.forwardPaths.isEmpty {
            let message = received.begin(.init(at: now, client: World.serverName, ordinal: number))
            received.append(content, to: message)
            received.end(message, isStored: true)
        }
        for domain in leaving.domains {
            emit(.mailSetAside(domain: domain.spelling, id: "server-\(number)", octets: content.count), host: 0)
        }
    }
}

extension Happening.ReportAction {
    fileprivate init(_ action: DeliveryReport.Action) {
        self =
            switch action {
            case .failed: .failed
            case .delayed: .delayed
            case .delivered: .delivered
            case .relayed: .relayed
            case .expanded: .expanded
            }
    }
}

extension DeliveryReply {
    fileprivate init(_ reply: SMTPReply, from host: Domain?) {
        self.init(
            code: reply.code, text: reply.lines.joined(separator: " "), status: reply.enhancedStatus, host: host)
    }
}

extension Envelope {
    /// Whether somebody is to be told of its delivery.
    var wantsSuccessReported: Bool {
        reversePath != .null && forwardPaths.contains { options.recipients[$0]?.notify?.contains(.success) == true }
    }
}
