public import Timebase

/// Something that happened to a host at an instant of the run.
public struct Event: Hashable, Sendable {
    /// When.
    public var at: Instant
    /// The host it happened to, by its name in the scenario: `branch`, `server`.
    public var host: String
    /// What.
    public var happening: Happening

    /// An event of a host.
    public init(at: Instant, host: String, happening: Happening) {
        self.at = at
        self.host = host
        self.happening = happening
    }

    /// The name that a scenario waits for: `branch.link.up`.
    public var qualifiedName: String { "\(host).\(happening.name.rawValue)" }
}

/// How much an event matters, with the numbers of syslog (RFC 5424 §6.2.1).
public enum Severity: Int, Hashable, Sendable {
    /// Something was refused, given up or lost.
    case error = 3
    /// Something went wrong that will be tried again.
    case warning = 4
    /// A step that an operator wants to see.
    case notice = 5
    /// Everything else.
    case informational = 6
}

/// The part of a host that reports an event: the program name in a log line.
public enum Facility: String, Hashable, Sendable {
    /// The modem and the dialler that drives it.
    case modem
    /// The PPP daemon.
    case pppd
    /// The SMTP sessions of either side.
    case smtpd
    /// The finger command of a client host.
    case finger
    /// The mail queue of the server host.
    case queue
    /// The run itself: settings changed and faults made from outside.
    case scenario
}

/// One named value of an event.
public struct Field: Hashable, Sendable {
    /// The field's name, in kebab case: `reply-code`.
    public var name: String
    /// The value.
    public var value: Value

    /// What a field can hold.
    public enum Value: Hashable, Sendable {
        /// Text that came from the scenario or a peer, unescaped.
        case text(String)
        /// A whole number; the field's name says of what.
        case number(Int)
    }

    /// A field that holds text.
    public static func text(_ name: String, _ value: String) -> Field { Field(name: name, value: .text(value)) }
    /// A field that holds a number.
    public static func number(_ name: String, _ value: Int) -> Field { Field(name: name, value: .number(value)) }
}

extension Field.Value: CustomStringConvertible {
    /// The value as text.
    public var description: String {
        switch self {
        case .text(let text): text
        case .number(let number): "\(number)"
        }
    }
}
