public import Events

/// An event as one line of `events.jsonl`.
///
/// `v` is the version of this form, `t` the time in nanoseconds since the beginning of the run; the event's own
/// fields follow under their names in the vocabulary.
public struct EventLine: Sendable {
    /// The line without its end.
    public let text: String

    /// The line of an event.
    public init(_ event: Event) {
        let row = event.happening.row
        let fields = row.fields.map { (key: $0.name, value: JSONValue($0.value)) }
        text =
            JSONValue.object(
                [
                    ("v", .number(1)), ("t", JSONValue(event.at)), ("host", .text(event.host)),
                    ("event", .text(event.happening.name.rawValue)), ("severity", .text(row.severity.word)),
                ] + fields
            ).line
    }
}

extension JSONValue {
    fileprivate init(_ value: Field.Value) {
        switch value {
        case .text(let text): self = .text(text)
        case .number(let number): self = .number(number)
        }
    }
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
