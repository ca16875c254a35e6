/// What became of one expectation.
public struct ExpectationResult: Sendable {
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
    /// How far the one may be from the other: `none`, or `less is fine`.
    public var tolerance: String
    /// What the record says about the reason; nil when the expectation holds.
    public var cause: String?
}

extension ExpectationResult: CustomStringConvertible {
    /// The result over several lines, as a failure is shown; one line when it holds.
    public var description: String {
        guard !holds else { return "\(place): \(text): \(got)" }
        return "\(place): failed: \(text)\n      = expected: \(expected)\n      = got: \(got)"
            + "\n      = tolerance: \(tolerance)" + (cause.map { "\n      = cause: \($0)" } ?? "")
    }
}
