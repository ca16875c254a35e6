import Events
import MailHost
import MailQueue
import SMTP
import TCPIP
import Timebase
import Wire

/// Mail that a client host sends, and lines that somebody types at one.
extension World {
    /// A client host has written messages: they go over the link under way, or over the next one.
    mutating func write(_ messages: [MailHost.Message], at client: Int) {
        for message in messages { clients[client].written.append(message) }
        emit(
            .mailWritten(
                domain: messages.first?.domain ?? "", messages: messages.count,
                octets: messages.reduce(0) { $0 + $1.content.size }),
            host: client + 1)
        // Exchange sends what was there when it dialled (Q159209): later mail waits for the next call.
        guard clients[client].plan.asksLike != .exchange else { return }
        perform(clients[client].retrieval.wrote(), client: client)
    }

    mutating func submitMail(client: Int) {
        clients[client].written.connectionBegins()
        emit(.submissionConnecting(address: server.address.description), host: client + 1)
        let configuration = SMTPClientConfiguration(hostName: clients[client].plan.mailName)
        connect(client, for: .submitting(nil), SMTPClientSession(configuration: configuration, purpose: .delivery))
    }

    mutating func speak(_ lines: [String], client: Int) {
        let configuration = SMTPClientConfiguration(hostName: clients[client].plan.mailName)
        connect(
            client, for: .speaking, SMTPClientSession(configuration: configuration, purpose: .dialogue(lines)))
    }

    /// A client host connects to a port of the server.
    mutating func connect(
        _ client: Int, for purpose: Conversation.Purpose, _ session: SMTPClientSession, port: UInt16 = World.smtpPort
    ) {
        let host = client + 1
        let connection = hosts[host].stack.connect(to: server.address, port: port, at: now)
        let index = open(connection, on: host, for: purpose)
        conversations[index]?.client = session
        pump(host)
    }

    // MARK: What the sessions report

    mutating func submissionDid(_ action: SMTPClientSession.Action, conversation index: Int) {
        guard case .submitting(let message, let left) = conversations[index]?.purpose,
            let host = conversations[index]?.host
        else { return }
        switch action {
        case .wantsMessage: submitNext(client: host - 1, conversation: index)
        case .recipientsLeft(let paths): conversations[index]?.purpose = .submitting(message, left: left + paths)
        case .messageAccepted where !left.isEmpty: clients[host - 1].written.keep(for: left)
        case .messageAccepted:
            clients[host - 1].written.drop()
            emit(.submissionAccepted(domain: message?.domain ?? "", octets: message?.content.size ?? 0), host: host)
        case .messageRefused(let reply, let permanent):
            if permanent, left.isEmpty { clients[host - 1].written.drop() }
            if permanent, !left.isEmpty { clients[host - 1].written.keep(for: left) }
            emit(
                .submissionRefused(
                    domain: message?.domain ?? "", code: reply.code, text: reply.lines.joined(separator: " ")),
                host: host)
        case .failed(let failure): emit(.submissionFailed(reason: failure.description), host: host)
        case .close: conversations[index]?.isClosing = true
        // What becomes of the one recipient is said of the message, too; what a full session does not take stays.
        case .greeted, .extensions, .messageStarted, .resumed, .recipientRefused, .sessionFull: break
        case .etrnReply, .lineAnswered, .startTLS, .wantsAnswer, .authenticated, .reversalAnswered, .reverse:
            preconditionFailure("a submission asks for nothing")
        }
    }

    private mutating func submitNext(client: Int, conversation index: Int) {
        let message = clients[client].written.take(takesNewAlong: clients[client].plan.asksLike != .exchange)
        conversations[index]?.purpose = .submitting(message)
        conversations[index]?.letter = message.flatMap { $0.content.letter(from: 0) }
        conversations[index]?.client?.nextMessage(
            message.map { OutgoingMessage(envelope: $0.envelope, $0.content) }, at: now, into: &clientActions)
    }

    mutating func dialogueDid(_ action: SMTPClientSession.Action, conversation index: Int) {
        guard let host = conversations[index]?.host else { return }
        switch action {
        case .lineAnswered(let line, let reply):
            emit(
                .dialogueAnswered(line: line, code: reply.code, text: reply.lines.joined(separator: " ")), host: host)
        case .failed(let failure): emit(.dialogueFailed(reason: failure.description), host: host)
        case .close: conversations[index]?.isClosing = true
        default: break
        }
    }
}
