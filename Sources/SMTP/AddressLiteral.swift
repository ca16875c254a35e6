/// The grammar of `[192.0.2.1]` and `[IPv6:2001:db8::1]` (RFC 5321 §4.1.3).
enum AddressLiteral {
    /// Whether the octets, brackets included, are an address literal.
    static func isValid(_ octets: ArraySlice<UInt8>) -> Bool {
        guard octets.count > 2, octets.first == UInt8(ascii: "["), octets.last == UInt8(ascii: "]") else {
            return false
        }
        let inner = octets.dropFirst().dropLast()
        if inner.prefix(5).spells("ipv6:") { return isIPv6(inner.dropFirst(5)) }
        return isIPv4(inner)
    }

    /// Four numbers of one to three digits, 0 to 255, with dots between.
    static func isIPv4(_ octets: ArraySlice<UInt8>) -> Bool {
        let numbers = octets.split(separator: .dot, omittingEmptySubsequences: false)
        return numbers.count == 4
            && numbers.allSatisfy { number in
                (1...3).contains(number.count) && number.allSatisfy(\.isDigit)
                    && number.reduce(0) { $0 * 10 + Int($1 - 0x30) } <= 255
            }
    }

    // Eight groups; `::` stands for two groups or more, and an IPv4 address may stand for the last two.
    private static func isIPv6(_ octets: ArraySlice<UInt8>) -> Bool {
        let colon = UInt8(ascii: ":")
        var groups = octets.split(separator: colon, omittingEmptySubsequences: false)
        var groupCount = 0
        if let last = groups.last, last.contains(.dot) {
            guard isIPv4(last) else { return false }
            groups.removeLast()
            groupCount = 2
        }
        let gap = gapOfColons(in: groups, isFollowedByIPv4: groupCount == 2)
        guard let gap else { return false }
        let written = groups.filter { !$0.isEmpty }
        guard written.allSatisfy({ $0.count <= 4 && $0.allSatisfy(isHexadecimal) }) else { return false }
        groupCount += written.count
        return gap ? groupCount <= 6 : groupCount == 8
    }

    // Whether a `::` is there; nil when empty groups stand where none may.
    private static func gapOfColons(in groups: [ArraySlice<UInt8>], isFollowedByIPv4: Bool) -> Bool? {
        let empty = groups.indices.filter { groups[$0].isEmpty }
        guard let first = empty.first else { return false }
        let last = groups.count - 1
        switch empty.count {
        case 1: return first > 0 && (first < last || isFollowedByIPv4) ? true : nil
        case 2:
            let isAtStart = empty == [0, 1] && (last > 1 || isFollowedByIPv4)
            let isAtEnd = empty == [last - 1, last] && last > 1 && !isFollowedByIPv4
            return isAtStart || isAtEnd ? true : nil
        case 3: return groups.count == 3 && !isFollowedByIPv4 ? true : nil
        default: return nil
        }
    }

    private static func isHexadecimal(_ octet: UInt8) -> Bool {
        octet.isDigit || (octet.lowercased >= 0x61 && octet.lowercased <= 0x66)
    }
}
