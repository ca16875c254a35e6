public import Timebase

/// One event in systemd's Journal Export Format: named values and a time in whole microseconds.
///
/// Wireshark shows such an entry as a frame between the packets.
public struct JournalEntry: Hashable, Sendable {
    /// One named value.
    public struct Field: Hashable, Sendable {
        /// The name: capitals, digits and underscores, at most 64, no digit first.
        public let name: String
        /// The value; any text.
        public let value: String
    }

    /// The name of the field that holds the time.
    static let timeName = "__REALTIME_TIMESTAMP"

    /// When it happened. What is finer than a microsecond is not stored.
    public let date: CalendarDate
    /// The values, in their order, without the time.
    public let fields: [Field]

    /// An entry whose date is not before 1970.
    init(date: CalendarDate, fields: [(String, String)]) {
        self.date = date
        self.fields = fields.map { Field(name: $0, value: $1) }
    }

    /// The value of the first field of a name.
    public subscript(name: String) -> String? { fields.first { $0.name == name }?.value }

    /// Whether octets are a field name by the rules of systemd-journald.
    static func isFieldName(_ name: some Collection<UInt8>) -> Bool {
        guard let first = name.first, name.count <= 64, !isDigit(first) else { return false }
        return name.allSatisfy { isDigit($0) || $0 == UInt8(ascii: "_") || (0x41...0x5A).contains($0) }
    }

    private static func isDigit(_ octet: UInt8) -> Bool { (0x30...0x39).contains(octet) }
}

extension JournalEntry {
    /// Adds the line of the time, which stands first.
    static func append(_ date: CalendarDate, to octets: inout [UInt8]) {
        precondition(date.nanosecondsSince1970 >= 0, "a journal entry has a date since 1970")
        octets.append(timeName)
        octets.append(UInt8(ascii: "="))
        octets.append(decimal: date.nanosecondsSince1970 / 1_000)
        octets.append(0x0A)
    }

    /// Reads the content of a journal block; nil when it is no entry or has no time.
    ///
    /// Octets of a value that are not UTF-8 are replaced by U+FFFD.
    init?(parsing octets: ArraySlice<UInt8>) {
        var rest = octets
        var date: CalendarDate?
        var fields: [Field] = []
        // Zeros pad the block to four octets.
        while let first = rest.first, first != 0 {
            guard let (name, value) = JournalEntry.takeField(from: &rest) else { return nil }
            guard name == JournalEntry.timeName else {
                fields.append(Field(name: name, value: value))
                continue
            }
            guard date == nil, value.utf8.allSatisfy(JournalEntry.isDigit), let microseconds = Int64(value),
                microseconds <= Int64.max / 1_000
            else { return nil }
            date = CalendarDate(nanosecondsSince1970: microseconds * 1_000)
        }
        guard let date, rest.allSatisfy({ $0 == 0 }) else { return nil }
        self.date = date
        self.fields = fields
    }

    private static func takeField(from rest: inout ArraySlice<UInt8>) -> (name: String, value: String)? {
        let name = rest.prefix { $0 != UInt8(ascii: "=") && $0 != 0x0A }
        guard isFieldName(name), name.endIndex < rest.endIndex else { return nil }
        let isText = rest[name.endIndex] == UInt8(ascii: "=")
        rest = rest[(name.endIndex + 1)...]
        let value: ArraySlice<UInt8>
        if isText {
            value = rest.prefix { $0 != 0x0A }
        } else {
            guard rest.count >= 8 else { return nil }
            let count = rest.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            rest = rest.dropFirst(8)
            guard count < UInt64(rest.count) else { return nil }
            value = rest.prefix(Int(count))
        }
        guard value.endIndex < rest.endIndex, rest[value.endIndex] == 0x0A else { return nil }
        rest = rest[(value.endIndex + 1)...]
        return (String(decoding: name, as: UTF8.self), String(decoding: value, as: UTF8.self))
    }
}
