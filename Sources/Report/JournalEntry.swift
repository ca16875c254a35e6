public import Events

/// An event as an entry of a systemd journal, the form in which it stands between the packets of a capture.
///
/// The capture's writer adds the time, because only it knows the calendar and the resolution. Values are printable
/// and hold no line ends, so every field can be written as `NAME=value`.
public struct JournalEntry: Sendable {
    /// Names and values, in the order in which they are written.
    public let fields: [(String, String)]

    /// The entry of an event.
    public init(_ event: Event) { self.init(event, event.happening.row) }

    /// The entry of an event whose row is at hand.
    init(_ event: Event, _ row: Happening.Row) {
        var fields: [(String, String)] = []
        fields.reserveCapacity(5 + row.fields.count)
        fields.append(("MESSAGE", row.text.printable))
        fields.append(("PRIORITY", "\(row.severity.rawValue)"))
        fields.append(("_HOSTNAME", event.host.printable))
        fields.append(("SYSLOG_IDENTIFIER", row.facility.rawValue))
        fields.append(("RINGBACK_EVENT", event.happening.name.rawValue))
        for field in row.fields { fields.append((JournalEntry.name(of: field), field.value.description.printable)) }
        self.fields = fields
    }

    /// `reply-code` is `RINGBACK_REPLY_CODE`: journal fields are capitals, digits and underscores.
    private static func name(of field: Field) -> String {
        var octets = Array("RINGBACK_".utf8)
        for octet in field.name.utf8 {
            let isLetter = octet >= UInt8(ascii: "a") && octet <= UInt8(ascii: "z")
            octets.append(isLetter ? octet - 0x20 : UInt8(ascii: "_"))
        }
        return String(decoding: octets, as: UTF8.self)
    }
}
