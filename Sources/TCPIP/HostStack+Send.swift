public import Timebase
public import Wire

/// What goes out.
extension HostStack {
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
            if let segment = entries[slot]?.connection.nextSegment(at: now) {
                return append(segment, of: slot, to: &frame)
            }
            ready.removeFirst()
            settleDeadline(of: slot)
        }
        return nil
    }

    /// A connection whose deadline has changed since it was last asked for. Call until nil, after everything was sent.
    public mutating func nextChangedDeadline() -> ConnectionID? {
        while let slot = changed.first {
            changed.removeFirst()
            guard let entry = entries[slot] else { continue }
            entries[slot]?.hasChangedDeadline = false
            return entry.id
        }
        return nil
    }

    /// Sends a UDP datagram.
    /// - Parameters:
    ///   - payload: what it carries.
    ///   - address: who is to get it.
    ///   - port: the receiver's port.
    ///   - sourcePort: our port.
    public mutating func send(_ payload: RawSpan, to address: IPv4Address, port: UInt16, from sourcePort: UInt16) {
        let source = addresses.first ?? .unspecified
        let header = UDPHeader(sourcePort: sourcePort, destinationPort: port, payloadLength: payload.byteCount)
        reply(from: source, to: address, .udp) { header.append(payload, from: source, to: address, to: &$0) }
    }

    private mutating func append(
        _ segment: TCPConnection.Outgoing, of slot: Int, to frame: inout [UInt8]
    ) -> IPv4Address? {
        guard let local = entries[slot]?.local, let remote = entries[slot]?.remote else { return nil }
        let length = (segment.header.maximumSegmentSize == nil ? 20 : 24) + segment.count
        identification &+= 1
        let header = IPv4Header(
            source: local, destination: remote, carriedProtocol: .tcp, timeToLive: timeToLive,
            identification: identification, dontFragment: true, payloadLength: length)
        header.append(to: &frame)
        let start = frame.count
        segment.header.append(to: &frame)
        entries[slot]?.connection.appendPayload(of: segment, to: &frame)
        TCPHeader.finish(in: &frame, at: start, from: local, to: remote)
        return remote
    }

    // Nothing more to send for now: the deadline stands, or the connection is gone.
    private mutating func settleDeadline(of slot: Int) {
        guard entries[slot] != nil else { return }
        entries[slot]?.isReady = false
        let deadline = entries[slot]?.connection.deadline
        if entries[slot]?.connection.state == .closed { return removeEntry(slot) }
        guard deadline != entries[slot]?.lastDeadline else { return }
        entries[slot]?.lastDeadline = deadline
        guard entries[slot]?.hasChangedDeadline == false else { return }
        entries[slot]?.hasChangedDeadline = true
        changed.append(slot)
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
