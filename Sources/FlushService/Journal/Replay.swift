import Crypto
public import Foundation
import MailHost
import MailQueue
import SMTP
import Synchronization
import Timebase

/// A journal told again to a mail host of the same beginning: it must say the same.
public struct Replay {
    /// Why a journal cannot be replayed, or where the host says something else.
    public enum Fault: Error, Hashable, Sendable {
        /// A line is no entry, or stands where it cannot.
        case malformed(line: Int)
        /// The configuration that it begins with is refused.
        case configuration(String)
        /// The host says something else than it said then.
        case differs(line: Int, at: Int64, session: Int, said: Int, now: Int)
    }

    /// How many entries were told.
    public private(set) var entries = 0
    /// How many octets the host said, and said again.
    public private(set) var octets = 0

    /// What the host has asked its driver for, and the journal has not yet answered. An answer to anything else would
    /// be none that a driver gives.
    private enum Question: Hashable {
        case connection(SessionID)
        case tls(SessionID)
        case scramChallenge(SessionID)
        case proof(SessionID)
    }

    private let store = ReplayStore()
    private var mail: MailHost?
    private var output: [UInt8] = []
    private var beginning: JournalEntry.Input?
    private var questions: Set<Question> = []
    private var last = JournalEntry.times.lowerBound

    /// Replays a journal.
    /// - Parameter lines: its lines.
    /// - Throws: ``Fault``.
    public init(_ lines: some Sequence<Data>) throws(Fault) {
        let decoder = JSONDecoder()
        var unread: Int?
        for (index, line) in lines.enumerated() {
            // The last line may have been cut off by the end of the process, but no other.
            if let unread { throw .malformed(line: unread) }
            guard let entry = try? decoder.decode(JournalEntry.self, from: line) else {
                unread = index + 1
                continue
            }
            guard entry.isPossible, entry.at >= last else { throw .malformed(line: index + 1) }
            last = entry.at
            try tell(entry, line: index + 1)
            entries += 1
        }
        if entries == 0 { throw .malformed(line: 1) }
    }

    private mutating func tell(_ entry: JournalEntry, line: Int) throws(Fault) {
        switch entry.input {
        case .begins where line == 1: beginning = entry.input
        case .held(let stored):
            guard let message = stored.message, mail == nil, stored.number > store.lastNumber else {
                throw .malformed(line: line)
            }
            store.begin(with: message)
        default:
            if mail == nil { try begin(at: Instant(nanoseconds: entry.at)) }
            try carryOut(entry, line: line)
        }
    }

    private mutating func begin(at now: Instant) throws(Fault) {
        guard case .begins(let text, let overrides, let registry, let taken) = beginning else {
            throw .malformed(line: 1)
        }
        let host = try Replay.host(text, overrides, registry)
        store.begin(after: taken)
        mail = MailHost(host, store: store, taken: taken, at: now)
    }

    private static func host(
        _ text: String, _ overrides: [String], _ registry: Data?
    ) throws(Fault) -> MailHostConfiguration {
        do {
            return try ServiceConfiguration(text: text, overrides: overrides, registry: registry).plan.host
        } catch {
            throw .configuration("\(error)")
        }
    }

    private mutating func carryOut(_ entry: JournalEntry, line: Int) throws(Fault) {
        let now = Instant(nanoseconds: entry.at)
        guard canStand(entry.input) else { throw .malformed(line: line) }
        switch entry.input {
        case .output(let session, let room, let count, let digest):
            output.removeAll(keepingCapacity: true)
            _ = mail?.takeOutput(of: session, upTo: room, into: &output, at: now)
            guard output.count == count, Data(SHA256.hash(data: output)) == digest else {
                throw .differs(line: line, at: entry.at, session: session.slot, said: count, now: output.count)
            }
            octets += count
        case .configured(let text, let overrides, let registry):
            mail?.apply(try Replay.host(text, overrides, registry), at: now)
        case .storeAdvanced(let batches):
            guard store.advance(to: batches) else { throw .malformed(line: line) }
            mail?.storeAdvanced(at: now)
        default: guard mail?.tell(entry.input, at: now) == true else { throw .malformed(line: line) }
        }
        // What it wants done was done then: what came of it follows in the journal.
        while let action = mail?.nextAction() { note(action) }
    }

    private mutating func note(_ action: MailHost.Action) {
        switch action {
        case .connect(let session, _): questions.insert(.connection(session))
        case .startTLS(let session): questions.insert(.tls(session))
        case .makeSCRAMChallenge(let session, _): questions.insert(.scramChallenge(session))
        case .verify(let session, _): questions.insert(.proof(session))
        default: break
        }
    }

    /// Whether a driver tells that now: an answer to a question, or what comes over a connection that stands.
    private mutating func canStand(_ input: JournalEntry.Input) -> Bool {
        switch input {
        case .connected(let session, _, _), .hostIsMissing(let session, _, _, _):
            questions.remove(.connection(session)) != nil
        case .tlsStarted(let session): questions.remove(.tls(session)) != nil
        case .scramChallenge(let session, _, _, _): questions.remove(.scramChallenge(session)) != nil
        case .authenticated(let session, _, _), .authenticationRefused(let session):
            questions.remove(.proof(session)) != nil
        case .received(let session, _), .peerClosed(let session), .output(let session, _, _, _):
            !questions.contains(.connection(session))
        default: true
        }
    }
}

extension MailHost {
    /// Tells what a journal says.
    /// - Returns: whether it could be told.
    fileprivate mutating func tell(_ input: JournalEntry.Input, at now: Instant) -> Bool {
        switch input {
        case .begins, .held, .configured, .output, .storeAdvanced: return false
        case .accepted(let address, let domains, let mayRelay, let service, let isSecure):
            guard let service = SMTPService(rawValue: service) else { return false }
            let peer = Peer(address: address, domains: domains.compactMap(Domain.init), mayRelay: mayRelay)
            _ = accepted(peer, for: service, isSecure: isSecure, at: now)
        case .connected(let session, let address, let domains):
            connected(session, to: Peer(address: address, domains: domains.compactMap(Domain.init)), at: now)
        case .received(let session, let octets): receive([UInt8](octets).span.bytes, on: session, at: now)
        case .peerClosed(let session): peerClosed(session, at: now)
        case .closed(let session, let reason): closed(session, reason: reason, at: now)
        case .hostIsMissing(let session, let code, let status, let text):
            let status = EnhancedStatusCode(parsing: Array(status.utf8)[...])
            guard text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) else { return false }
            hostIsMissing(session, SMTPReply(code, status, text), at: now)
        case .tlsStarted(let session): tlsStarted(session, at: now)
        case .scramChallenge(let session, let nonce, let salt, let iterations):
            let challenge = SCRAMChallenge(nonce: nonce, salt: Array(salt), iterations: iterations)
            scramChallengeMade(challenge, for: session, at: now)
        case .authenticated(let session, let user, let signature):
            authenticated(session, as: user, serverSignature: Array(signature), at: now)
        case .authenticationRefused(let session): authenticationRefused(session, at: now)
        case .storeFault(let reason): storeChanged(fault: reason, at: now)
        case .storeDamaged(let reason): storeDamaged(reason, at: now)
        case .space(let free): spaceChanged(free: free, at: now)
        case .deadline: deadlineReached(at: now)
        case .asked(let request): return request.change(&self, at: now) != nil
        case .shutDown: shutDown(at: now)
        }
        return true
    }
}

extension Domain {
    fileprivate init?(_ text: String) { try? self.init(parsing: text) }
}

/// The store of a replay: in memory, and durable when the journal says so.
private final class ReplayStore: QueueStore {
    private let state = Mutex((messages: MemoryStore(), held: [HeldMessage](), written: 0, durable: 0, first: 0))

    var durableBatches: Int { state.withLock { $0.durable } }
    var deadline: Instant? { nil }
    var lastNumber: Int { state.withLock { max($0.messages.lastNumber, $0.first) } }

    func begin(after number: Int) { state.withLock { $0.first = number } }
    func begin(with message: HeldMessage) {
        state.withLock {
            $0.messages.write([.hold(message)], at: .beginning)
            $0.held.append(message)
        }
    }
    /// - Returns: whether so many were written, and no fewer were durable before.
    func advance(to batches: Int) -> Bool {
        state.withLock {
            guard ($0.durable...$0.written).contains(batches) else { return false }
            $0.durable = batches
            return true
        }
    }
    func write(_ batch: [QueueChange], at now: Instant) {
        state.withLock {
            $0.messages.write(batch, at: now)
            $0.written += 1
        }
    }
    func deadlineReached(at now: Instant) {}
    func message(_ id: MessageID) -> HeldMessage? { state.withLock { $0.messages.message(id) } }
    /// Names what was held at the beginning.
    func forEachEntry(_ body: (Domain, QueueEntry) -> Void) {
        for message in state.withLock({ $0.held }) { body(message.domain, QueueEntry(message)) }
    }
}

extension Replay.Fault: CustomStringConvertible {
    /// The fault as a reader of the journal needs it.
    public var description: String {
        switch self {
        case .malformed(let line): "line \(line): no entry of a journal that can stand here"
        case .configuration(let text): "the configuration in the journal is refused:\n\(text)"
        case .differs(let line, let at, let session, let said, let now):
            "line \(line): session \(session) says \(now) octets that differ from the \(said) that it said then "
                + "(\(at) ns since 1970)"
        }
    }
}
