import PPP
import Timebase
import Wire

/// Frames as they pass one call: the innermost part of the hot path.
///
/// Each of these is one step that changes the call where it lies. Asked piece by piece, an element of an array would be
/// copied for every question, with the links and queues in it.
extension RASPort.Call {
    /// What became of a frame that was sent.
    enum Sending {
        /// It waits for the line or is on it.
        case underWay
        /// There is no carrier any more, though neither end has noticed yet.
        case lost(interface: Int)
    }

    /// A frame that goes out at the server's end.
    struct Departure {
        let interface: Int
        /// How many octets it has.
        let length: Int
    }

    /// A frame that has come in.
    struct Arrival {
        let client: Int
        let interface: Int
    }

    /// Sends a datagram, framed, from one end. Nil when IP is not up there.
    mutating func sendDatagram(_ frame: [UInt8], from end: RASPort.End, at now: Instant) -> Sending? {
        guard self[end].acceptsDatagrams() else { return nil }
        lastDatagram = now
        return send(frame, from: end, at: now)
    }

    /// Sends a frame from one end.
    mutating func send(_ frame: [UInt8], from end: RASPort.End, at now: Instant) -> Sending {
        guard !isCut else { return .lost(interface: interface) }
        self[end].send(frame, at: now)
        return .underWay
    }

    /// The first frame that waits at the server's end goes out, if it is its time: its octets are added to some others.
    mutating func depart(at now: Instant, appendingTo octets: inout [UInt8]) -> Departure? {
        self[.server].depart(at: now, appendingTo: &octets).map { Departure(interface: interface, length: $0) }
    }

    /// Takes the first frame on its way to an end, if it is there, replacing the contents of `frame`.
    mutating func arrive(at end: RASPort.End, _ now: Instant, into frame: inout [UInt8]) -> Arrival? {
        self[end.other].takeArrived(at: now, into: &frame) ? Arrival(client: client, interface: interface) : nil
    }

    /// When something next happens to what an end has sent: a frame goes out, which matters at the server's end alone,
    /// or arrives at the other end.
    mutating func nextMoment(of end: RASPort.End) -> Instant? {
        end == .server ? self[end].nextMoment() : self[end].nextArrival()
    }

    /// A frame has come to an end: a datagram is the stack's, every other frame is the link's.
    /// - Returns: where the datagram begins; nil when the link has taken the frame.
    mutating func receive(
        _ frame: RawSpan, at end: RASPort.End, _ now: Instant, into outbox: inout Outbox<PPPLink.Action>
    ) -> Int? {
        if self[end].acceptsDatagrams(), let header = try? PPPFrame(parsing: frame), header.carriedProtocol == .ip {
            lastDatagram = now
            return header.headerLength
        }
        self[end].link.receive(frame, at: now, into: &outbox)
        return nil
    }

    /// When the link at an end must next be told the time, if ever.
    mutating func linkDeadline(at end: RASPort.End) -> Instant? { self[end].link.deadline }
}
