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
        /// Why the call broke off; nil when it was hung up in good order.
        var failure: String?
        /// Whether the user was refused, so that dialling again is of no use.
        var isRefused = false
        /// Whether the circuit is gone, noticed or not: nothing arrives any more.
        var isCut = false
        /// When the modem at the server's end notices that the carrier is gone.
        var serverDown: Instant?
        /// When the modem at the client's end notices it.
        var clientDown: Instant?
        var serverIsDown = false
        var clientIsDown = false
        /// The client's address, while IP is up at the server's end.
        var peer: IPv4Address?
    }

    var call: Call?
    let inboundAlarm: EventQueue.AlarmID
    let outboundAlarm: EventQueue.AlarmID
    let serverLinkAlarm: EventQueue.AlarmID
    let clientLinkAlarm: EventQueue.AlarmID
    let releaseAlarm: EventQueue.AlarmID
    let idleAlarm: EventQueue.AlarmID

    init(_ index: Int, clock: inout EventQueue) {
        inboundAlarm = clock.makeAlarm(.line, source: index, detail: 0)
        outboundAlarm = clock.makeAlarm(.line, source: index, detail: 1)
        serverLinkAlarm = clock.makeAlarm(.link, source: index, detail: 0)
        clientLinkAlarm = clock.makeAlarm(.link, source: index, detail: 1)
        releaseAlarm = clock.makeAlarm(.release, source: index)
        idleAlarm = clock.makeAlarm(.idle, source: index)
    }
}
