import PPP
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
        /// When the first frame on its way in this direction arrives; nil when it is lost.
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
        guard self[end].link.acceptsDatagrams else { return nil }
        lastDatagram = now
        return send(frame, from: end, at: now)
    }

    /// Puts a frame on the line from one end. Without a carrier it is lost, though neither end has noticed yet.
    mutating func send(_ frame: [UInt8], from end: RASPort.End, at now: Instant) -> Departure {
        guard !isCut else { return Departure(interface: interface, nextArrival: nil) }
        self[end].send(frame, at: now)
        return Departure(interface: interface, nextArrival: self[end].sent.nextArrival)
    }

    /// Takes the first frame on its way to an end, replacing the contents of `frame`.
    mutating func takeArrival(at end: RASPort.End, into frame: inout [UInt8]) -> Arrival {
        self[end.other].sent.takeFirst(into: &frame)
        return Arrival(client: client, interface: interface, next: self[end.other].sent.nextArrival)
    }

    /// A frame has come to an end: a datagram is the stack's, every other frame is the link's.
    /// - Returns: where the datagram begins; nil when the link has taken the frame.
    mutating func receive(
        _ frame: RawSpan, at end: RASPort.End, _ now: Instant, into outbox: inout Outbox<PPPLink.Action>
    ) -> Int? {
        if self[end].link.acceptsDatagrams, let header = try? PPPFrame(parsing: frame), header.carriedProtocol == .ip {
            lastDatagram = now
            return header.headerLength
        }
        self[end].link.receive(frame, at: now, into: &outbox)
        return nil
    }

    /// When the link at an end must next be told the time, if ever.
    mutating func linkDeadline(at end: RASPort.End) -> Instant? { self[end].link.deadline }
}
