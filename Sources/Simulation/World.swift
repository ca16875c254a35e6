import Events
import MailHost
import MailQueue
import PPP
import Registry
import SMTP
import TCPIP
import Telephony
public import Timebase
public import Wire

/// A simulated telephone network with the hosts on it.
///
/// The world is a machine like those it is made of: run it, take ``trace`` and mail, run it on. It moves from wakeup to
/// wakeup on a virtual clock, and two worlds of one plan do the same to the octet.
///
///     wakeup → line → PPP → IP → TCP → SMTP → TCP → IP → PPP → line → wakeup
///
/// This way is the hot path: no allocation per packet once warm, no closure, no existential.
public struct World: Sendable {
    static let smtpPort: UInt16 = 25
    /// On-Demand Mail Relay (RFC 2645 §4).
    static let relayPort: UInt16 = 366
    /// Finger (RFC 1288 §2.1).
    static let fingerPort: UInt16 = 79
    /// What events call the server host.
    static let serverName = "server"

    /// What has happened since the trace was last emptied.
    public var trace = Trace()
    /// The mail that client hosts have received since this was last emptied.
    public var received = ReceivedMail()
    /// The virtual time: when the wakeup under way came due.
    public private(set) var now = Instant.beginning
    /// Figures of the machinery.
    public internal(set) var counters = Counters()

    /// The names of all addresses.
    public let names: [(address: IPv4Address, name: String)]
    /// How many calls have their carrier now.
    public internal(set) var openCalls = 0

    let begins: CalendarDate
    let end: Instant
    let seed: UInt64
    let exchangeConfiguration: ExchangeConfiguration
    let rasModem: ModemProfile
    let rasAnswers: Bool
    let idleDisconnect: Interval?
    let serverLinkConfiguration: PPPConfiguration
    let digest: @Sendable ([UInt8]) -> [UInt8]

    var clock = EventQueue()
    var exchange = Exchange()
    /// The server host first, then the client hosts in the order of the plan.
    var hosts = Row<Host>()
    var server: ServerHost
    var clients = Row<ClientHost>()
    var ports = Row<RASPort>()
    var conversations = Slab<Conversation>()
    var mail: [MailArrival] = []
    /// For the challenges of AUTH.
    var challengeLuck: RandomStream
    /// For what a crash leaves of what was being written.
    var crashLuck: RandomStream
    /// How often the server host was started again.
    var starts = 0
    /// For callers without an address of their own.
    var pool: AddressPool?
    var script: Script
    let mailAlarm: EventQueue.AlarmID
    /// Whose mail a domain's is, and on which port an address is; looked up, never walked.
    var clientByDomain: [Domain: Int] = [:]
    var portByAddress: [IPv4Address: Int] = [:]

    var serverActions = Outbox<SMTPServerSession.Action>()
    var clientActions = Outbox<SMTPClientSession.Action>()
    var linkActions = Outbox<PPPLink.Action>()
    private var spareBuffers: [[UInt8]] = []

    /// What the machinery has done.
    public struct Counters: Sendable {
        /// Frames that passed the RAS, both ways.
        public internal(set) var frames = 0
        /// Wakeups taken from the event queue.
        public internal(set) var wakeups = 0
        /// Events emitted.
        public internal(set) var events = 0
        /// Calls that got their carrier.
        public internal(set) var calls = 0
    }

    /// How many messages the server host still holds.
    public var heldMessages: Int { server.mail.queue.count }

    /// Runs until so many octets of trace are waiting, or to the end.
    /// - Parameter traceOctets: how much trace to let grow before returning.
    /// - Returns: whether the run goes on.
    public mutating func run(untilTraceHolds traceOctets: Int) -> Bool {
        while trace.octets.count < traceOctets && trace.entries.count < traceOctets / 32 {
            guard let wakeup = clock.next(before: end) else { return false }
            now = clock.now
            counters.wakeups += 1
            wake(wakeup)
        }
        return true
    }

    private mutating func wake(_ wakeup: EventQueue.Wakeup) {
        switch wakeup.kind {
        case .line: lineDeadline(port: wakeup.source, to: wakeup.detail == 0 ? .server : .client)
        case .connection: connectionDeadline(host: wakeup.source, slot: wakeup.detail)
        case .link: linkDeadline(port: wakeup.source, wakeup.detail == 0 ? .server : .client)
        case .session: sessionDeadline(wakeup.detail)
        case .call: callDeadline(client: wakeup.source)
        case .release: releaseDeadline(port: wakeup.source)
        case .idle: idleDeadline(port: wakeup.source)
        case .mailHost: mailDeadline()
        case .mail: mailArrives(wakeup.source)
        case .script: occur(wakeup.source)
        case .agent: agentDeadline(client: wakeup.source, of: ClientHost.Agent(rawValue: wakeup.detail))
        }
    }

    /// Says that something happened; the script may act on it.
    mutating func emit(_ happening: Happening, host: Int) {
        let event = Event(at: now, host: hosts[host].name, happening: happening)
        trace.append(event)
        counters.events += 1
        for index in script.receive(event) { schedule(occurrence: index) }
    }

    /// Says that something happened to the host whose mail a domain's is.
    mutating func emit(_ happening: Happening, of domain: Domain) {
        emit(happening, host: clientByDomain[domain].map { $0 + 1 } ?? 0)
    }

    mutating func schedule(occurrence index: Int) {
        let alarm = script.occurrences[index].alarm ?? clock.makeAlarm(.script, source: index)
        script.occurrences[index].alarm = alarm
        clock.set(alarm, to: script.occurrences[index].at)
    }

    private mutating func occur(_ index: Int) {
        if let interval = script.occurrences[index].every {
            script.occurrences[index].at += interval
            schedule(occurrence: index)
        }
        carryOut(script.occurrences[index].deed)
    }

    /// A buffer to work in; giving it back saves the next allocation.
    mutating func takeBuffer() -> [UInt8] { spareBuffers.popLast() ?? [] }

    // In and out, so that nobody else holds the buffer while it is emptied: it would be copied.
    mutating func giveBack(_ buffer: inout [UInt8]) {
        guard buffer.capacity > 0 else { return }
        if !buffer.isEmpty { buffer.removeAll(keepingCapacity: true) }
        spareBuffers.append(buffer)
        buffer = []
    }
}

/// Mail that is still to come, of one line of the plan.
struct MailArrival: Sendable {
    let plan: MailPlan
    let correspondence: Correspondence
    /// With a recipient in each of the other domains, too; all messages share its lists.
    let envelope: Envelope
    let alarm: EventQueue.AlarmID
    var stream: RandomStream
    var arrived = 0
}
