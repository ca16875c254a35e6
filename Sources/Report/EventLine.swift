import Capture
public import Events
import Timebase

/// An event as one line of `events.jsonl`.
///
/// `v` is the version of this form, `t` the time in nanoseconds since the beginning of the run; the event's own
/// fields follow under their names in the vocabulary.
public struct EventLine: Sendable {
    /// The line with its end, in UTF-8.
    let octets: [UInt8]

    /// The line of an event.
    public init(_ event: Event) { self.init(event, event.happening.row) }

    /// The line of an event whose row is at hand.
    init(_ event: Event, _ row: Happening.Row) {
        var octets: [UInt8] = []
        octets.reserveCapacity(256)
        octets.append("{\"v\":1,\"t\":")
        octets.append(decimal: (event.at - .beginning).nanoseconds)
        octets.append(",\"host\":")
        JSONValue.quote(event.host, to: &octets)
        octets.append(",\"event\":")
        JSONValue.quote(event.happening.name.rawValue, to: &octets)
        octets.append(",\"severity\":")
        JSONValue.quote(row.severity.word, to: &octets)
        for field in row.fields {
            octets.append(UInt8(ascii: ","))
            JSONValue.quote(field.name, to: &octets)
            octets.append(UInt8(ascii: ":"))
            switch field.value {
            case .text(let text): JSONValue.quote(text, to: &octets)
            case .number(let number): octets.append(decimal: Int64(number))
            }
        }
        octets.append("}\n")
        self.octets = octets
    }

    /// The line without its end.
    public var text: String { String(decoding: octets.dropLast(), as: UTF8.self) }
}

extension Severity {
    /// Its keyword (RFC 5424 §6.2.1).
    fileprivate var word: String {
        switch self {
        case .error: "error"
        case .warning: "warning"
        case .notice: "notice"
        case .informational: "informational"
        }
    }
}
