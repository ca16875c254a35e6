/// The nearest of some names to a misspelt one.
package enum Suggestion {
    // So many names are looked at: of a hundred thousand, another is as near.
    private static let mostNames = 1_000

    /// The name with the fewest edits, when they are few enough to be a slip; the first of several.
    package static func nearest<Names: Sequence>(to misspelt: String, in names: Names) -> String?
    where Names.Element == String {
        let written = Array(misspelt.lowercased().unicodeScalars.prefix(80))
        let limit = max(1, min(3, written.count / 3))
        var best: (name: String, edits: Int)?
        for name in names.prefix(mostNames) {
            let candidate = Array(name.lowercased().unicodeScalars)
            guard abs(candidate.count - written.count) <= limit else { continue }
            let edits = editDistance(written, candidate)
            if edits <= limit, edits < best?.edits ?? .max { best = (name, edits) }
        }
        return best?.name
    }

    /// How many letters are added, removed, replaced or swapped with their neighbour (optimal string alignment).
    package static func editDistance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        var beforeLast = [Int](repeating: 0, count: right.count + 1)
        var last = Array(0...right.count)
        for (row, scalar) in left.enumerated() {
            var current = [row + 1]
            for (column, other) in right.enumerated() {
                let replaced = last[column] + (scalar == other ? 0 : 1)
                var edits = min(replaced, last[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, scalar == right[column - 1], left[row - 1] == other {
                    edits = min(edits, beforeLast[column - 1] + 1)
                }
                current.append(edits)
            }
            (beforeLast, last) = (last, current)
        }
        return last[right.count]
    }
}
