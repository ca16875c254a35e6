import PPP
import TCPIP
import Telephony
import Timebase
import Wire

/// Frames on the lines: the hot path of every run.
///
/// A frame is kept as address, control, protocol and packet. Its octets on the line are more, by flags, FCS and
/// escapes; they are counted, not built, and the line's time is computed from the count.
extension World {
    /// Sends what a host's stack has ready, each datagram to the line where its destination is.
    mutating func pump(_ host: Int) {
        var frame = takeBuffer()
        while true {
            frame.removeAll(keepingCapacity: true)
            PPPFrame.appendHeader(.ip, to: &frame)
            guard let destination = hosts[host].stack.nextDatagram(at: now, into: &frame) else { break }
            let port = host == 0 ? portByAddress[destination] : clients[host - 1].port
            guard let port, ports[port].acceptsDatagrams(host == 0 ? .server : .client) else {
                hosts[host].noRoute(to: destination, at: now)
                continue
            }
            ports[port].call?.lastDatagram = now
            transmit(frame, on: port, host == 0 ? .toClient : .toServer)
        }
        giveBack(frame)
        while let connection = hosts[host].stack.nextChangedDeadline() { setAlarm(of: connection, on: host) }
        deliverSocketEvents(to: host)
    }

    /// Puts a frame on the line. What the server sends is captured here, as it leaves the RAS.
    mutating func transmit(_ frame: [UInt8], on port: Int, _ way: RASPort.Way) {
        guard ports[port].call != nil else { return }
        let octets = ports[port].lineOctets(of: frame, way)
        switch way {
        case .toClient:
            capture(frame, on: port, .outbound)
            guard let sent = ports[port].call?.toClient.send(octetCount: octets, at: now) else { return }
            ports[port].call?.outbound.append(frame, arrival: sent.arrival)
            clock.set(ports[port].outboundAlarm, to: ports[port].call?.outbound.nextArrival)
        case .toServer:
            guard let sent = ports[port].call?.toServer.send(octetCount: octets, at: now) else { return }
            ports[port].call?.inbound.append(frame, arrival: sent.arrival)
            clock.set(ports[port].inboundAlarm, to: ports[port].call?.inbound.nextArrival)
        }
    }

    /// The first frame on its way has arrived with its last bit. What the client sent is captured here.
    mutating func lineDelivers(port: Int, _ way: RASPort.Way) {
        guard let client = ports[port].call?.client else { return }
        var frame = takeBuffer()
        switch way {
        case .toServer:
            ports[port].call?.inbound.takeFirst(into: &frame)
            clock.set(ports[port].inboundAlarm, to: ports[port].call?.inbound.nextArrival)
            capture(frame, on: port, .inbound)
            receive(frame, on: port, .server, host: 0)
        case .toClient:
            ports[port].call?.outbound.takeFirst(into: &frame)
            clock.set(ports[port].outboundAlarm, to: ports[port].call?.outbound.nextArrival)
            receive(frame, on: port, .client, host: client + 1)
        }
        giveBack(frame)
    }

    private mutating func receive(_ frame: [UInt8], on port: Int, _ end: RASPort.End, host: Int) {
        guard let header = try? PPPFrame(parsing: frame.span.bytes) else { return }
        guard header.carriedProtocol == .ip, ports[port].acceptsDatagrams(end) else {
            switch end {
            case .server: ports[port].call?.serverLink.receive(frame.span.bytes, at: now, into: &linkActions)
            case .client: ports[port].call?.clientLink.receive(frame.span.bytes, at: now, into: &linkActions)
            }
            return performLinkActions(port: port, end)
        }
        ports[port].call?.lastDatagram = now
        let datagram = frame.span.bytes.extracting(header.headerLength..<frame.count)
        hosts[host].receive(datagram: datagram, at: now)
        deliverSocketEvents(to: host)
        pump(host)
    }

    private mutating func deliverSocketEvents(to host: Int) {
        while let event = hosts[host].events.next() { receive(event, host: host) }
    }

    private mutating func capture(_ frame: [UInt8], on port: Int, _ direction: Trace.Direction) {
        guard let interface = ports[port].call?.interface else { return }
        counters.frames += 1
        trace.append(frame: frame, at: now, interface: interface, direction)
    }

    // MARK: TCP's timers

    private mutating func setAlarm(of connection: ConnectionID, on host: Int) {
        while hosts[host].alarms.count <= connection.slot {
            let slot = hosts[host].alarms.count
            hosts[host].alarms.append(clock.makeAlarm(.connection, source: host, detail: slot))
        }
        clock.set(hosts[host].alarms[connection.slot], to: hosts[host].stack.deadline(of: connection))
    }

    mutating func connectionDeadline(host: Int, slot: Int) {
        guard let connection = hosts[host].stack.connection(inSlot: slot) else { return }
        hosts[host].deadlineReached(of: connection, at: now)
        deliverSocketEvents(to: host)
        pump(host)
    }
}

extension RASPort {
    /// How many octets a frame is on the line: with flag, FCS and escapes by the peer's ACCM (RFC 1662 §4, §7).
    func lineOctets(of frame: [UInt8], _ way: Way) -> Int {
        let octets = frame.span.bytes
        let map =
            way == .toClient ? call?.serverLink.transmitACCM(for: octets) : call?.clientLink.transmitACCM(for: octets)
        return AsyncFraming.escapedOctetCount(of: octets, accm: map ?? AsyncFraming.defaultMap)
    }

    /// Whether IP datagrams go straight to the stack at this end.
    func acceptsDatagrams(_ end: End) -> Bool {
        switch end {
        case .server: call?.serverLink.acceptsDatagrams ?? false
        case .client: call?.clientLink.acceptsDatagrams ?? false
        }
    }
}
