/// Puts content on the wire: stuffs dots while it is pulled, then ends it (RFC 5321 §4.5.2).
struct ContentSender: Sendable {
    private let content: [UInt8]
    private var offset = 0
    private var dotIsStuffed = false
    private var end: ArraySlice<UInt8>

    init(_ message: OutgoingMessage) {
        content = message.content
        end = Array((message.needsLineEnd ? "\r\n.\r\n" : ".\r\n").utf8)[...]
    }

    /// Whether everything has been taken.
    var isFinished: Bool { offset == content.count && end.isEmpty }
    /// The octets still to come, without the dots to be stuffed.
    var count: Int { content.count - offset + end.count }

    /// Moves at most so many octets to the end of an array.
    /// - Returns: how many were moved.
    mutating func take(upTo room: Int, into target: inout [UInt8]) -> Int {
        let room = max(0, room)
        let left = room - takeContent(upTo: room, into: &target)
        guard offset == content.count else { return room - left }
        let part = end.prefix(left)
        target.append(contentsOf: part)
        end = end.dropFirst(part.count)
        return room - left + part.count
    }

    private mutating func takeContent(upTo room: Int, into target: inout [UInt8]) -> Int {
        let content = content
        let octets = content.span.bytes
        var left = room
        while left > 0, offset < octets.byteCount {
            if dotIsDue(in: octets) {
                target.append(.dot)
                left -= 1
                dotIsStuffed = true
                continue
            }
            let limit = left < octets.byteCount - offset ? offset + left : octets.byteCount
            let next = OctetSearch.firstDotAfterLineFeed(in: octets, from: offset, to: limit)
            target.append(octets, offset..<next)
            left -= next - offset
            offset = next
            dotIsStuffed = false
        }
        return room - left
    }

    private func dotIsDue(in octets: RawSpan) -> Bool {
        !dotIsStuffed && octets.octet(at: offset) == .dot
            && (offset == 0 || octets.octet(at: offset - 1) == .lineFeed)
    }
}
