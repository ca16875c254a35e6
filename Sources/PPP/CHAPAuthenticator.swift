import Timebase
import Wire

/// The end that lets the other prove that it knows the secret (RFC 1994).
///
/// Each challenge is new, in its identifier and its value, also when one is sent again because no response came.
struct CHAPAuthenticator: Sendable {
    private let name: String
    private let users: PPPUsers
    private let digest: @Sendable ([UInt8]) -> [UInt8]
    private let timer: RetryTimer
    private let repeatInterval: Interval?
    private var retry: RetryTimer
    private var random: RandomStream
    private var challenge: (UInt64, UInt64) = (0, 0)
    private var identifier: UInt8
    private var verdict: Bool?
    private var nextChallenge: Instant?
    private var user: String?

    /// - Parameters:
    ///   - name: who asks; the peer may choose its secret by it.
    ///   - users: who may prove to be themselves.
    ///   - digest: MD5.
    ///   - timer: how often and in which rhythm an unanswered challenge is followed by another.
    ///   - repeatInterval: how long after a success the peer must prove itself again; nil for never.
    ///   - random: the source of challenges and of the first identifier.
    init(
        name: String, users: PPPUsers, digest: @escaping @Sendable ([UInt8]) -> [UInt8], timer: RetryTimer,
        repeatInterval: Interval?, random: RandomStream
    ) {
        self.name = name
        self.users = users
        self.digest = digest
        self.timer = timer
        retry = timer
        self.repeatInterval = repeatInterval
        self.random = random
        identifier = UInt8(truncatingIfNeeded: self.random.next() >> 56)
    }

    mutating func begin(at now: Instant, into outbox: inout Outbox<AuthenticationAction>) {
        retry = timer
        nextChallenge = nil
        sendChallenge(at: now, into: &outbox)
    }

    /// Takes a response in. One to a challenge already judged gets the same answer again, for the first may have been
    /// lost (RFC 1994 §4.2); one to an older challenge gets none.
    mutating func receive(
        _ packet: ControlPacket, at now: Instant, into outbox: inout Outbox<AuthenticationAction>
    ) {
        guard case .response(let value, let name)? = try? CHAPMessage(parsing: packet),
            packet.identifier == identifier
        else { return }
        if let verdict { return outbox.append(.send(answer(verdict))) }
        let claimed = String(decoding: name, as: UTF8.self)
        let isRight = isProof(value, of: claimed)
        verdict = isRight
        retry.stop()
        outbox.append(.send(answer(isRight)))
        if isRight {
            user = claimed
            nextChallenge = repeatInterval.map { now + $0 }
            outbox.append(.succeeded(user: claimed))
        } else {
            outbox.append(.failed(user: String(printable: name), message: CHAPAuthenticator.denial))
        }
    }

    mutating func deadlineReached(at now: Instant, into outbox: inout Outbox<AuthenticationAction>) {
        if let nextChallenge, nextChallenge <= now {
            begin(at: now, into: &outbox)
        } else if retry.isDue(at: now) {
            sendChallenge(at: now, into: &outbox)
        }
    }

    var deadline: Instant? { earlier(retry.deadline, nextChallenge) }

    private static let denial = "Access denied"

    private mutating func sendChallenge(at now: Instant, into outbox: inout Outbox<AuthenticationAction>) {
        guard retry.start(at: now) else {
            outbox.append(.failed(user: user ?? "", message: "no response"))
            return
        }
        identifier &+= 1
        verdict = nil
        challenge = (random.next(), random.next())
        let message = CHAPMessage.challenge(value: challengeOctets, name: Array(name.utf8))
        outbox.append(.send(message.packet(identifier: identifier)))
    }

    // Who has proved to be one user cannot become another one in the middle of the link.
    private func isProof(_ value: [UInt8], of claimed: String) -> Bool {
        guard let entry = users[claimed], user == nil || user == claimed else { return false }
        let expected = CHAPPeer.response(
            identifier: identifier, secret: entry.secret, challenge: challengeOctets, digest: digest)
        return isEqualInConstantTime(value, expected)
    }

    private func answer(_ isRight: Bool) -> ControlPacket {
        let text = isRight ? "Access granted" : CHAPAuthenticator.denial
        let message: CHAPMessage = isRight ? .success(message: Array(text.utf8)) : .failure(message: Array(text.utf8))
        return message.packet(identifier: identifier)
    }

    private var challengeOctets: [UInt8] {
        [challenge.0, challenge.1].flatMap { word in
            stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: word >> UInt64($0)) }
        }
    }
}
