package import Timebase

/// The earliest of many deadlines, each of which changes often: a tournament whose winner is at the root.
///
/// Setting costs O(log n), the earliest O(1). There are no stale entries. Of equal deadlines the lower index wins.
/// Eight play at a time, because so many lie in one line of the cache: of a million the earliest is seven lines away.
package struct DeadlineTree: Sendable {
    private static let players = 8

    /// The deadlines, then the earliest of each eight of them, and so on until there is one.
    private var rounds: [[Instant]] = [[]]

    package init() {}

    /// The earliest deadline, if there is any.
    package var earliest: Instant? { rounds[rounds.count - 1].first.flatMap { $0 == .distantFuture ? nil : $0 } }

    /// The index that has it.
    package var earliestIndex: Int? {
        guard let earliest else { return nil }
        var place = 0
        for round in rounds.dropLast().reversed() {
            place *= DeadlineTree.players
            while round[place] != earliest { place += 1 }
        }
        return place
    }

    /// Sets the deadline of an index; nil when there is none.
    package mutating func set(_ deadline: Instant?, at index: Int) {
        while index >= rounds[0].count { addPlayer() }
        var place = index
        var winner = deadline ?? .distantFuture
        for round in rounds.indices {
            guard rounds[round][place] != winner else { return }
            rounds[round][place] = winner
            place /= DeadlineTree.players
            winner = earliest(ofGame: place, in: round)
        }
    }

    private func earliest(ofGame game: Int, in round: Int) -> Instant {
        let first = game * DeadlineTree.players
        var winner = rounds[round][first]
        for place in (first + 1)..<max(first + 1, min(first + DeadlineTree.players, rounds[round].count)) {
            winner = min(winner, rounds[round][place])
        }
        return winner
    }

    private mutating func addPlayer() {
        var round = 0
        rounds[0].append(.distantFuture)
        while rounds[round].count > 1 {
            let games = (rounds[round].count + DeadlineTree.players - 1) / DeadlineTree.players
            round += 1
            // With the first player of another game the winner of the first one plays on.
            if round == rounds.count { rounds.append([earliest(ofGame: 0, in: round - 1)]) }
            if rounds[round].count < games { rounds[round].append(.distantFuture) }
        }
    }
}
