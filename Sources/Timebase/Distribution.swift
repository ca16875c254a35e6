/// How a whole number varies from one draw to the next; the unit is its owner's.
public enum Distribution: Hashable, Sendable {
    /// Always the same.
    case fixed(Int64)
    /// Each value of the range equally likely: `2s..6s`.
    case uniform(ClosedRange<Int64>)
    /// About normal, cut at zero and at six deviations: `{normal: [mean, deviation]}`.
    case normal(mean: Int64, deviation: Int64)
    /// Some values with weights: `{one-of: {33600: 6, 31200: 3}}`. Weights are positive, the list is not empty.
    case oneOf([Weighted])

    /// One value of a list and how often it comes in proportion to the others.
    public struct Weighted: Hashable, Sendable {
        /// The value.
        public var value: Int64
        /// Its share, at least 1.
        public var weight: Int64
        /// A value with its share.
        public init(value: Int64, weight: Int64) {
            precondition(weight > 0, "a weight is at least 1")
            self.value = value
            self.weight = weight
        }
    }

    /// One value, drawn from the stream.
    public func draw(from stream: inout RandomStream) -> Int64 {
        switch self {
        case .fixed(let value): return value
        case .uniform(let range): return stream.uniform(in: range)
        case .normal(let mean, let deviation):
            // The sum of twelve uniform draws has variance 1: no logarithm, hence no libm and the same bits everywhere.
            var sum: Int64 = 0
            for _ in 0..<12 { sum += stream.uniform(in: 0...1_000_000) }
            return max(0, mean + (sum - 6_000_000) * deviation / 1_000_000)
        case .oneOf(let values):
            precondition(!values.isEmpty, "a choice has at least one value")
            var ticket = stream.uniform(in: 1...values.reduce(0) { $0 + $1.weight })
            for value in values {
                ticket -= value.weight
                if ticket <= 0 { return value.value }
            }
            preconditionFailure("the weights add up to their sum")
        }
    }

    /// The smallest value that can be drawn, near enough for a check of limits.
    public var smallest: Int64 {
        switch self {
        case .fixed(let value): value
        case .uniform(let range): range.lowerBound
        case .normal(let mean, let deviation): max(0, mean - 6 * deviation)
        case .oneOf(let values): values.map(\.value).min() ?? 0
        }
    }
}
