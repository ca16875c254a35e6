import TCPIP
import Timebase
import Wire

/// What the server host and the client hosts have in common: a name, a TCP/IP stack, and SMTP conversations.
struct Host: Sendable {
    /// The name in the scenario.
    let name: String
    var stack: HostStack
    /// What the stack has to tell; kept with it so that no other host's news come between.
    var events = Outbox<SocketEvent>()
    /// The conversation on each connection, by the connection's slot in the stack; nil where there is none.
    var conversations: [Int?] = []
    /// The alarm of each connection, by slot; made when the slot is first used and kept.
    var alarms: [EventQueue.AlarmID] = []

    init(name: String, stack: HostStack) {
        self.name = name
        self.stack = stack
    }

    mutating func receive(datagram: RawSpan, at now: Instant) {
        stack.receive(datagram: datagram, at: now, into: &events)
    }

    mutating func deadlineReached(of connection: ConnectionID, at now: Instant) {
        stack.deadlineReached(of: connection, at: now, into: &events)
    }

    mutating func noRoute(to destination: IPv4Address, at now: Instant) {
        stack.noRoute(to: destination, at: now, into: &events)
    }

    mutating func setConversation(_ index: Int?, on connection: ConnectionID) {
        while conversations.count <= connection.slot { conversations.append(nil) }
        conversations[connection.slot] = index
    }
}
