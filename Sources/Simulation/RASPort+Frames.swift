import PPP
import Telephony
import Timebase
import Wire

/// Frames as they pass one call: the innermost part of the hot path.
///
/// Each of these is one step that changes the call where it lies. Asked piece by piece, an element of an array would be
/// copied for every question, with the links and queues in it.
extension RASPort.Call {
    /// A frame that has gone out.
    struct Departure {
        let interface: Int
        /// When the first frame on its way in this direction arrives.
        let nextArrival: Instant?
    }

    /// A frame that has come in.
    struct Arrival {
        let client: Int
        let interface: Int
        /// When the frame behind it arrives; nil when there is none.
        let next: Instant?
    }

    /// Sends a datagram, framed, from one end. Nil when IP is not up there.
    mutating func sendDatagram(_ frame: [UInt8], from end: RASPort.End, at now: Instant) -> Departure? {
        guard acceptsDatagrams(at: end) else { return nil }
        lastDatagram = now
        return send(frame, from: end, at: now)
    }

    /// Puts a frame on the line from one end. Its octets on the line are more than it has, by flags, FCS and escapes
    /// (RFC 1662 §4, §7): they are counted, not built, and the time is computed from the count. Without a carrier the
    /// frame is lost, though neither end has noticed yet.
    mutating func send(_ frame: [UInt8], from end: RASPort.End, at now: Instant) -> Departure {
        guard !isCut else { return Departure(interface: interface, nextArrival: nil) }
        let octets = frame.span.bytes
        switch end {
        case .server:
            let count = AsyncFraming.escapedOctetCount(of: octets, accm: serverLink.transmitACCM(for: octets))
            outbound.append(frame, arrival: toClient.send(octetCount: count, at: now).arrival)
            return Departure(interface: interface, nextArrival: outbound.nextArrival)
        case .client:
            let count = AsyncFraming.escapedOctetCount(of: octets, accm: clientLink.transmitACCM(for: octets))
            inbound.append(frame, arrival: toServer.send(octetCount: count, at: now).arrival)
            return Departure(interface: interface, nextArrival: inbound.nextArrival)
        }
    }

    /// Takes the first frame on its way to an end, replacing the contents of `frame`.
    mutating func takeArrival(at end: RASPort.End, into frame: inout [UInt8]) -> Arrival {
        switch end {
        case .server:
            inbound.takeFirst(into: &frame)
            return Arrival(client: client, interface: interface, next: inbound.nextArrival)
        case .client:
            outbound.takeFirst(into: &frame)
            return Arrival(client: client, interface: interface, next: outbound.nextArrival)
        }
    }

    /// A frame has come to an end: a datagram is the stack's, every other frame is the link's.
    /// - Returns: where the datagram begins; nil when the link has taken the frame.
    mutating func receive(
        _ frame: RawSpan, at end: RASPort.End, _ now: Instant, into outbox: inout Outbox<PPPLink.Action>
    ) -> Int? {
        if acceptsDatagrams(at: end), let header = try? PPPFrame(parsing: frame), header.carriedProtocol == .ip {
            lastDatagram = now
            return header.headerLength
        }
        switch end {
        case .server: serverLink.receive(frame, at: now, into: &outbox)
        case .client: clientLink.receive(frame, at: now, into: &outbox)
        }
        return nil
    }

    /// When the link at an end must next be told the time, if ever.
    mutating func linkDeadline(at end: RASPort.End) -> Instant? {
        end == .server ? serverLink.deadline : clientLink.deadline
    }

    private mutating func acceptsDatagrams(at end: RASPort.End) -> Bool {
        end == .server ? serverLink.acceptsDatagrams : clientLink.acceptsDatagrams
    }
}
