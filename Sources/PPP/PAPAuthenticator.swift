import Timebase
import Wire

/// The end that asks for a password and checks it (RFC 1334 §2).
struct PAPAuthenticator: Sendable {
    private let users: PPPUsers
    private var verdict: Bool?

    init(users: PPPUsers) { self.users = users }

    /// Takes a request in. Once decided, every further request gets the same answer, for the first may have been lost
    /// (RFC 1334 §2.2.1).
    mutating func receive(_ packet: ControlPacket, into outbox: inout Outbox<AuthenticationAction>) {
        guard case .authenticateRequest(let name, let password)? = try? PAPMessage(parsing: packet) else { return }
        let isFirst = verdict == nil
        let isRight =
            verdict ?? users[String(decoding: name, as: UTF8.self)].map { $0.secret.matches(password) } ?? false
        verdict = isRight
        let answer =
            isRight
            ? PAPMessage.authenticateAck(message: Array("Login ok".utf8))
            : PAPMessage.authenticateNak(message: Array("Login incorrect".utf8))
        outbox.append(.send(answer.packet(identifier: packet.identifier)))
        guard isFirst else { return }
        outbox.append(
            isRight
                ? .succeeded(user: String(decoding: name, as: UTF8.self))
                : .failed(user: String(printable: name), message: "Login incorrect"))
    }
}
