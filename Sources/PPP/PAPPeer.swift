import Timebase
import Wire

/// The end that proves who it is by sending its password (RFC 1334 §2).
struct PAPPeer: Sendable {
    private let credentials: PPPCredentials
    private var timer: RetryTimer
    private var identifier: UInt8 = 0
    private var isDecided = false

    init(_ credentials: PPPCredentials, timer: RetryTimer) {
        self.credentials = credentials
        self.timer = timer
    }

    mutating func begin(at now: Instant, into outbox: inout Outbox<AuthenticationAction>) {
        sendRequest(at: now, into: &outbox)
    }

    mutating func receive(_ packet: ControlPacket, into outbox: inout Outbox<AuthenticationAction>) {
        guard !isDecided, packet.identifier == identifier, let message = try? PAPMessage(parsing: packet) else {
            return
        }
        switch message {
        case .authenticateRequest: return
        case .authenticateAck: outbox.append(.succeeded(user: credentials.name))
        case .authenticateNak(let text):
            outbox.append(.failed(user: credentials.name, message: String(printable: text)))
        }
        isDecided = true
        timer.stop()
    }

    mutating func deadlineReached(at now: Instant, into outbox: inout Outbox<AuthenticationAction>) {
        if timer.isDue(at: now) { sendRequest(at: now, into: &outbox) }
    }

    var deadline: Instant? { timer.deadline }

    private mutating func sendRequest(at now: Instant, into outbox: inout Outbox<AuthenticationAction>) {
        guard timer.start(at: now) else {
            isDecided = true
            outbox.append(.failed(user: credentials.name, message: "no answer"))
            return
        }
        // RFC 1334 §2.2.1: each request gets a new identifier.
        identifier &+= 1
        let request = PAPMessage.authenticateRequest(
            name: Array(credentials.name.utf8), password: credentials.secret.octets)
        outbox.append(.send(request.packet(identifier: identifier)))
    }
}
