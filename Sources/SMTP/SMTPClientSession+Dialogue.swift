import Timebase

// A dialogue by hand: what is written is said, sense or nonsense, each line after the reply to the one before.
extension SMTPClientSession {
    mutating func sayLine(_ index: Int, at now: Instant) {
        guard case .dialogue(let lines) = purpose, index < lines.count else { return quit(at: now) }
        output.append(Array(lines[index].utf8) + [.carriageReturn, .lineFeed])
        wait(for: .dialogue(index), at: now)
    }

    mutating func takeLineReply(
        _ reply: SMTPReply, _ index: Int, at now: Instant, into outbox: inout Outbox<Action>
    ) {
        guard case .dialogue(let lines) = purpose else { return }
        outbox.append(.lineAnswered(lines[index], reply))
        // The server has heard QUIT.
        guard reply.code != 221 else { return close(into: &outbox) }
        guard reply.kind == .intermediate else { return sayLine(index + 1, at: now) }
        // Content: no reply comes before the line that is a dot by itself.
        let end = lines[(index + 1)...].firstIndex(of: ".") ?? lines.count - 1
        guard index + 1 <= end else { return quit(at: now) }
        for line in lines[(index + 1)...end] {
            output.append(Array(line.utf8) + [.carriageReturn, .lineFeed])
        }
        wait(for: .dialogue(end), at: now)
    }
}
