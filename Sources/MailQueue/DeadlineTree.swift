import Timebase

/// The earliest of many deadlines, each of which changes often: a tournament whose winner is at the root.
///
/// Setting costs O(log n), the earliest O(1). There are no stale entries. Of equal deadlines the lower index wins.
struct DeadlineTree: Sendable {
    // Node n has the children 2n and 2n + 1, and the leaves are the second half; node 0 is not used.
    private var nodes: [Instant] = [.distantFuture, .distantFuture]
    private var leafCount: Int { nodes.count / 2 }

    /// The earliest deadline, if there is any.
    var earliest: Instant? { nodes[1] == .distantFuture ? nil : nodes[1] }

    /// The index that has it.
    var earliestIndex: Int? {
        guard earliest != nil else { return nil }
        var node = 1
        while node < leafCount { node = nodes[2 * node] == nodes[node] ? 2 * node : 2 * node + 1 }
        return node - leafCount
    }

    /// Sets the deadline of an index; nil when there is none.
    mutating func set(_ deadline: Instant?, at index: Int) {
        while index >= leafCount { grow() }
        var node = leafCount + index
        let deadline = deadline ?? .distantFuture
        guard nodes[node] != deadline else { return }
        nodes[node] = deadline
        while node > 1 {
            node /= 2
            nodes[node] = min(nodes[2 * node], nodes[2 * node + 1])
        }
    }

    private mutating func grow() {
        let leaves = nodes.suffix(leafCount)
        let newCount = 2 * leafCount
        nodes = Array(repeating: .distantFuture, count: 2 * newCount)
        for (index, deadline) in leaves.enumerated() { nodes[newCount + index] = deadline }
        for node in stride(from: newCount - 1, to: 0, by: -1) {
            nodes[node] = min(nodes[2 * node], nodes[2 * node + 1])
        }
    }
}
