/// Sends content by BDAT, a chunk at a time (RFC 3030 §2).
struct ChunkSender: Sendable {
    private var content: ContentSender
    private let chunkSize: Int
    // What is left of the chunk under way: its command line, then octets of content.
    private var line: ArraySlice<UInt8> = []
    private var left = 0
    /// The chunks whose replies have not come.
    private(set) var unanswered = 0
    /// Whether the last chunk has been begun.
    private(set) var hasBegunLast = false

    /// Begins with the first chunk.
    init(_ message: OutgoingMessage, chunkSize: Int) {
        precondition(chunkSize > 0, "a chunk has octets")
        content = ContentSender(message, stuffsDots: false)
        self.chunkSize = chunkSize
        beginChunk()
    }

    /// Whether the chunk under way, if any, has been taken.
    var isBetweenChunks: Bool { line.isEmpty && left == 0 }
    /// Whether all that was given has been taken, and the chunk needs more.
    var wantsPiece: Bool { line.isEmpty && left > 0 && content.wantsPiece }
    /// The octets still to come, without the command lines of further chunks.
    var count: Int { line.count + content.count }

    /// Goes on with the next chunk, which may have no octets if nothing is left to send.
    mutating func beginChunk() {
        precondition(isBetweenChunks && !hasBegunLast, "chunks go one after the other")
        left = min(chunkSize, content.count)
        hasBegunLast = left == content.count
        line = Array("\(SMTPCommand.bdat(size: left, isLast: hasBegunLast))\r\n".utf8)[...]
        unanswered += 1
    }

    /// The reply to a chunk has come.
    mutating func answered() { unanswered -= 1 }

    /// Goes on with the next piece of the content.
    mutating func send(_ piece: [UInt8]) { content.send(piece) }

    /// Moves at most so many octets to the end of an array.
    /// - Returns: how many were moved.
    mutating func take(upTo room: Int, into target: inout [UInt8]) -> Int {
        let part = line.prefix(max(0, room))
        target.append(contentsOf: part)
        line = line.dropFirst(part.count)
        guard line.isEmpty else { return part.count }
        let taken = content.take(upTo: min(left, room - part.count), into: &target)
        left -= taken
        return part.count + taken
    }
}
