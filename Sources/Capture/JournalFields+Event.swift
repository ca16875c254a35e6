public import Events
import Timebase

extension JournalFields {
    /// The fields of an event, as they stand between the packets of a capture.
    public init(_ event: Event) { self.init(event, event.happening.row) }

    /// The fields of an event whose row is at hand.
    /// - Parameters:
    ///   - event: the event.
    ///   - row: its row.
    public init(_ event: Event, _ row: Happening.Row) {
        self.init()
        append("__MONOTONIC_TIMESTAMP", Int(event.at.nanoseconds / 1_000))
        append("MESSAGE", row.text.printable)
        append("PRIORITY", row.severity.rawValue)
        append("_HOSTNAME", event.host.printable)
        append("SYSLOG_IDENTIFIER", row.facility.rawValue)
        append("RINGBACK_EVENT", event.happening.name.rawValue)
        for field in row.fields {
            switch field.value {
            case .text(let text): append("RINGBACK_", kebab: field.name, text.printable)
            case .number(let number): append("RINGBACK_", kebab: field.name, number)
            }
        }
    }
}
