public import Timebase
public import Wire

/// The TCP/IP of one host: addresses, listeners, connections (RFC 1122).
///
/// Datagrams come in with ``receive(datagram:at:into:)`` and are pulled out with ``nextDatagram(at:into:)``; what the
/// applications want to know goes into an outbox. Every connection has its own deadline, so that a driver keeps one
/// wakeup for each: it asks ``nextChangedDeadline()`` after every call.
///
/// Fragments are not put together: the links here have one size of datagram, and TCP forbids fragmentation.
public struct HostStack: Sendable {
    /// What is known of a connection besides TCP's own.
    struct Entry: Sendable {
        var connection: TCPConnection
        let local: IPv4Address
        let remote: IPv4Address
        let id: ConnectionID
        /// Whether an application has heard of it: a passive one is announced when it is established.
        var isAnnounced: Bool
        var isReady = false
        var lastDeadline: Instant?
        var hasChangedDeadline = false
        /// The application has closed or aborted, and hears no more.
        var isForgotten = false
    }

    /// What is set for all of TCP.
    public let configuration: TCPConfiguration
    /// How many hops datagrams may take. Default 64.
    public var timeToLive: UInt8 = 64
    /// Datagrams that were thrown away: damaged, not ours, fragments.
    public internal(set) var discardedDatagrams = 0

    /// The newest address; apart from the others, since most hosts have but one and are asked for it all the time.
    private(set) var address: IPv4Address?
    private var olderAddresses: [IPv4Address] = []
    var entries = Row<Entry?>()
    private var free: [Int] = []
    /// How many connections there have been.
    private var lastConnection: UInt32 = 0
    /// Slots by both ends; looked up, never walked.
    private var slots: [ConnectionKey: Int] = [:]
    /// What was looked up last: on most hosts the next segment is for the same connection.
    private var lastFound: (key: ConnectionKey, slot: Int)?
    /// Whether a connection has gone since the slots were last looked over.
    private var hasLostConnection = false
    var listening: [UInt16] = []
    var bound: [UInt16] = []
    /// Slots of connections that may have something to send, in the order in which they got it.
    var ready = ReadyQueue()
    /// Slots of connections whose deadline may have changed.
    var changed = ReadyQueue()
    /// Whole datagrams without a connection: ICMP, UDP, resets.
    var replies: [(destination: IPv4Address, octets: [UInt8])] = []
    var identification: UInt16 = 0
    private var nextPort: UInt16 = 1_025
    /// What nobody else can know of the initial sequence numbers.
    private let secret: UInt64

    /// A stack without addresses.
    /// - Parameters:
    ///   - configuration: how its TCP is set.
    ///   - random: the luck of its initial sequence numbers.
    public init(_ configuration: TCPConfiguration = TCPConfiguration(), random: RandomStream) {
        self.configuration = configuration
        var random = random
        secret = random.next()
    }

    // MARK: What is asked

    /// Gives the host an address; the newest one is the source of its connections.
    public mutating func addAddress(_ address: IPv4Address) {
        removeAddress(address)
        if let former = self.address { olderAddresses.insert(former, at: 0) }
        self.address = address
    }

    /// Takes an address away. Connections that use it are not told: they time out, as on real hosts.
    public mutating func removeAddress(_ address: IPv4Address) {
        olderAddresses.removeAll { $0 == address }
        guard address == self.address else { return }
        self.address = olderAddresses.isEmpty ? nil : olderAddresses.removeFirst()
    }

    /// Accepts connections to a port.
    public mutating func listen(on port: UInt16) { if !listening.contains(port) { listening.append(port) } }

    /// Refuses connections to a port from now on; those that stand go on.
    public mutating func stopListening(on port: UInt16) { listening.removeAll { $0 == port } }

    /// Takes UDP datagrams for a port.
    public mutating func bind(_ port: UInt16) { if !bound.contains(port) { bound.append(port) } }

    /// Opens a connection.
    /// - Parameters:
    ///   - address: the peer.
    ///   - port: its port.
    ///   - now: the time.
    /// - Returns: what the connection is called from now on.
    public mutating func connect(to address: IPv4Address, port: UInt16, at now: Instant) -> ConnectionID {
        let local = self.address ?? .unspecified
        let slot = makeEntry(
            local: local, localPort: freePort(local: local, remote: address, remotePort: port), remote: address,
            remotePort: port, isPassive: false, at: now)
        entries[slot]?.connection.open()
        touch(slot)
        return ConnectionID(slot: slot, number: lastConnection)
    }

    /// Takes octets to send, as many as ``sendRoom(of:)`` says.
    public mutating func write(_ octets: RawSpan, to connection: ConnectionID, at now: Instant) {
        guard let slot = slot(of: connection) else { return }
        let taken = entries[slot]?.connection.write(octets) ?? 0
        precondition(taken == octets.byteCount, "no more is written than there is room for")
        touch(slot)
    }

    /// Hands over what a connection has received.
    public mutating func read(_ connection: ConnectionID, into octets: inout [UInt8]) {
        guard let slot = slot(of: connection) else { return }
        entries[slot]?.connection.read(into: &octets)
        touch(slot)
    }

    /// Closes our side of a connection.
    public mutating func close(_ connection: ConnectionID, at now: Instant) {
        guard let slot = slot(of: connection) else { return }
        entries[slot]?.connection.close(at: now)
        touch(slot)
    }

    /// Gives a connection up. Nothing more is heard of it.
    public mutating func abort(_ connection: ConnectionID, at now: Instant) {
        guard let slot = slot(of: connection) else { return }
        entries[slot]?.isForgotten = true
        entries[slot]?.connection.abort()
        touch(slot)
    }

    // MARK: What can be known

    /// How many octets may be written to a connection now.
    public mutating func sendRoom(of connection: ConnectionID) -> Int {
        guard let slot = slot(of: connection) else { return 0 }
        return entries[slot]?.room() ?? 0
    }

    /// The peer's address.
    public func remoteAddress(of connection: ConnectionID) -> IPv4Address? {
        slot(of: connection).flatMap { entries[$0]?.remote }
    }

    /// The state of a connection; nil when it is gone.
    public func state(of connection: ConnectionID) -> TCPConnection.State? {
        slot(of: connection).flatMap { entries[$0]?.connection.state }
    }

    /// What a connection has counted; nil when it is gone.
    public func counters(of connection: ConnectionID) -> TCPConnection.Counters? {
        slot(of: connection).flatMap { entries[$0]?.connection.counters }
    }

    /// When a connection must next be told the time, if ever.
    public func deadline(of connection: ConnectionID) -> Instant? {
        slot(of: connection).flatMap { entries[$0]?.connection.deadline }
    }

    /// The connection in a slot, if there is one.
    public func connection(inSlot slot: Int) -> ConnectionID? {
        slot < entries.count ? entries[slot]?.id : nil
    }

    /// How many connections there are, in whatever state.
    public var connectionCount: Int { slots.count }

    /// Whether an address is the host's.
    func has(_ other: IPv4Address) -> Bool {
        other == address || (!olderAddresses.isEmpty && olderAddresses.contains(other))
    }

    // MARK: Slots

    /// The slot of the connection between two ends.
    mutating func slot(between key: ConnectionKey) -> Int? {
        if let lastFound, lastFound.key == key { return lastFound.slot }
        guard let slot = slots[key] else { return nil }
        lastFound = (key, slot)
        return slot
    }

    func slot(of connection: ConnectionID) -> Int? {
        connection.slot < entries.count && entries[connection.slot]?.id == connection ? connection.slot : nil
    }

    /// A connection may have something to send, and another deadline.
    mutating func touch(_ slot: Int) {
        if entries[slot]?.becomeReady() == true { ready.append(slot) }
    }

    mutating func makeEntry(
        local: IPv4Address, localPort: UInt16, remote: IPv4Address, remotePort: UInt16, isPassive: Bool,
        after last: SequenceNumber? = nil, at now: Instant
    ) -> Int {
        let slot = free.popLast() ?? entries.count
        if slot == entries.count {
            entries.append(nil)
        }
        lastConnection &+= 1
        let key = ConnectionKey(local: local, localPort: localPort, remote: remote, remotePort: remotePort)
        var initialSequence = initialSequence(of: key, at: now)
        if let last, !initialSequence.isAfter(last) { initialSequence = last + 0x1_0000 }
        let connection = TCPConnection(
            localPort: localPort, remotePort: remotePort, initialSequence: initialSequence,
            configuration: configuration, isPassive: isPassive)
        entries[slot] = Entry(
            connection: connection, local: local, remote: remote,
            id: ConnectionID(slot: slot, number: lastConnection), isAnnounced: !isPassive)
        slots[key] = slot
        return slot
    }

    mutating func removeEntry(_ slot: Int) {
        guard let entry = entries[slot] else { return }
        let key = ConnectionKey(
            local: entry.local, localPort: entry.connection.localPort, remote: entry.remote,
            remotePort: entry.connection.remotePort)
        slots[key] = nil
        lastFound = nil
        hasLostConnection = true
        entries[slot] = nil
        free.append(slot)
    }

    /// A host without connections keeps no memory for any: most hosts are offline most of the time.
    mutating func forgetSlots() {
        guard hasLostConnection else { return }
        hasLostConnection = false
        guard slots.isEmpty, ready.first == nil, changed.first == nil else { return }
        entries = Row()
        free = []
        slots = [:]
        ready = ReadyQueue()
        changed = ReadyQueue()
    }

    // RFC 9293 §3.4.1, RFC 6528 §3: a clock of four microseconds, so that the same two ends never use a number again
    // too soon, and for each two ends a beginning that a stranger cannot know.
    private func initialSequence(of key: ConnectionKey, at now: Instant) -> SequenceNumber {
        let clock = UInt32(truncatingIfNeeded: now.nanoseconds / 4_000)
        return SequenceNumber(rawValue: clock &+ UInt32(truncatingIfNeeded: key.scrambled(by: secret)))
    }

    private mutating func freePort(local: IPv4Address, remote: IPv4Address, remotePort: UInt16) -> UInt16 {
        func isFree(_ port: UInt16) -> Bool {
            slots[ConnectionKey(local: local, localPort: port, remote: remote, remotePort: remotePort)] == nil
        }
        for _ in 1_025...4_999 {
            let port = nextPort
            nextPort = nextPort == 4_999 ? 1_025 : nextPort + 1
            if isFree(port) { return port }
        }
        // A busy server may have that many in TIME-WAIT; ports that are not customary serve as well.
        guard let port = (5_000...UInt16.max).first(where: isFree) else {
            preconditionFailure("a host has at most 64,511 connections to one port")
        }
        return port
    }
}

/// Both ends of a connection in two words, so that a lookup hashes sixteen octets.
struct ConnectionKey: Hashable, Sendable {
    private let addresses: UInt64
    private let ports: UInt32

    init(local: IPv4Address, localPort: UInt16, remote: IPv4Address, remotePort: UInt16) {
        addresses = UInt64(local.rawValue) << 32 | UInt64(remote.rawValue)
        ports = UInt32(localPort) << 16 | UInt32(remotePort)
    }

    /// A number of its own for each key and secret.
    func scrambled(by secret: UInt64) -> UInt64 {
        func mix(_ value: UInt64) -> UInt64 {
            // The last step of SplitMix64, as in `RandomStream`.
            var mixed = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
            return mixed ^ (mixed >> 31)
        }
        return mix(mix(addresses ^ secret) &+ UInt64(ports) &+ secret)
    }
}

/// Slots in the order in which they came.
struct ReadyQueue: Sendable {
    private var slots: [Int] = []
    private var taken = 0

    var first: Int? { taken < slots.count ? slots[taken] : nil }

    mutating func append(_ slot: Int) { slots.append(slot) }

    mutating func removeFirst() {
        taken += 1
        if taken == slots.count {
            slots.removeAll(keepingCapacity: true)
            taken = 0
        }
    }
}
