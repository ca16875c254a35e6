public import Events
public import SMTP
public import Timebase
public import Wire

/// One line of what happens: a trigger and what is done then.
public struct ScriptStep: Sendable {
    /// What sets the step off.
    public enum Trigger: Sendable {
        /// An instant, in nanoseconds since the beginning, drawn once for each host that the step speaks of; and again
        /// after every such interval.
        case at(Distribution, every: Interval? = nil)
        /// So long after an event has happened so many times; once.
        case when(EventPattern, count: Int, after: Interval)
    }

    /// What is done.
    public enum Deed: Sendable {
        /// The client hosts (by their place in the plan) dial.
        case dial([Int])
        /// The client hosts hang up in good order.
        case hangUp([Int])
        /// The carrier of the client hosts' calls fails.
        case dropCarrier([Int])
        /// Somebody connects from the client hosts to the server's SMTP port and says these lines.
        case speak([Int], [String])
        /// The server host loses its power, and has it again after so long.
        case crash(for: Interval)
        /// The server host has its power again.
        case start
        /// A value of the Exchange parameters is set in the server's registry.
        case setDisableETRN(Bool)
        /// Mail for a domain goes to another host from now on.
        case setRoute(Domain, IPv4Address)
    }

    /// What sets it off.
    public var trigger: Trigger
    /// What is done.
    public var deed: Deed

    /// A step of a trigger and a deed.
    public init(trigger: Trigger, deed: Deed) {
        self.trigger = trigger
        self.deed = deed
    }
}

/// Which events a trigger or an expectation counts.
public struct EventPattern: Hashable, Sendable {
    /// Which hosts: one by name, or every host whose name is this prefix followed by a number.
    public enum Hosts: Hashable, Sendable {
        /// The host of this name.
        case named(String)
        /// The hosts of the group: `branch-*`.
        case group(prefix: String)

        /// Whether a host is one of them.
        public func include(_ host: String) -> Bool {
            switch self {
            case .named(let name): return host == name
            case .group(let prefix):
                let number = host.utf8.dropFirst(prefix.utf8.count)
                return host.hasPrefix(prefix) && !number.isEmpty && number.allSatisfy { (0x30...0x39).contains($0) }
            }
        }
    }

    /// The hosts.
    public var hosts: Hosts
    /// The event's name.
    public var name: Happening.Name
    /// Fields that must have these values.
    public var fields: [Field]

    /// A pattern of hosts, a name and fields.
    public init(hosts: Hosts, name: Happening.Name, fields: [Field]) {
        self.hosts = hosts
        self.name = name
        self.fields = fields
    }

    /// Whether the event is one of these.
    public func matches(_ event: Event) -> Bool {
        guard event.happening.name == name, hosts.include(event.host) else { return false }
        guard !fields.isEmpty else { return true }
        let present = event.happening.row.fields
        return fields.allSatisfy { present.contains($0) }
    }

    /// The fields of an event of this name that have another value than they must have.
    public func otherFields(of event: Event) -> [Field] {
        event.happening.row.fields.filter { field in
            fields.contains { $0.name == field.name && $0.value != field.value }
        }
    }
}
