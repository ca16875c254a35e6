import SMTP
import Timebase

/// The server's end of a Finger connection (RFC 1288): a line comes, a line goes, and the server closes.
///
/// Providers let customers release their mail by it who had no ETRN: what is asked after is a domain, not a user. The
/// session is small and short because anybody may open one: it keeps no more than ``longestLine`` octets, answers once,
/// passes over what comes after its line, and waits a minute for it. It never repeats what it could not read.
///
///     waiting ──line──▶ asked ──answered──▶ closing
///        └──no domain, too long, peer gone, a minute──▲
struct FingerSession: Sendable {
    private enum Phase: Sendable { case waiting, asked, closing }

    /// What is said to a query that starts nothing.
    private enum Refusal: String, Error {
        case tooLong = "Query too long"
        // RFC 1288 §3.2.2
        case userList = "Finger online user list denied"
        // RFC 1288 §3.2.1
        case forwarding = "Finger forwarding service denied"
        case noDomain = "Not a domain, nothing is started"
    }

    /// How many octets a query may have, its line end not counted.
    static let longestLine = 512

    private var phase = Phase.waiting
    private var line: [UInt8] = []
    private var output: [UInt8] = []
    /// When the session must next be told the time, if ever.
    private(set) var deadline: Instant?

    init(at now: Instant) { deadline = now + .minutes(1) }

    // MARK: What happened

    /// Octets have come.
    /// - Returns: the domain whose queue is to be started; then call ``answer(_:)``.
    mutating func receive(_ octets: RawSpan) -> Domain? {
        guard phase == .waiting else { return nil }
        for index in octets.byteOffsets {
            let octet = octets.unsafeLoad(fromByteOffset: index, as: UInt8.self)
            guard octet != UInt8(ascii: "\n") else { return endOfLine() }
            line.append(octet)
            // One more for the CR of the line end.
            guard line.count <= FingerSession.longestLine + 1 else {
                answer(Refusal.tooLong.rawValue)
                return nil
            }
        }
        return nil
    }

    /// The peer will send nothing more.
    mutating func peerClosed() { if phase == .waiting { close() } }

    /// Time has passed. Harmless at any time.
    mutating func deadlineReached(at now: Instant) {
        guard let due = deadline, due <= now else { return }
        close()
    }

    // MARK: What is asked of it

    /// Says how it went, in a line, and ends.
    mutating func answer(_ text: String) {
        output = Array(text.utf8) + [UInt8(ascii: "\r"), UInt8(ascii: "\n")]
        close()
    }

    // MARK: What comes out

    /// Takes output to send.
    mutating func takeOutput(upTo room: Int, into octets: inout [UInt8]) {
        let count = min(room, output.count)
        octets += output[..<count]
        output.removeFirst(count)
    }

    // MARK: What can be known

    /// Whether everything is said.
    var isOver: Bool { phase == .closing && output.isEmpty }

    // MARK: How it works

    private mutating func close() {
        phase = .closing
        line = []
        deadline = nil
    }

    private mutating func endOfLine() -> Domain? {
        do throws(Refusal) {
            let domain = try FingerSession.domain(in: line)
            (phase, line) = (.asked, [])
            return domain
        } catch {
            answer(error.rawValue)
            return nil
        }
    }

    /// Reads a query (RFC 1288 §2.3), its line feed taken away.
    private static func domain(in line: [UInt8]) throws(Refusal) -> Domain {
        // The CR of the line end; many clients send LF alone.
        let query = line.last == UInt8(ascii: "\r") ? line.dropLast() : line[...]
        guard query.count <= longestLine else { throw .tooLong }
        var words = query.split(separator: UInt8(ascii: " "))
        // For users it asks for more words (RFC 1288 §2.5.4); of a queue there is one thing to say.
        if let first = words.first, String(decoding: first, as: UTF8.self).uppercased() == "/W" { words.removeFirst() }
        guard let name = words.first else { throw .userList }
        guard !query.contains(UInt8(ascii: "@")) else { throw .forwarding }
        guard words.count == 1, case .domain(let domain)? = try? ETRNArgument(parsing: name) else { throw .noDomain }
        return domain
    }
}
