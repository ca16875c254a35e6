/// Puts content on the wire: after DATA it stuffs dots while it is pulled, then ends it (RFC 5321 §4.5.2); by BDAT it
/// sends all as it is.
///
/// It holds one piece of the content at a time, whose memory it shares with whoever else holds it.
struct ContentSender: Sendable {
    private var piece: [UInt8]
    private var offset = 0
    /// The octets of the pieces that are still to come.
    private var awaited: Int
    // Whether the piece begins a line.
    private var followsLineEnd = true
    private var dotIsStuffed = false
    private var end: ArraySlice<UInt8>
    private let stuffsDots: Bool

    /// Begins with the first octet, or with the one that the server has not got yet.
    init(_ message: OutgoingMessage, from start: Int = 0, stuffsDots: Bool = true) {
        piece = message.content ?? []
        offset = min(start, piece.count)
        awaited = message.content == nil ? message.size - start : 0
        let needsLineEnd = ContentSender.needsLineEnd(piece) && !message.isBinary && start <= piece.count
        let lineEnd = needsLineEnd ? "\r\n" : ""
        end = Array((lineEnd + (stuffsDots ? ".\r\n" : "")).utf8)[...]
        self.stuffsDots = stuffsDots
    }

    /// Whether a line end is missing at the end of some content.
    static func needsLineEnd(_ content: [UInt8]) -> Bool { !content.isEmpty && content.last != .lineFeed }

    /// Whether everything has been taken.
    var isFinished: Bool { awaited == 0 && offset == piece.count && end.isEmpty }
    /// Whether all that was given has been taken, and more is to come.
    var wantsPiece: Bool { awaited > 0 && offset == piece.count }
    /// The octets still to come, without the dots to be stuffed.
    var count: Int { awaited + piece.count - offset + end.count }

    /// Goes on with the next piece when ``wantsPiece`` says so.
    mutating func send(_ next: [UInt8]) {
        precondition(wantsPiece && !next.isEmpty && next.count <= awaited, "the pieces make up the declared size")
        awaited -= next.count
        precondition(awaited > 0 || next.last == .lineFeed, "the last piece ends the last line")
        followsLineEnd = piece.isEmpty || piece.last == .lineFeed
        piece = next
        offset = 0
    }

    /// Moves at most so many octets to the end of an array.
    /// - Returns: how many were moved.
    mutating func take(upTo room: Int, into target: inout [UInt8]) -> Int {
        let room = max(0, room)
        let left = room - takeContent(upTo: room, into: &target)
        guard offset == piece.count, awaited == 0 else { return room - left }
        let part = end.prefix(left)
        target.append(contentsOf: part)
        end = end.dropFirst(part.count)
        return room - left + part.count
    }

    private mutating func takeContent(upTo room: Int, into target: inout [UInt8]) -> Int {
        let piece = piece
        let octets = piece.span.bytes
        var left = room
        while left > 0, offset < octets.byteCount {
            if dotIsDue(in: octets) {
                target.append(.dot)
                left -= 1
                dotIsStuffed = true
                continue
            }
            let limit = left < octets.byteCount - offset ? offset + left : octets.byteCount
            let next = stuffsDots ? OctetSearch.firstDotAfterLineFeed(in: octets, from: offset, to: limit) : limit
            target.append(octets, offset..<next)
            left -= next - offset
            offset = next
            dotIsStuffed = false
        }
        return room - left
    }

    private func dotIsDue(in octets: RawSpan) -> Bool {
        stuffsDots && !dotIsStuffed && octets.octet(at: offset) == .dot
            && (offset == 0 ? followsLineEnd : octets.octet(at: offset - 1) == .lineFeed)
    }
}
