import Foundation
import MailHost

/// One thing that a mail host was told, and when; or what it said, so that a replay can be held against it.
struct JournalEntry: Codable, Hashable {
    /// When, in nanoseconds since 1970.
    let at: Int64
    /// What.
    let input: Input

    /// What a journal holds. A session is a place and a number, as the mail host has named it.
    enum Input: Codable, Hashable {
        /// The first entry: the configuration, and how many messages the host had taken before.
        case begins(configuration: String, overrides: [String], registry: Data?, taken: Int)
        /// The configuration was read anew.
        case configured(configuration: String, overrides: [String], registry: Data?)
        /// A message that was in the store at the beginning.
        case held(StoredMessage)
        case accepted(address: String, domains: [String], mayRelay: Bool, service: String, isSecure: Bool)
        case connected(SessionID, address: String, domains: [String])
        case received(SessionID, Data)
        case peerClosed(SessionID)
        case closed(SessionID, reason: String)
        case hostIsMissing(SessionID, code: Int, status: String, text: String)
        case tlsStarted(SessionID)
        case scramChallenge(SessionID, nonce: String, salt: Data, iterations: Int)
        case authenticated(SessionID, user: String, signature: Data)
        case authenticationRefused(SessionID)
        /// So many batches are durable.
        case storeAdvanced(Int)
        case storeFault(String?)
        case storeDamaged(String)
        case space(free: Int)
        case deadline
        /// An operator changed something.
        case asked(QueueRequest)
        case shutDown
        /// Output was taken: what there was room for, how many octets came, and their digest.
        case output(SessionID, room: Int, count: Int, digest: Data)
    }

    /// A message as it lies in the store.
    struct StoredMessage: Codable, Hashable {
        let number: Int
        let envelope: [String]
        let content: Data
        let arrival: Int64
        let attempts: UInt32
        let possiblyDelivered: Bool
        let division: UInt16
        let notBefore: Int64
        let wasDelayed: Bool
        let isOnHold: Bool
    }
}

extension JournalEntry {
    /// The times that the service's clock can show, and that can be counted on from for years: up to 2200.
    static let times = Int64(0)...7_258_118_400_000_000_000

    /// Whether its numbers are such as a service writes.
    var isPossible: Bool {
        guard JournalEntry.times.contains(at) else { return false }
        return switch input {
        case .begins(_, _, _, let taken): JournalEntry.counts.contains(taken)
        case .held(let message):
            JournalEntry.counts.contains(message.number) && JournalEntry.times.contains(message.arrival)
                && JournalEntry.times.contains(message.notBefore)
        case .scramChallenge(_, _, _, let iterations): iterations >= 4_096
        case .hostIsMissing(_, let code, _, _): (500...599).contains(code)
        case .space(let free): JournalEntry.counts.contains(free)
        case .output(_, let room, _, _): (1...JournalEntry.mostRoom).contains(room)
        default: true
        }
    }

    private static let counts = 0...Int(Int32.max) << 24
    private static let mostRoom = 1 << 24
}
