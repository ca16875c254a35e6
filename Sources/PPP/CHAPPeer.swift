import Timebase
import Wire

/// The end that proves that it knows the secret without saying it (RFC 1994).
///
/// It repeats its response until it is answered: the authenticator considers the matter closed when it has sent its
/// Success, which may get lost, and answers repeated responses for this reason (RFC 1994 §4.2).
struct CHAPPeer: Sendable {
    private let credentials: PPPCredentials
    private let digest: @Sendable ([UInt8]) -> [UInt8]
    private let timer: RetryTimer
    private var retry: RetryTimer
    // The response that is not answered yet.
    private var response: ControlPacket?

    init(_ credentials: PPPCredentials, digest: @escaping @Sendable ([UInt8]) -> [UInt8], timer: RetryTimer) {
        self.credentials = credentials
        self.digest = digest
        self.timer = timer
        retry = timer
    }

    /// Takes a packet in. Every challenge is answered, also later ones: the authenticator repeats them when it likes.
    mutating func receive(
        _ packet: ControlPacket, at now: Instant, into outbox: inout Outbox<AuthenticationAction>
    ) {
        guard let message = try? CHAPMessage(parsing: packet) else { return }
        switch message {
        case .challenge(let value, _):
            let proof = CHAPPeer.response(
                identifier: packet.identifier, secret: credentials.secret, challenge: value, digest: digest)
            let message = CHAPMessage.response(value: proof, name: Array(credentials.name.utf8))
            response = message.packet(identifier: packet.identifier)
            retry = timer
            sendResponse(at: now, into: &outbox)
        case .success where packet.identifier == response?.identifier:
            decide()
            outbox.append(.succeeded(user: credentials.name))
        case .failure(let text) where packet.identifier == response?.identifier:
            decide()
            outbox.append(.failed(user: credentials.name, message: String(printable: text)))
        case .response, .success, .failure:
            return
        }
    }

    mutating func deadlineReached(at now: Instant, into outbox: inout Outbox<AuthenticationAction>) {
        if retry.isDue(at: now) { sendResponse(at: now, into: &outbox) }
    }

    var deadline: Instant? { retry.deadline }

    /// RFC 1994 §4.1: the digest over identifier, secret and challenge.
    static func response(
        identifier: UInt8, secret: Secret, challenge: [UInt8], digest: ([UInt8]) -> [UInt8]
    ) -> [UInt8] {
        digest([identifier] + secret.octets + challenge)
    }

    private mutating func decide() {
        response = nil
        retry.stop()
    }

    private mutating func sendResponse(at now: Instant, into outbox: inout Outbox<AuthenticationAction>) {
        guard let response, retry.start(at: now) else {
            decide()
            outbox.append(.failed(user: credentials.name, message: "no answer"))
            return
        }
        outbox.append(.send(response))
    }
}
