public import Events

/// An event as an entry of a systemd journal, the form in which it stands between the packets of a capture.
///
/// The capture's writer adds the time, because only it knows the calendar and the resolution. Values are printable
/// and hold no line ends, so every field can be written as `NAME=value`.
public struct JournalEntry: Sendable {
    /// Names and values, in the order in which they are written.
    public let fields: [(name: String, value: String)]

    /// The entry of an event.
    public init(_ event: Event) {
        let row = event.happening.row
        fields =
            [
                ("MESSAGE", row.text.printable), ("PRIORITY", "\(row.severity.rawValue)"),
                ("_HOSTNAME", event.host.printable), ("SYSLOG_IDENTIFIER", row.facility.rawValue),
                ("RINGBACK_EVENT", event.happening.name.rawValue),
            ] + row.fields.map { (JournalEntry.name(of: $0), $0.value.description.printable) }
    }

    /// `reply-code` is `RINGBACK_REPLY_CODE`: journal fields are capitals, digits and underscores.
    private static func name(of field: Field) -> String {
        "RINGBACK_" + field.name.uppercased().map { $0 == "-" ? "_" : $0 }
    }
}
