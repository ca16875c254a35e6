import Events
import MailQueue
import SMTP
import Timebase
import Wire

/// ATRN and TURN at the client host: from the request to the reversal of roles (RFC 2645).
extension World {
    /// Asks for its mail over a connection of its own, at the port where such requests are taken.
    mutating func askForReversal(_ reversal: Reversal, client: Int) {
        let port = reversal == .turn ? World.smtpPort : World.relayPort
        emit(.reversalConnecting(address: server.address.description, port: Int(port)), host: client + 1)
        let plan = clients[client].plan
        var configuration = SMTPClientConfiguration(hostName: plan.mailName)
        configuration.credentials = plan.account?.credentials
        connect(
            client, for: .reversing, SMTPClientSession(configuration: configuration, purpose: .reversal(reversal)),
            port: port)
    }

    /// What the session that asks reports.
    mutating func reversingDid(_ action: SMTPClientSession.Action, conversation index: Int) {
        guard let host = conversations[index]?.host, let reversal = clients[host - 1].plan.reversal else { return }
        let plan = clients[host - 1].plan
        switch action {
        case .extensions where plan.account == nil: emit(.sent(reversal), host: host)
        case .wantsAnswer(.digest(let challenge)):
            let digest = CRAMDigest.text(
                of: challenge, password: plan.account?.credentials.password ?? [], md5: digest)
            conversations[index]?.client?.answer(.digest(digest), at: now, into: &clientActions)
        case .authenticated:
            emit(
                .reversalAuthenticated(
                    user: plan.account?.credentials.user ?? "",
                    by: plan.account?.credentials.mechanism?.rawValue ?? ""),
                host: host)
            emit(.sent(reversal), host: host)
        case .reversalAnswered(let reply):
            emit(
                .reversalAnswered(
                    .init(reversal), code: reply.code, text: reply.lines.joined(separator: " ")),
                host: host)
            clients[host - 1].retrieval.reversalAnswered(code: reply.code)
        case .reverse: becomeServer(index, client: host - 1)
        case .failed(let failure): emit(.reversalFailed(reason: failure.description), host: host)
        case .close: conversations[index]?.isClosing = true
        case .greeted, .extensions: break
        case .wantsMessage, .messageStarted, .resumed, .recipientRefused, .messageAccepted, .messageRefused,
            .recipientsLeft, .sessionFull, .etrnReply, .lineAnswered, .startTLS, .wantsAnswer:
            preconditionFailure("nothing else is asked for, and a digest is all that is answered")
        }
    }

    /// The client host was the client of a connection and is its server from now on.
    private mutating func becomeServer(_ index: Int, client: Int) {
        guard let session = conversations[index]?.client else { return }
        conversations[index]?.client = nil
        conversations[index]?.server = SMTPServerSession(
            reversing: session, configuration: clients[client].smtpConfiguration, at: now)
        conversations[index]?.purpose = .serving
        clients[client].retrieval.reversed()
    }
}

extension Happening {
    fileprivate static func sent(_ reversal: SMTP.Reversal) -> Happening {
        .reversalSent(.init(reversal), domains: reversal.domains.map(\.spelling).joined(separator: ","))
    }
}

extension Happening.Reversal {
    fileprivate init(_ reversal: SMTP.Reversal) { self = reversal == .turn ? .turn : .atrn }
}
