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
    /// What belongs to each connection, by the connection's slot in the stack.
    private var sockets: [Socket] = []

    private struct Socket: Sendable {
        var conversation: Int?
        /// Made when the slot is first used, and kept.
        var alarm: EventQueue.AlarmID?
    }

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

    /// The conversations on all connections, in the order of their slots.
    var conversations: [Int] { sockets.compactMap(\.conversation) }

    /// The conversation on the connection in a slot, if any.
    func conversation(inSlot slot: Int) -> Int? { slot < sockets.count ? sockets[slot].conversation : nil }

    mutating func setConversation(_ index: Int?, on connection: ConnectionID) {
        makeSocket(connection.slot)
        sockets[connection.slot].conversation = index
    }

    /// The alarm of the connection in a slot.
    mutating func alarm(ofSlot slot: Int, host: Int, clock: inout EventQueue) -> EventQueue.AlarmID {
        if slot < sockets.count, let alarm = sockets[slot].alarm { return alarm }
        let alarm = clock.makeAlarm(.connection, source: host, detail: slot)
        makeSocket(slot)
        sockets[slot].alarm = alarm
        return alarm
    }

    /// It begins anew with another stack, and nothing of what was.
    mutating func restart(_ stack: HostStack, clock: inout EventQueue) {
        self.stack = stack
        events = Outbox()
        for socket in sockets { if let alarm = socket.alarm { clock.set(alarm, to: nil) } }
    }

    private mutating func makeSocket(_ slot: Int) {
        while sockets.count <= slot { sockets.append(Socket()) }
    }
}
