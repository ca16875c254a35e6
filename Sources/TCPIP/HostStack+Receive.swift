public import Timebase
public import Wire

/// What comes in (RFC 1122 §3.2, §4).
extension HostStack {
    /// A datagram has arrived over one of the host's links. Hot path.
    /// - Parameters:
    ///   - datagram: the octets from the IP header on.
    ///   - now: the time.
    ///   - outbox: gets what the applications should know.
    public mutating func receive(datagram: RawSpan, at now: Instant, into outbox: inout Outbox<SocketEvent>) {
        guard let header = try? IPv4Header(parsing: datagram), !header.isFragment,
            has(header.destination), header.source.isUnicast, !has(header.source)
        else {
            discardedDatagrams += 1
            return
        }
        let payload = datagram.extracting(header.headerLength..<Int(header.totalLength))
        switch header.carriedProtocol {
        case .tcp: receiveSegment(payload, header, datagram, at: now, into: &outbox)
        case .icmp: receiveICMP(payload, header, into: &outbox)
        case .udp: receiveUDP(payload, header, datagram, into: &outbox)
        default: answerUnreachable(.carriedProtocol, to: header, datagram)
        }
    }

    /// A connection's deadline has come.
    public mutating func deadlineReached(
        of connection: ConnectionID, at now: Instant, into outbox: inout Outbox<SocketEvent>
    ) {
        guard let slot = slot(of: connection) else { return }
        entries[slot]?.connection.deadlineReached(at: now)
        settle(slot, into: &outbox)
    }

    /// The host has no link to a destination: what ICMP would say, said by its own IP (RFC 1122 §3.3.1.2).
    public mutating func noRoute(
        to destination: IPv4Address, at now: Instant, into outbox: inout Outbox<SocketEvent>
    ) {
        for slot in 0..<entries.count where entries[slot]?.remote == destination {
            entries[slot]?.connection.unreachable(isForGood: true)
            settle(slot, into: &outbox)
        }
    }

    // MARK: TCP

    private mutating func receiveSegment(
        _ octets: RawSpan, _ header: IPv4Header, _ datagram: RawSpan, at now: Instant,
        into outbox: inout Outbox<SocketEvent>
    ) {
        guard let segment = try? TCPHeader(parsing: octets, from: header.source, to: header.destination) else {
            discardedDatagrams += 1
            return
        }
        let payload = octets.extracting(segment.length..<octets.byteCount)
        guard let slot = slot(for: segment, header, at: now) else {
            // A port that listens drops what is neither SYN nor ACK (RFC 9293 §3.10.7.2).
            if listening.contains(segment.destinationPort), !segment.flags.contains(.ack) { return }
            return answerReset(segment, length: payload.byteCount, header)
        }
        entries[slot]?.connection.receive(segment, payload: payload, at: now)
        settle(slot, into: &outbox)
    }

    private mutating func slot(for segment: TCPHeader, _ header: IPv4Header, at now: Instant) -> Int? {
        let key = ConnectionKey(
            local: header.destination, localPort: segment.destinationPort, remote: header.source,
            remotePort: segment.sourcePort)
        let opens =
            segment.flags.intersection([.syn, .ack, .rst]) == .syn && listening.contains(segment.destinationPort)
        var last: SequenceNumber?
        if let slot = slot(between: key) {
            // A new SYN may take the place of a connection that only waits for old segments, if its numbers and ours
            // lie beyond those used (RFC 9293 §3.6.1, MAY-2).
            guard opens, let old = entries[slot]?.connection, old.state == .timeWait,
                segment.sequence.isAfter(old.expected)
            else { return slot }
            last = old.highest
            removeEntry(slot)
        }
        guard opens else { return nil }
        return makeEntry(
            local: header.destination, localPort: segment.destinationPort, remote: header.source,
            remotePort: segment.sourcePort, isPassive: true, after: last, at: now)
    }

    /// Tells the application what is new, and lets the connection go when it is over.
    private mutating func settle(_ slot: Int, into outbox: inout Outbox<SocketEvent>) {
        entries[slot]?.tellNews(into: &outbox)
        touch(slot)
    }

    // RFC 9293 §3.10.7.1.
    private mutating func answerReset(_ segment: TCPHeader, length: Int, _ header: IPv4Header) {
        guard !segment.flags.contains(.rst) else { return }
        let occupied = length + (segment.flags.contains(.syn) ? 1 : 0) + (segment.flags.contains(.fin) ? 1 : 0)
        let isAcknowledgment = segment.flags.contains(.ack)
        let reset = TCPHeader(
            sourcePort: segment.destinationPort, destinationPort: segment.sourcePort,
            sequence: isAcknowledgment ? segment.acknowledgment : SequenceNumber(rawValue: 0),
            acknowledgment: isAcknowledgment ? SequenceNumber(rawValue: 0) : segment.sequence + occupied,
            flags: isAcknowledgment ? .rst : [.rst, .ack], window: 0)
        reply(from: header.destination, to: header.source, .tcp) { octets in
            let start = octets.count
            reset.append(to: &octets)
            TCPHeader.finish(in: &octets, at: start, from: header.destination, to: header.source)
        }
    }

    // MARK: ICMP and UDP

    private mutating func receiveICMP(
        _ octets: RawSpan, _ header: IPv4Header, into outbox: inout Outbox<SocketEvent>
    ) {
        guard let message = try? ICMPMessage(parsing: octets) else {
            discardedDatagrams += 1
            return
        }
        let rest = octets.extracting(8..<octets.byteCount)
        switch message.kind {
        case .echoRequest(let identifier, let sequence):
            let answer = ICMPMessage(.echoReply(identifier: identifier, sequence: sequence))
            let copy = [UInt8](copying: rest)
            reply(from: header.destination, to: header.source, .icmp) { answer.append(copy.span.bytes, to: &$0) }
        case .destinationUnreachable(let reason): receiveUnreachable(reason, rest, into: &outbox)
        case .echoReply, .timeExceeded, .other: break
        }
    }

    // The message quotes the header and eight octets of what could not be delivered: enough to find the connection, and
    // to see whether it sent that at all (RFC 5927 §4.1).
    private mutating func receiveUnreachable(
        _ reason: ICMPMessage.Unreachable, _ quoted: RawSpan, into outbox: inout Outbox<SocketEvent>
    ) {
        guard quoted.byteCount >= 28, quoted[octet: 0] == 0x45, quoted[octet: 9] == IPProtocol.tcp.rawValue else {
            return
        }
        let key = ConnectionKey(
            local: IPv4Address(rawValue: quoted.bigEndian32(at: 12)), localPort: quoted.bigEndian16(at: 20),
            remote: IPv4Address(rawValue: quoted.bigEndian32(at: 16)), remotePort: quoted.bigEndian16(at: 22))
        let sequence = SequenceNumber(rawValue: quoted.bigEndian32(at: 24))
        guard let slot = slot(between: key), entries[slot]?.connection.hasInFlight(sequence) == true else { return }
        entries[slot]?.connection.unreachable(isForGood: reason == .carriedProtocol || reason == .port)
        settle(slot, into: &outbox)
    }

    private mutating func receiveUDP(
        _ octets: RawSpan, _ header: IPv4Header, _ datagram: RawSpan, into outbox: inout Outbox<SocketEvent>
    ) {
        guard let udp = try? UDPHeader(parsing: octets, from: header.source, to: header.destination) else {
            discardedDatagrams += 1
            return
        }
        guard bound.contains(udp.destinationPort) else { return answerUnreachable(.port, to: header, datagram) }
        outbox.append(
            .datagram(port: udp.destinationPort, payload: [UInt8](copying: octets.extracting(8..<Int(udp.length)))))
    }

    // RFC 1122 §3.2.2: the header and at least eight octets are quoted.
    private mutating func answerUnreachable(
        _ reason: ICMPMessage.Unreachable, to header: IPv4Header, _ datagram: RawSpan
    ) {
        let quoted = [UInt8](
            copying: datagram.extracting(0..<min(Int(header.totalLength), header.headerLength + 8)))
        let message = ICMPMessage(.destinationUnreachable(reason))
        reply(from: header.destination, to: header.source, .icmp) { message.append(quoted.span.bytes, to: &$0) }
    }
}

extension Array where Element == UInt8 {
    fileprivate init(copying span: RawSpan) {
        self = []
        append(span)
    }
}

extension HostStack.Entry {
    /// Tells the application what is new.
    fileprivate mutating func tellNews(into outbox: inout Outbox<SocketEvent>) {
        let news = connection.takeNews()
        guard !news.isEmpty, !isForgotten else { return }
        if news.contains(.connected) {
            outbox.append(isAnnounced ? .connected(id) : .accepted(id, port: connection.localPort))
            isAnnounced = true
        }
        if news.contains(.readable) { outbox.append(.readable(id)) }
        if news.contains(.writable) { outbox.append(.writable(id)) }
        if news.contains(.peerClosed) { outbox.append(.peerClosed(id)) }
        if news.contains(.closed), isAnnounced, let reason = connection.closeReason {
            outbox.append(.closed(id, reason))
        }
    }
}
