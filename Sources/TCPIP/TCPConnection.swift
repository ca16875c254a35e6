public import Timebase
public import Wire

/// One end of a TCP connection (RFC 9293).
///
/// The connection owns its buffers and timers and no socket. Tell it what arrived and when; pull segments until it has
/// none; wake it no later than its ``deadline``; take its ``news``.
///
/// Retransmission follows RFC 6298, congestion control RFC 5681 with NewReno (RFC 6582), blind resets are met as RFC
/// 5961 asks. Not here: SACK, timestamps, window scaling, urgent data (its pointer is skipped, the octets stay in
/// place).
public struct TCPConnection: Sendable {
    /// The states of RFC 9293 §3.3.2.
    public enum State: String, CaseIterable, Hashable, Sendable {
        /// No connection.
        case closed
        /// Waiting for a SYN.
        case listen
        /// A SYN was sent.
        case synSent
        /// A SYN was received and answered.
        case synReceived
        /// Data flows both ways.
        case established
        /// We have closed; our FIN is not acknowledged.
        case finWait1
        /// Our FIN is acknowledged; the peer may still send.
        case finWait2
        /// The peer has closed; we may still send.
        case closeWait
        /// Both have closed; our FIN is not acknowledged.
        case closing
        /// The peer had closed, then we did; our FIN is not acknowledged.
        case lastAck
        /// All is done; old segments die out.
        case timeWait
    }

    /// What an application wants to hear of.
    public struct News: OptionSet, Hashable, Sendable {
        /// The bits.
        public let rawValue: UInt8
        /// The news of these bits.
        public init(rawValue: UInt8) { self.rawValue = rawValue }
        /// The connection is established.
        public static let connected = News(rawValue: 1)
        /// There are octets to read.
        public static let readable = News(rawValue: 2)
        /// There is room again to write, after there had been none.
        public static let writable = News(rawValue: 4)
        /// The peer will send no more.
        public static let peerClosed = News(rawValue: 8)
        /// Nothing more will come or go; see ``TCPConnection/closeReason``.
        public static let closed = News(rawValue: 16)
    }

    /// A segment to send: its header and where its data lies in the send buffer.
    public struct Outgoing: Sendable {
        /// The header, complete but for its checksum.
        public var header: TCPHeader
        let offset: Int
        let count: Int
    }

    /// What is counted, for tests and reports.
    public struct Counters: Hashable, Sendable {
        /// Segments sent again.
        public internal(set) var retransmissions = 0
        /// Time-outs of the retransmission timer.
        public internal(set) var timeouts = 0
        /// Duplicate acknowledgments received.
        public internal(set) var duplicateAcknowledgments = 0
    }

    /// The state.
    public internal(set) var state: State
    /// Why it is closed; nil while it is not.
    public internal(set) var closeReason: CloseReason?
    /// What has happened so far.
    public internal(set) var counters = Counters()

    let configuration: TCPConfiguration
    let localPort: UInt16
    let remotePort: UInt16

    // Send sequence space (RFC 9293 §3.3.1): what is unacknowledged, next, and beyond everything ever sent.
    let initialSend: SequenceNumber
    var unacknowledged: SequenceNumber
    var next: SequenceNumber
    var highest: SequenceNumber
    var peerWindow = 0
    var largestPeerWindow = 0
    var windowUpdateSequence = SequenceNumber(rawValue: 0)
    var windowUpdateAcknowledgment = SequenceNumber(rawValue: 0)
    var peerSegmentSize: Int
    /// Sequence number of the first octet in the send buffer.
    var bufferStart: SequenceNumber
    var sendBuffer = OctetRing()
    var isFinQueued = false
    var wantsRoom = false

    // Receive sequence space.
    var initialReceive = SequenceNumber(rawValue: 0)
    var expected = SequenceNumber(rawValue: 0)
    /// The right edge of the window last offered.
    var offeredEdge = SequenceNumber(rawValue: 0)
    var receiveBuffer = OctetRing()
    var reassembly = Reassembly()
    /// Where the peer's FIN stands, when it came before its turn.
    var earlyFin: SequenceNumber?
    var peerHasClosed = false

    // What is to be sent besides data.
    var owesAcknowledgment = false
    var pendingReset: TCPHeader?
    var retransmitsFirst = false
    var probesWindow = false

    // Timers.
    var roundTrip: RoundTripTimer
    var congestion: CongestionControl
    var timedSegment: (end: SequenceNumber, sent: Instant)?
    var retransmitAt: Instant?
    var retransmitCount = 0
    var persistAt: Instant?
    var persistCount = 0
    var unansweredProbes = 0
    var acknowledgeAt: Instant?
    /// Segments received in order since the last acknowledgment.
    var unacknowledgedReceived = 0
    var expireAt: Instant?
    var lastSent: Instant?
    /// Whether ICMP has spoken since the last news of the peer.
    var isUnreachable = false
    var newsSoFar: News = []

    /// An end that neither waits nor has sent anything.
    /// - Parameters:
    ///   - localPort: our port.
    ///   - remotePort: the peer's port.
    ///   - initialSequence: the number of our SYN (RFC 9293 §3.4.1).
    ///   - configuration: how this host's TCP is set.
    ///   - isPassive: whether it waits for a SYN.
    init(
        localPort: UInt16, remotePort: UInt16, initialSequence: SequenceNumber, configuration: TCPConfiguration,
        isPassive: Bool
    ) {
        self.localPort = localPort
        self.remotePort = remotePort
        self.configuration = configuration
        state = isPassive ? .listen : .closed
        initialSend = initialSequence
        unacknowledged = initialSequence
        next = initialSequence
        highest = initialSequence
        bufferStart = initialSequence + 1
        // RFC 9293 §3.7.1, MUST-15: a peer that does not say takes 536.
        peerSegmentSize = 536
        roundTrip = RoundTripTimer(configuration)
        congestion = CongestionControl(
            segmentSize: configuration.maximumSegmentSize, initialSegments: configuration.initialWindowSegments)
    }

    // MARK: What is asked

    /// Opens the connection: a SYN goes out (RFC 9293 §3.10.1).
    mutating func open() {
        precondition(state == .closed && closeReason == nil, "a connection is opened once")
        state = .synSent
    }

    /// Takes octets to send, as many as there is room for.
    /// - Returns: how many were taken.
    public mutating func write(_ octets: RawSpan) -> Int {
        let count = min(octets.byteCount, room)
        if count == room { wantsRoom = true }
        if count > 0 { sendBuffer.append(octets.extracting(0..<count)) }
        return count
    }

    /// Hands over what has been received, and opens the window again.
    /// - Parameter octets: where it is appended.
    public mutating func read(into octets: inout [UInt8]) {
        receiveBuffer.copy(from: 0, count: receiveBuffer.count, to: &octets)
        receiveBuffer.drop(receiveBuffer.count)
        offerWindowIfWorthwhile()
    }

    /// No more octets will be written: a FIN follows the last of them (RFC 9293 §3.10.4).
    public mutating func close(at now: Instant) {
        switch state {
        case .closed, .listen, .synSent: finish(.normal)
        // The FIN waits until our SYN is acknowledged.
        case .synReceived: isFinQueued = true
        case .established:
            state = .finWait1
            isFinQueued = true
        case .closeWait:
            state = .lastAck
            isFinQueued = true
        case .finWait1, .finWait2, .closing, .lastAck, .timeWait: break
        }
    }

    /// Gives up at once: the peer gets a reset (RFC 9293 §3.10.5).
    public mutating func abort() {
        switch state {
        case .synReceived, .established, .finWait1, .finWait2, .closeWait:
            pendingReset = header([.rst, .ack], at: highest)
        case .closed, .listen, .synSent, .closing, .lastAck, .timeWait: break
        }
        finish(.aborted)
    }

    // MARK: What can be known

    /// How many octets ``write(_:)`` would take.
    public var room: Int {
        switch state {
        case .established, .closeWait, .synSent, .synReceived:
            isFinQueued ? 0 : max(0, configuration.sendBuffer - sendBuffer.count)
        default: 0
        }
    }

    /// Octets received and not yet read.
    public var readableCount: Int { receiveBuffer.count }

    /// When the connection must next be told the time, if ever.
    public var deadline: Instant? {
        var earliest: Int64 = .max
        if let retransmitAt { earliest = min(earliest, retransmitAt.nanoseconds) }
        if let persistAt { earliest = min(earliest, persistAt.nanoseconds) }
        if let acknowledgeAt { earliest = min(earliest, acknowledgeAt.nanoseconds) }
        if let expireAt { earliest = min(earliest, expireAt.nanoseconds) }
        return earliest == .max ? nil : Instant(nanoseconds: earliest)
    }

    /// What has happened since this was last called.
    mutating func takeNews() -> News {
        let news = newsSoFar
        newsSoFar = []
        return news
    }

    // MARK: What all parts use

    /// Octets on their way, SYN and FIN included.
    var inFlight: Int { next - unacknowledged }

    /// The largest segment to send.
    var segmentSize: Int { min(peerSegmentSize, configuration.maximumSegmentSize) }

    /// Where the FIN stands in the sequence space.
    var finSequence: SequenceNumber { bufferStart + sendBuffer.count }

    /// How much the peer may send now. The edge once offered is never taken back (RFC 9293 §3.8.6.2.2, SHLD-14).
    var receiveWindow: Int { max(0, min(configuration.receiveWindow, 65_535) - receiveBuffer.count) }

    func header(_ flags: TCPHeader.Flags, at sequence: SequenceNumber) -> TCPHeader {
        TCPHeader(
            sourcePort: localPort, destinationPort: remotePort, sequence: sequence, acknowledgment: expected,
            flags: flags, window: UInt16(max(0, min(65_535, offeredEdge - expected))))
    }

    /// The connection is over for its application.
    mutating func finish(_ reason: CloseReason) {
        state = .closed
        tellClosed(reason)
        stopTimers()
        sendBuffer.reset()
        receiveBuffer.reset()
        reassembly = Reassembly()
    }

    mutating func tellClosed(_ reason: CloseReason) {
        guard closeReason == nil else { return }
        closeReason = reason
        newsSoFar.insert(.closed)
    }

    mutating func stopTimers() {
        retransmitAt = nil
        persistAt = nil
        acknowledgeAt = nil
        expireAt = nil
        owesAcknowledgment = false
        retransmitsFirst = false
        probesWindow = false
    }

    mutating func enterTimeWait(at now: Instant) {
        state = .timeWait
        retransmitAt = nil
        persistAt = nil
        expireAt = now + configuration.timeWait
        tellClosed(.normal)
        sendBuffer.reset()
    }

    // SWS avoidance of the receiver (RFC 9293 §3.8.6.2.2): the window opens by a segment or half the buffer at least.
    private mutating func offerWindowIfWorthwhile() {
        let gain = (expected + receiveWindow) - offeredEdge
        guard gain >= min(2 * segmentSize, configuration.receiveWindow / 2), !peerHasClosed else { return }
        // A full window's worth of news; the acknowledgments of arriving data carry the rest.
        if offeredEdge - expected < min(2 * segmentSize, configuration.receiveWindow / 2) { owesAcknowledgment = true }
    }
}
