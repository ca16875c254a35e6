package import SMTP
package import Timebase
package import Wire

/// Values of a tree that has been held against the table of keys: nil only where something was refused.
extension SourceNode {
    /// A whole number.
    package var integer: Int? { text.flatMap(Scalar.number).map { Int($0) } }

    /// An interval.
    package var interval: Interval? {
        text.flatMap { try? Quantity.interval.value(of: $0) }.map(Interval.init(nanoseconds:))
    }

    /// A size in octets.
    package var octets: Int? { text.flatMap { try? Quantity.space.value(of: $0) }.map { Int($0) } }

    /// An IPv4 address.
    package var address: IPv4Address? { text.flatMap(IPv4Address.init(parsing:)) }

    /// A domain.
    package var domain: Domain? { domain(numbered: nil) }

    /// A domain in which `{n}` stands for a number.
    package func domain(numbered number: Int?) -> Domain? { text.flatMap { try? Domain(parsing: $0.numbered(number)) } }

    /// The only element of what may be written as one value or as a list; or all of them.
    package var oneOrMore: [SourceNode] { text == nil ? elements : [self] }

    /// A distribution of values with a unit.
    package func distribution(of quantity: Quantity) -> Distribution? {
        if let text {
            guard let range = try? quantity.range(of: text) else { return nil }
            return range.lowerBound == range.upperBound ? .fixed(range.lowerBound) : .uniform(range)
        }
        if let normal = self["normal"] {
            let values = normal.elements.compactMap { $0.text.flatMap { try? quantity.value(of: $0) } }
            return values.count == 2 ? .normal(mean: values[0], deviation: values[1]) : nil
        }
        guard let choices = self["one-of"] else { return nil }
        let weighted = choices.pairs.compactMap { pair -> Distribution.Weighted? in
            guard let value = try? quantity.value(of: pair.key), let weight = pair.value.integer else { return nil }
            return Distribution.Weighted(value: value, weight: Int64(weight))
        }
        return weighted.isEmpty ? nil : .oneOf(weighted)
    }
}

extension String {
    /// The text with a host's number in place of `{n}`.
    package func numbered(_ number: Int?) -> String {
        guard let number, contains("{") else { return self }
        return replacing("{n}", with: "\(number)")
    }
}
