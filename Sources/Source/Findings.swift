/// What a load has found wrong so far, and the texts that it is about.
package struct Findings: Sendable {
    /// The texts of the scenario; places point into them.
    package private(set) var sources: [SourceText] = []
    private var reports: [(place: Place, diagnostic: Diagnostic)] = []
    private var unlisted = 0

    /// More than so many are only counted: a file of another kind would bury the reader.
    package static let limit = 100

    /// Nothing yet.
    package init() {}

    /// Whether nothing is wrong.
    package var isEmpty: Bool { reports.isEmpty }

    /// Whether what is found from now on is only counted: then nobody need look for what was probably meant.
    package var isFull: Bool { reports.count >= Findings.limit }

    /// Takes a text in and returns its index.
    package mutating func add(_ source: SourceText) -> Int {
        sources.append(source)
        return sources.count - 1
    }

    /// Reports one thing.
    /// - Parameters:
    ///   - problem: what is wrong.
    ///   - place: where.
    ///   - path: where in the scenario.
    ///   - found: what was found, unless the problem says it.
    ///   - expected: what was expected.
    ///   - suggestion: what was probably meant.
    package mutating func report(
        _ problem: String, at place: Place, path: String, found: String? = nil, expected: String? = nil,
        suggestion: String? = nil
    ) {
        guard !isFull else {
            unlisted += 1
            return
        }
        let source = sources[place.source]
        reports.append(
            (
                place,
                Diagnostic(
                    file: source.name, line: place.line, column: place.column, path: path, problem: problem,
                    found: found, expected: expected, suggestion: suggestion,
                    quote: source.quotable(line: place.line), width: max(1, place.width))
            ))
    }

    /// Reports one thing about a value.
    package mutating func report(
        _ problem: String, _ node: SourceNode, found: String? = nil, expected: String? = nil, suggestion: String? = nil
    ) {
        report(problem, at: node.place, path: node.path, found: found, expected: expected, suggestion: suggestion)
    }

    /// Everything, sorted by place; the order of two at one place is that in which they were found.
    package var diagnostics: [Diagnostic] {
        var sorted = reports.enumerated().sorted { left, right in
            let (one, other) = (left.element.place, right.element.place)
            return (one.source, one.line, one.column, left.offset) < (
                other.source, other.line, other.column, right.offset
            )
        }.map(\.element.diagnostic)
        if unlisted > 0, var last = sorted.last {
            last.problem = "and \(unlisted) more errors"
            (last.line, last.column, last.path) = (0, 0, "")
            (last.found, last.expected, last.suggestion, last.quote) = (nil, nil, nil, nil)
            sorted.append(last)
        }
        return sorted
    }
}
