/// The values of a journal entry as a capture holds them: lines of `NAME=value` in systemd's Journal Export Format.
///
/// They are octets from the first field on: a run has a fifth as many events as packets.
public struct JournalFields: Hashable, Sendable {
    /// The lines, without the one of the time.
    private(set) var octets: [UInt8] = []

    /// No values yet.
    public init() { octets.reserveCapacity(256) }

    /// Adds a value: any text.
    /// - Parameters:
    ///   - name: capitals, digits and underscores, at most 64, no digit first.
    ///   - value: the value.
    public mutating func append(_ name: String, _ value: String) {
        append("", kebab: name, value)
    }

    /// Adds a whole number, in decimal digits.
    /// - Parameters:
    ///   - name: capitals, digits and underscores, at most 64, no digit first.
    ///   - number: the value.
    public mutating func append(_ name: String, _ number: Int) {
        append("", kebab: name, number)
    }

    /// Adds a value under a name in kebab case: `RINGBACK_` and `reply-code` are `RINGBACK_REPLY_CODE`.
    ///
    /// A value with control characters would break its line, so it follows its length instead.
    /// - Parameters:
    ///   - prefix: the beginning of the name.
    ///   - name: its end, in kebab case.
    ///   - value: the value.
    public mutating func append(_ prefix: String, kebab name: String, _ value: String) {
        appendName(prefix, name)
        let start = octets.count
        octets.append(UInt8(ascii: "="))
        octets.append(value)
        if octets[(start + 1)...].contains(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }) {
            octets.removeSubrange(start...)
            appendCounted(value)
        }
        octets.append(0x0A)
    }

    /// Adds a whole number under a name in kebab case.
    /// - Parameters:
    ///   - prefix: the beginning of the name.
    ///   - name: its end, in kebab case.
    ///   - number: the value.
    public mutating func append(_ prefix: String, kebab name: String, _ number: Int) {
        appendName(prefix, name)
        octets.append(UInt8(ascii: "="))
        octets.append(decimal: Int64(number))
        octets.append(0x0A)
    }

    private mutating func appendName(_ prefix: String, _ name: String) {
        let start = octets.count
        octets.append(prefix)
        octets.append(name)
        for index in start..<octets.count {
            switch octets[index] {
            case UInt8(ascii: "a")...UInt8(ascii: "z"): octets[index] -= 0x20
            case UInt8(ascii: "-"): octets[index] = UInt8(ascii: "_")
            default: break
            }
        }
        precondition(
            JournalEntry.isFieldName(octets[start...]), "a journal field is named with capitals, digits and underscores"
        )
    }

    private mutating func appendCounted(_ value: String) {
        octets.append(0x0A)
        let count = UInt64(value.utf8.count)
        for shift in 0..<8 { octets.append(UInt8(truncatingIfNeeded: count >> UInt64(8 * shift))) }
        octets.append(value)
    }
}

extension JournalFields: ExpressibleByDictionaryLiteral {
    /// Values in the order in which they are written.
    public init(dictionaryLiteral elements: (String, String)...) {
        self.init()
        for (name, value) in elements { append(name, value) }
    }
}
