import PPP
import Telephony
import Timebase
import Wire

/// One end of a call that has its carrier: the PPP link there, the line away from it, and the modem between the two.
struct CallEnd: Sendable {
    /// What the modem is at.
    enum Modem: Hashable, Sendable {
        /// Off-hook, and as far as it knows there is a carrier.
        case online
        /// Off-hook without a carrier, or about to be hung up: on-hook at this instant.
        case ending(Instant)
        case onHook

        /// When it goes on-hook, if that is settled.
        var ends: Instant? {
            if case .ending(let instant) = self { instant } else { nil }
        }
    }

    var link: PPPLink
    /// The line to the other end.
    var line: Line
    /// What was sent from here and has not arrived.
    var sent = FrameQueue()
    var modem = Modem.online

    init(link: PPPLink, line: Line) {
        self.link = link
        self.line = line
    }

    // What follows is asked for every frame. All of it is mutating, so that the end is looked at where it lies: a
    // question would copy it first, with the link and the queue in it.

    /// Whether datagrams go straight to and from the stack here.
    mutating func acceptsDatagrams() -> Bool { link.acceptsDatagrams }

    /// Puts a frame on the line. Its octets there are more than it has, by flags, FCS and escapes (RFC 1662 §4, §7):
    /// they are counted, not built, and the time is computed from the count.
    mutating func send(_ frame: [UInt8], at now: Instant) {
        let octets = frame.span.bytes
        let count = AsyncFraming.escapedOctetCount(of: octets, accm: link.transmitACCM(for: octets))
        let (departure, arrival) = line.send(octetCount: count, at: now)
        sent.append(frame, departure: departure, arrival: arrival)
    }

    /// The first frame that waits goes out, if it is its time: its octets are added to some others.
    /// - Returns: how many octets it has.
    mutating func depart(at now: Instant, appendingTo octets: inout [UInt8]) -> Int? {
        guard let due = sent.nextDeparture, due <= now else { return nil }
        return sent.depart(appendingTo: &octets)
    }

    /// Takes the first frame that was sent from here, if it has arrived, replacing the contents of `frame`.
    mutating func takeArrived(at now: Instant, into frame: inout [UInt8]) -> Bool {
        guard let due = sent.nextArrival, due <= now else { return false }
        sent.takeFirst(into: &frame)
        return true
    }

    /// When a frame next goes out or arrives.
    mutating func nextMoment() -> Instant? {
        guard let arrival = sent.nextArrival, let departure = sent.nextDeparture else { return sent.nextArrival }
        return min(departure, arrival)
    }

    /// When a frame next arrives.
    mutating func nextArrival() -> Instant? { sent.nextArrival }
}
