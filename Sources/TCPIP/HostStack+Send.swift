public import Timebase
public import Wire

/// What goes out.
extension HostStack {
    /// Whether there may be something to send. Mutating, so that the stack is looked at where it lies.
    public mutating func hasOutput() -> Bool { ready.first != nil || !replies.isEmpty }

    /// The next datagram to send. Call until nil. Hot path: one copy of the data, straight into the frame.
    /// - Parameters:
    ///   - now: the time.
    ///   - frame: where the datagram is appended.
    /// - Returns: its destination.
    public mutating func nextDatagram(at now: Instant, into frame: inout [UInt8]) -> IPv4Address? {
        if !replies.isEmpty {
            let reply = replies.removeFirst()
            frame.append(contentsOf: reply.octets)
            return reply.destination
        }
        while let slot = ready.first {
            let destination = entries[slot]?.nextDatagram(
                at: now, identification: identification &+ 1, timeToLive: timeToLive, into: &frame)
            if let destination {
                identification &+= 1
                return destination
            }
            ready.removeFirst()
            settleDeadline(of: slot)
        }
        return nil
    }

    /// A connection's deadline has changed.
    public struct DeadlineChange: Hashable, Sendable {
        /// The connection.
        public let connection: ConnectionID
        /// When it must now be told the time, if ever.
        public let deadline: Instant?
        /// Whether it only waits for old segments to die out (TIME-WAIT): nothing will come of it.
        public let isTimeWait: Bool
    }

    /// A connection whose deadline has changed since it was last asked for. Call until nil, after everything was sent.
    public mutating func nextChangedDeadline() -> DeadlineChange? {
        while let slot = changed.first {
            changed.removeFirst()
            if let change = entries[slot]?.takeChangedDeadline() { return change }
        }
        forgetSlots()
        return nil
    }

    /// Sends a UDP datagram.
    /// - Parameters:
    ///   - payload: what it carries.
    ///   - address: who is to get it.
    ///   - port: the receiver's port.
    ///   - sourcePort: our port.
    public mutating func send(_ payload: RawSpan, to address: IPv4Address, port: UInt16, from sourcePort: UInt16) {
        let source = self.address ?? .unspecified
        let header = UDPHeader(sourcePort: sourcePort, destinationPort: port, payloadLength: payload.byteCount)
        reply(from: source, to: address, .udp) { header.append(payload, from: source, to: address, to: &$0) }
    }

    // Nothing more to send for now: the deadline stands, or the connection is gone.
    private mutating func settleDeadline(of slot: Int) {
        switch entries[slot]?.rest() {
        case .closed: removeEntry(slot)
        case .deadlineChanged: changed.append(slot)
        case .unchanged, nil: break
        }
    }

    mutating func reply(
        from source: IPv4Address, to destination: IPv4Address, _ carriedProtocol: IPProtocol,
        _ build: (inout [UInt8]) -> Void
    ) {
        var payload: [UInt8] = []
        build(&payload)
        identification &+= 1
        var octets: [UInt8] = []
        IPv4Header(
            source: source, destination: destination, carriedProtocol: carriedProtocol, timeToLive: timeToLive,
            identification: identification, dontFragment: false, payloadLength: payload.count
        ).append(to: &octets)
        octets.append(contentsOf: payload)
        replies.append((destination, octets))
    }
}

// The connection is looked at where it lies: a question to an element of an array would copy the element first, with
// all its buffers. Hence these are asked of the entry itself, and are mutating.
extension HostStack.Entry {
    /// Appends the connection's next segment as a datagram; its destination, or nil when there is none. Hot path.
    fileprivate mutating func nextDatagram(
        at now: Instant, identification: UInt16, timeToLive: UInt8, into frame: inout [UInt8]
    ) -> IPv4Address? {
        guard let segment = connection.nextSegment(at: now) else { return nil }
        let length = (segment.header.maximumSegmentSize == nil ? 20 : 24) + segment.count
        IPv4Header(
            source: local, destination: remote, carriedProtocol: .tcp, timeToLive: timeToLive,
            identification: identification, dontFragment: true, payloadLength: length
        ).append(to: &frame)
        let start = frame.count
        segment.header.append(to: &frame)
        connection.appendPayload(of: segment, to: &frame)
        TCPHeader.finish(in: &frame, at: start, from: local, to: remote)
        return remote
    }

    /// How a connection stands that has nothing to send for now.
    fileprivate enum Rest {
        case closed, unchanged
        /// Its deadline is another than before, and nobody knows yet.
        case deadlineChanged
    }

    fileprivate mutating func rest() -> Rest {
        isReady = false
        guard connection.state != .closed else { return .closed }
        let deadline = connection.deadline
        guard deadline != lastDeadline else { return .unchanged }
        lastDeadline = deadline
        defer { hasChangedDeadline = true }
        return hasChangedDeadline ? .unchanged : .deadlineChanged
    }

    /// The connection may have something to send. True when it is not in the queue for that.
    mutating func becomeReady() -> Bool {
        defer { isReady = true }
        return !isReady
    }

    fileprivate mutating func takeChangedDeadline() -> HostStack.DeadlineChange {
        hasChangedDeadline = false
        return .init(connection: id, deadline: lastDeadline, isTimeWait: connection.state == .timeWait)
    }

    /// How many octets the connection takes now.
    mutating func room() -> Int { connection.room }
}
