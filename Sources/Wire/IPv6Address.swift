/// An IPv6 address (RFC 4291 §2).
public struct IPv6Address: Hashable, Sendable {
    /// The first eight octets as a number; the first is the most significant.
    public let high: UInt64
    /// The last eight octets as a number.
    public let low: UInt64

    /// The address of these two halves.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// The eight groups of 16 bits, the first one first.
    public var groups: [UInt16] {
        [high, low].flatMap { half in [48, 32, 16, 0].map { UInt16(truncatingIfNeeded: half >> UInt64($0)) } }
    }

    /// Reads the notations of RFC 4291 §2.2, without a zone. Nil for anything else.
    public init?(parsing text: String) {
        let halves = text.split(separator: "::", omittingEmptySubsequences: false)
        guard let first = halves.first, halves.count <= 2,
            var groups = IPv6Address.groups(of: first, isLast: halves.count == 1)
        else { return nil }
        if halves.count == 2 {
            guard let last = IPv6Address.groups(of: halves[1], isLast: true), groups.count + last.count < 8 else {
                return nil
            }
            groups += Array(repeating: 0, count: 8 - groups.count - last.count) + last
        }
        guard groups.count == 8 else { return nil }
        let number = { (part: ArraySlice<UInt16>) in part.reduce(0 as UInt64) { $0 << 16 | UInt64($1) } }
        self.init(high: number(groups[..<4]), low: number(groups[4...]))
    }

    // What stands on one side of the two colons; an IPv4 address may stand for the last two groups of all.
    private static func groups(of text: Substring, isLast: Bool) -> [UInt16]? {
        guard !text.isEmpty else { return [] }
        var groups: [UInt16] = []
        var parts = text.split(separator: ":", omittingEmptySubsequences: false)
        var embedded: IPv4Address?
        if isLast, let last = parts.last, let address = IPv4Address(parsing: String(last)) {
            embedded = address
            parts.removeLast()
        }
        for part in parts {
            guard (1...4).contains(part.utf8.count), part.first?.isHexDigit == true,
                let group = UInt16(part, radix: 16)
            else { return nil }
            groups.append(group)
        }
        if let embedded {
            groups.append(UInt16(truncatingIfNeeded: embedded.rawValue >> 16))
            groups.append(UInt16(truncatingIfNeeded: embedded.rawValue))
        }
        return groups
    }
}

extension IPv6Address: CustomStringConvertible {
    /// The one notation that RFC 5952 §4 recommends: `2001:db8::1`.
    public var description: String {
        let groups = groups
        let gap = IPv6Address.longestGap(in: groups)
        let text = { (part: ArraySlice<UInt16>) in part.map { String($0, radix: 16) }.joined(separator: ":") }
        guard let gap else { return text(groups[...]) }
        return text(groups[..<gap.lowerBound]) + "::" + text(groups[gap.upperBound...])
    }

    // The first of the longest rows of two zero groups or more (RFC 5952 §4.2).
    private static func longestGap(in groups: [UInt16]) -> Range<Int>? {
        var longest = 0..<0
        var start = 0
        for (index, group) in groups.enumerated() {
            if group != 0 { start = index + 1 }
            if index + 1 - start > longest.count { longest = start..<(index + 1) }
        }
        return longest.count > 1 ? longest : nil
    }
}
