/// What connects lines by number: it knows the hunt groups and which of their ports are taken.
///
/// A call to a number rings the first free port of its group, in hunt order; when none is free the caller hears the
/// busy tone.
public struct Exchange: Sendable {
    /// Where a call to a number goes.
    public enum Route: Hashable, Sendable {
        /// It rings on this port of the group, counted from 0; the port is taken from now on.
        case port(Int)
        /// Every port of the group is taken.
        case busy
        /// Nobody has the number.
        case noSuchNumber
    }

    private struct HuntGroup: Sendable {
        var number: String
        var isTaken: [Bool]
    }

    private var groups: [HuntGroup] = []

    /// An exchange without subscribers.
    public init() {}

    /// Gives a number to a hunt group of so many ports.
    public mutating func connect(_ number: String, ports: Int) {
        precondition(ports > 0, "a hunt group has at least one port")
        precondition(!groups.contains { $0.number == number }, "a number belongs to one group")
        groups.append(HuntGroup(number: number, isTaken: [Bool](repeating: false, count: ports)))
    }

    /// Takes the first free port of a number. O(ports of the group).
    public mutating func seize(_ number: String) -> Route {
        guard let group = groups.firstIndex(where: { $0.number == number }) else { return .noSuchNumber }
        guard let port = groups[group].isTaken.firstIndex(of: false) else { return .busy }
        groups[group].isTaken[port] = true
        return .port(port)
    }

    /// The call on a port is over.
    public mutating func release(_ port: Int, of number: String) {
        guard let group = groups.firstIndex(where: { $0.number == number }) else {
            preconditionFailure("a port belongs to a number")
        }
        precondition(groups[group].isTaken[port], "a port is released once")
        groups[group].isTaken[port] = false
    }
}
