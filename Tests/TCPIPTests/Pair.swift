import Timebase
import Wire

@testable import TCPIP

/// Two hosts back to back over a line that takes its time and may lose, delay or double datagrams.
///
/// An end writes what it has to say whenever there is room, reads whatever comes unless it pauses, and closes after its
/// last octet if it is told to.
struct Pair {
    struct End {
        var stack: HostStack
        var connection: ConnectionID?
        var events: [SocketEvent] = []
        var received: [UInt8] = []
        var closesAtEnd = false
        /// Whether what comes is left unread.
        var isPaused = false
        fileprivate var unsent: ArraySlice<UInt8> = []
        fileprivate var deadlines: [(connection: ConnectionID, instant: Instant)] = []
    }

    /// A segment as it was sent.
    struct Sent {
        var time: Instant
        var end: Int
        var header: TCPHeader
        var count: Int
    }

    static let addresses = [IPv4Address(192, 0, 2, 25), IPv4Address(192, 0, 2, 130)]

    var ends: [End]
    private(set) var now = Instant.beginning
    private(set) var sent: [Sent] = []
    private var counts = [0, 0]
    private let fate: (_ end: Int, _ number: Int) -> [Interval]
    private var line: [(arrival: Instant, end: Int, octets: [UInt8])] = []

    /// - Parameters:
    ///   - client: how the first end's TCP is set.
    ///   - server: how the second end's TCP is set.
    ///   - seed: the luck of both.
    ///   - fate: after how long the copies of an end's datagram arrive; none when it is lost. Datagrams count from 1.
    init(
        _ client: TCPConfiguration = TCPConfiguration(), _ server: TCPConfiguration = TCPConfiguration(),
        seed: UInt64 = 9_293,
        fate: @escaping (_ end: Int, _ number: Int) -> [Interval] = { _, _ in [.milliseconds(50)] }
    ) {
        ends = [client, server].enumerated().map { index, configuration in
            End(stack: HostStack(configuration, random: RandomStream(seed: seed, thing: "\(index)", purpose: "tcp")))
        }
        self.fate = fate
        for end in 0...1 { ends[end].stack.addAddress(Pair.addresses[end]) }
        ends[1].stack.listen(on: 25)
    }

    mutating func connect(_ end: Int = 0, port: UInt16 = 25) {
        perform(end) { $0.connection = $0.stack.connect(to: Pair.addresses[1 - end], port: port, at: $1) }
    }

    mutating func say(_ octets: [UInt8], by end: Int) { perform(end) { pair, _ in pair.unsent += octets } }

    /// Reads what has come in a pause, and goes on reading.
    mutating func resume(_ end: Int) {
        perform(end) { end, _ in
            end.isPaused = false
            if let connection = end.connection { end.stack.read(connection, into: &end.received) }
        }
    }

    mutating func close(_ end: Int) {
        perform(end) { if let connection = $0.connection { $0.stack.close(connection, at: $1) } }
    }

    mutating func abort(_ end: Int) {
        perform(end) { if let connection = $0.connection { $0.stack.abort(connection, at: $1) } }
    }

    /// Runs until nothing is on the line and no deadline lies before the end.
    mutating func drive(for interval: Interval) {
        let end = now + interval
        while let next = nextInstant, next <= end {
            now = max(now, next)
            while let first = line.first, first.arrival <= now {
                line.removeFirst()
                perform(first.end) { end, now in
                    var outbox = Outbox<SocketEvent>()
                    end.stack.receive(datagram: first.octets.span.bytes, at: now, into: &outbox)
                    end.take(&outbox)
                }
            }
            for end in 0...1 { wake(end) }
        }
        now = end
    }

    func state(_ end: Int) -> TCPConnection.State? { ends[end].connection.flatMap(ends[end].stack.state) }

    func counters(_ end: Int) -> TCPConnection.Counters? { ends[end].connection.flatMap(ends[end].stack.counters) }

    private var nextInstant: Instant? {
        ([line.first?.arrival] + ends.flatMap { $0.deadlines.map(\.instant) }).compactMap { $0 }.min()
    }

    private mutating func wake(_ end: Int) {
        while let index = ends[end].deadlines.firstIndex(where: { $0.instant <= now }) {
            let connection = ends[end].deadlines.remove(at: index).connection
            perform(end) { end, now in
                var outbox = Outbox<SocketEvent>()
                end.stack.deadlineReached(of: connection, at: now, into: &outbox)
                end.take(&outbox)
            }
        }
    }

    private mutating func perform(_ end: Int, _ body: (inout End, Instant) -> Void) {
        body(&ends[end], now)
        ends[end].speak(at: now)
        var datagram: [UInt8] = []
        while ends[end].stack.nextDatagram(at: now, into: &datagram) != nil {
            carry(datagram, from: end)
            datagram.removeAll()
        }
        ends[end].learnDeadlines()
    }

    private mutating func carry(_ datagram: [UInt8], from end: Int) {
        let octets = datagram.span.bytes
        if let header = try? TCPHeader(
            parsing: octets.extracting(droppingFirst: 20), from: Pair.addresses[end], to: Pair.addresses[1 - end])
        {
            sent.append(Sent(time: now, end: end, header: header, count: datagram.count - 20 - header.length))
        }
        counts[end] += 1
        for delay in fate(end, counts[end]) {
            let place = line.lastIndex { $0.arrival <= now + delay }.map { $0 + 1 } ?? 0
            line.insert((now + delay, 1 - end, datagram), at: place)
        }
    }
}

extension Pair.End {
    fileprivate mutating func take(_ outbox: inout Outbox<SocketEvent>) {
        while let event = outbox.next() {
            events.append(event)
            switch event {
            case .accepted(let connection, _): self.connection = connection
            case .readable(let connection): if !isPaused { stack.read(connection, into: &received) }
            default: break
            }
        }
    }

    fileprivate mutating func speak(at now: Instant) {
        guard let connection else { return }
        let count = min(unsent.count, stack.sendRoom(of: connection))
        if count > 0 {
            stack.write(Array(unsent.prefix(count)).span.bytes, to: connection, at: now)
            unsent = unsent.dropFirst(count)
        }
        // A close would forget a connection whose SYN is not answered yet.
        if closesAtEnd, unsent.isEmpty, stack.state(of: connection) != .synSent {
            closesAtEnd = false
            stack.close(connection, at: now)
        }
    }

    fileprivate mutating func learnDeadlines() {
        while let change = stack.nextChangedDeadline() {
            deadlines.removeAll { $0.connection == change.connection }
            if let instant = change.deadline { deadlines.append((change.connection, instant)) }
        }
    }
}
