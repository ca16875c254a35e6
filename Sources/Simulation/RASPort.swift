import PPP
import Telephony
import Timebase
import Wire

/// One port of the RAS while a call is up: both directions of the line, and the PPP link at either end.
///
/// The client host's end of the link lives here too, so that a host that is offline costs no memory for it.
struct RASPort: Sendable {
    /// Whose end of the link.
    enum End: Sendable { case server, client }
    /// What the modem at one end of a call is at.
    enum Modem: Hashable, Sendable {
        /// Off-hook, and as far as it knows there is a carrier.
        case online
        /// Off-hook without a carrier, or about to be hung up: on-hook at this instant.
        case ending(Instant)
        case onHook
    }

    /// A call that has its carrier.
    struct Call: Sendable {
        let client: Int
        let number: Int
        let interface: Int
        let carrier: Instant
        var toServer: Line
        var toClient: Line
        var inbound = FrameQueue()
        var outbound = FrameQueue()
        var serverLink: PPPLink
        var clientLink: PPPLink
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
        var serverModem = Modem.online
        var clientModem = Modem.online
        /// The client's address, while IP is up at the server's end.
        var peer: IPv4Address?
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
