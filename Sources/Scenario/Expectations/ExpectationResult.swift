/// What became of one expectation.
public struct ExpectationResult: Sendable {
    /// How far what was found may be from what was expected.
    public enum Tolerance: String, Hashable, Sendable {
        /// Not at all: what holds is what was expected, and need not be told again.
        case exact = "none"
        /// Downwards.
        case less = "less is fine"
        /// From the one bound to the other.
        case bounds = "within the bounds"
    }

    /// What was expected, in one line.
    public var text: String
    /// Where it was written.
    public var place: String
    /// Whether it is so.
    public var holds: Bool
    /// What was found, with its unit.
    public var got: String
    /// What was expected, with its unit.
    public var expected: String
    /// How far the one may be from the other.
    public var tolerance: Tolerance
    /// What the record says about the reason; nil when the expectation holds.
    public var cause: String?
}

extension ExpectationResult: CustomStringConvertible {
    /// The result over several lines, as a failure is shown; one line when it holds.
    public var description: String {
        guard !holds else { return "\(place): \(text): \(got)" }
        return "\(place): failed: \(text)\n      = expected: \(expected)\n      = got: \(got)"
            + "\n      = tolerance: \(tolerance.rawValue)" + (cause.map { "\n      = cause: \($0)" } ?? "")
    }
}
