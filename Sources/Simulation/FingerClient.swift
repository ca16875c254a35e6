import Timebase

/// The client's end of a Finger connection (RFC 1288 §2.1): it says a name, and reads until the server closes.
struct FingerClient: Sendable {
    /// More than a line is of no use to the log that it goes to.
    private static let longestAnswer = 512

    /// What it asks after.
    let name: String
    /// Whether the connection has stood.
    private(set) var isConnected = false
    /// When it gives up waiting.
    private(set) var deadline: Instant?
    private var output: [UInt8] = []
    private var received: [UInt8] = []

    init(name: String) { self.name = name }

    // MARK: What happened

    mutating func connected(at now: Instant) {
        isConnected = true
        deadline = now + .minutes(1)
        output = Array(name.utf8) + [UInt8(ascii: "\r"), UInt8(ascii: "\n")]
    }

    mutating func receive(_ octets: RawSpan) {
        for index in octets.byteOffsets.prefix(FingerClient.longestAnswer - received.count) {
            received.append(octets.unsafeLoad(fromByteOffset: index, as: UInt8.self))
        }
    }

    // MARK: What comes out

    mutating func takeOutput(upTo room: Int, into octets: inout [UInt8]) {
        let count = min(room, output.count)
        octets += output[..<count]
        output.removeFirst(count)
    }

    // MARK: What can be known

    /// What the server has said, as one line of what can be printed (RFC 1288 §3.3); nil when that is nothing.
    var answer: String? {
        let words = received.split { !(0x21...0x7e).contains($0) }
        return words.isEmpty ? nil : words.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
    }
}
