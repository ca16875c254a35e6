import Timebase
import Wire

/// One port of the RAS and the call on it: both ends of it, and what is known of it as a whole.
///
/// The client host's end lives here too, so that a host that is offline costs no memory for it.
struct RASPort: Sendable {
    /// Whose end of a call.
    enum End: Int, Sendable {
        case server, client

        var other: End { self == .server ? .client : .server }
    }

    /// A call that has its carrier.
    struct Call: Sendable {
        let client: Int
        let number: Int
        let interface: Int
        let carrier: Instant
        // Inline, so that an end is read and changed where it lies.
        private var ends: [2 of CallEnd]
        /// When a datagram last passed, for the idle timers.
        var lastDatagram: Instant
        /// Why the server closed the link, when it did so of its own accord.
        var serverCloses: String?
        /// Whether the user was refused, so that dialling again is of no use.
        var isRefused = false
        /// Whether the circuit failed, rather than that somebody hung up.
        var circuitFailed = false
        /// Whether the carrier is gone, noticed or not: nothing arrives any more.
        var isCut = false
        /// The address for a caller without one of its own.
        var lentAddress: IPv4Address?
        /// The client's address, while IP is up at the server's end.
        var peer: IPv4Address?

        init(client: Int, number: Int, server: CallEnd, caller: CallEnd, carrier: Instant) {
            self.client = client
            self.number = number
            // Interfaces count from zero, calls from one.
            interface = number - 1
            ends = [server, caller]
            self.carrier = carrier
            lastDatagram = carrier
        }

        /// One of its ends: changed where it lies, and copied to be read. A coroutine that lends it for reading makes a
        /// copy too, and `call?[end].link.finishReason != nil` looked at that copy when its memory was given back
        /// already (Swift 6.3.1).
        subscript(end: End) -> CallEnd {
            get { ends[end.rawValue] }
            @inline(__always) _modify { yield &ends[end.rawValue] }
        }
    }

    /// The number of the hunt group that it belongs to.
    let number: String
    var call: Call?
    let inboundAlarm: EventQueue.AlarmID
    let outboundAlarm: EventQueue.AlarmID
    let serverLinkAlarm: EventQueue.AlarmID
    let clientLinkAlarm: EventQueue.AlarmID
    let releaseAlarm: EventQueue.AlarmID
    let idleAlarm: EventQueue.AlarmID

    init(_ index: Int, of number: String, clock: inout EventQueue) {
        self.number = number
        inboundAlarm = clock.makeAlarm(.line, source: index, detail: 0)
        outboundAlarm = clock.makeAlarm(.line, source: index, detail: 1)
        serverLinkAlarm = clock.makeAlarm(.link, source: index, detail: 0)
        clientLinkAlarm = clock.makeAlarm(.link, source: index, detail: 1)
        releaseAlarm = clock.makeAlarm(.release, source: index)
        idleAlarm = clock.makeAlarm(.idle, source: index)
    }
}
