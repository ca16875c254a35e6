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
        if hosts[host].stack.hasOutput() { sendDatagrams(of: host) }
        while let change = hosts[host].stack.nextChangedDeadline() { setAlarm(for: change, on: host) }
        deliverSocketEvents(to: host)
    }

    private mutating func sendDatagrams(of host: Int) {
        let end = host == 0 ? RASPort.End.server : .client
        var frame = takeBuffer()
        while true {
            PPPFrame.appendHeader(.ip, to: &frame)
            guard let destination = hosts[host].stack.nextDatagram(at: now, into: &frame) else { break }
            let port = host == 0 ? portByAddress[destination] : clients[host - 1].port
            if let port, let sending = ports[port].call?.sendDatagram(frame, from: end, at: now) {
                sent(frame, sending, on: port, from: end)
            } else {
                hosts[host].noRoute(to: destination, at: now)
            }
            frame.removeAll(keepingCapacity: true)
        }
        giveBack(&frame)
    }

    /// Sends a frame of a link.
    mutating func transmit(_ frame: [UInt8], on port: Int, from end: RASPort.End) {
        guard let sending = ports[port].call?.send(frame, from: end, at: now) else { return }
        sent(frame, sending, on: port, from: end)
    }

    // What the server sends into a dead line has left the RAS all the same.
    private mutating func sent(_ frame: [UInt8], _ sending: RASPort.Call.Sending, on port: Int, from end: RASPort.End) {
        switch sending {
        case .underWay: attend(port, sentFrom: end)
        case .lost(let interface): if end == .server { capture(frame, on: interface, .outbound) }
        }
    }

    /// Captures what goes out at the server's end now, and waits for what next happens to what an end has sent.
    private mutating func attend(_ port: Int, sentFrom end: RASPort.End) {
        guard end == .server else {
            return clock.set(ports[port].inboundAlarm, to: ports[port].call?.nextMoment(of: end))
        }
        while let departure = ports[port].call?.depart(at: now, appendingTo: &trace.octets) {
            counters.frames += 1
            trace.append(frameOf: departure.length, at: now, interface: departure.interface, .outbound)
        }
        clock.set(ports[port].outboundAlarm, to: ports[port].call?.nextMoment(of: end))
    }

    /// Something is due of what was sent to an end: a frame goes out, or one has arrived with its last bit. What the
    /// client sent is captured when it arrives.
    mutating func lineDeadline(port: Int, to end: RASPort.End) {
        var frame = takeBuffer()
        let arrival = ports[port].call?.arrive(at: end, now, into: &frame)
        attend(port, sentFrom: end.other)
        if let arrival {
            if end == .server { capture(frame, on: arrival.interface, .inbound) }
            receive(frame, on: port, end, host: end == .server ? 0 : arrival.client + 1)
        }
        giveBack(&frame)
    }

    private mutating func receive(_ frame: [UInt8], on port: Int, _ end: RASPort.End, host: Int) {
        let octets = frame.span.bytes
        guard let start = ports[port].call?.receive(octets, at: end, now, into: &linkActions) else {
            return performLinkActions(port: port, end)
        }
        hosts[host].receive(datagram: octets.extracting(start..<frame.count), at: now)
        deliverSocketEvents(to: host)
        pump(host)
    }

    private mutating func deliverSocketEvents(to host: Int) {
        while let event = hosts[host].events.next() { receive(event, host: host) }
    }

    private mutating func capture(_ frame: [UInt8], on interface: Int, _ direction: Trace.Direction) {
        counters.frames += 1
        trace.append(frame: frame, at: now, interface: interface, direction)
    }

    // MARK: TCP's timers

    private mutating func setAlarm(for change: HostStack.DeadlineChange, on host: Int) {
        let alarm = hosts[host].alarm(ofSlot: change.connection.slot, host: host, clock: &clock)
        // A run does not go on only to see old segments die out.
        clock.set(alarm, to: change.deadline, isBackground: change.isTimeWait)
    }

    mutating func connectionDeadline(host: Int, slot: Int) {
        guard let connection = hosts[host].stack.connection(inSlot: slot) else { return }
        hosts[host].deadlineReached(of: connection, at: now)
        deliverSocketEvents(to: host)
        pump(host)
    }
}
