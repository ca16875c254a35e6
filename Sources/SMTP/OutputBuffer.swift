/// What a session has said and its driver has not yet taken.
struct OutputBuffer: Sendable {
    private var octets: [UInt8] = []
    private var taken = 0

    /// How many octets wait.
    var count: Int { octets.count - taken }
    /// Whether some of what was said last has been taken, or nothing waits.
    var hasBegun: Bool { taken > 0 || octets.isEmpty }

    mutating func append(_ reply: SMTPReply, showsEnhancedStatus: Bool) {
        reply.append(to: &octets, showsEnhancedStatus: showsEnhancedStatus)
    }

    mutating func append(
        _ form: ReplyForm, showsEnhancedStatus: Bool, _ fill: (ReplyForm.Gap, inout [UInt8]) -> Void
    ) {
        // Enough for most replies, so that none is copied while it grows.
        if octets.isEmpty { octets.reserveCapacity(96) }
        form.append(to: &octets, showsEnhancedStatus: showsEnhancedStatus, fill)
    }

    mutating func append(_ command: SMTPCommand) {
        octets.append(contentsOf: command.description.utf8)
        octets.append(contentsOf: [.carriageReturn, .lineFeed])
    }

    mutating func append(_ text: [UInt8]) { octets.append(contentsOf: text) }

    /// Moves at most so many octets to the end of another array; an emptied buffer keeps no memory.
    /// - Returns: how many were moved.
    mutating func take(upTo room: Int, into target: inout [UInt8]) -> Int {
        let count = max(0, min(room, count))
        target.append(contentsOf: octets[taken..<(taken + count)])
        taken += count
        if taken == octets.count { self = OutputBuffer() }
        return count
    }
}
