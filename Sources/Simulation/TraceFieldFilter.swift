/// Leaves out the Received fields on top of a message: each host on the way adds one of its own (RFC 5321 §4.4), and a
/// message that was sent twice has others the second time.
struct TraceFieldFilter: Sendable {
    /// Whether something else has come: from then on nothing is left out.
    private(set) var isOver = false
    /// What has come of a line, and cannot be judged before more of it comes.
    private(set) var undecided: [UInt8] = []
    private var isInField = false

    private static let name = Array("received:".utf8)
    /// No line is longer (RFC 5321 §4.5.3.1.6); what goes on without an end is no field.
    private static let longestLine = 1_000

    /// Takes what has come, in pieces of any size, and gives back what is not left out.
    mutating func filter(_ content: [UInt8]) -> [UInt8] {
        undecided += content
        while !isOver, let end = undecided.firstIndex(of: 0x0a) {
            if isTrace(undecided[...end]) { undecided.removeFirst(end + 1) } else { isOver = true }
        }
        isOver = isOver || undecided.count > TraceFieldFilter.longestLine || !mayBeTrace(undecided)
        guard isOver else { return [] }
        defer { undecided = [] }
        return undecided
    }

    private mutating func isTrace(_ line: ArraySlice<UInt8>) -> Bool {
        if isInField, line.first == 0x20 || line.first == 0x09 { return true }
        isInField = line.count >= TraceFieldFilter.name.count && mayBeTrace(Array(line))
        return isInField
    }

    /// Whether a line may be one of a field, as far as it has come.
    private func mayBeTrace(_ line: [UInt8]) -> Bool {
        if isInField, line.first == 0x20 || line.first == 0x09 { return true }
        return zip(line, TraceFieldFilter.name).allSatisfy { $0 | 0x20 == $1 || $0 == $1 }
    }
}
