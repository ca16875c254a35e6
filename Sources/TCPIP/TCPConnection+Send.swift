public import Timebase
import Wire

/// What goes out (RFC 9293 §3.8; hot path).
extension TCPConnection {
    /// The next segment to send. Call until nil.
    public mutating func nextSegment(at now: Instant) -> Outgoing? {
        if let reset = pendingReset {
            pendingReset = nil
            return Outgoing(header: reset, offset: 0, count: 0)
        }
        switch state {
        case .closed, .listen: return nil
        case .synSent, .synReceived: return synSegment(at: now)
        case .finWait2, .timeWait: return acknowledgment()
        case .established, .finWait1, .closeWait, .closing, .lastAck:
            return dataSegment(at: now) ?? acknowledgment()
        }
    }

    /// Appends a segment's data.
    func appendPayload(of segment: Outgoing, to frame: inout [UInt8]) {
        if segment.count > 0 { sendBuffer.copy(from: segment.offset, count: segment.count, to: &frame) }
    }

    private mutating func synSegment(at now: Instant) -> Outgoing? {
        guard next == initialSend else { return acknowledgment() }
        next = initialSend + 1
        let isFirst = highest == initialSend
        highest = next
        if !isFirst { counters.retransmissions += 1 }
        timedSegment = isFirst ? (next, now) : nil
        startRetransmissionTimer(at: now)
        settleAcknowledgment()
        offeredEdge = expected + receiveWindow
        let isFirstSyn = state == .synSent
        let header = TCPHeader(
            sourcePort: localPort, destinationPort: remotePort, sequence: initialSend,
            acknowledgment: isFirstSyn ? SequenceNumber(rawValue: 0) : expected,
            flags: isFirstSyn ? .syn : [.syn, .ack], window: UInt16(receiveWindow),
            maximumSegmentSize: UInt16(min(configuration.maximumSegmentSize, 65_495)))
        return Outgoing(header: header, offset: 0, count: 0)
    }

    private mutating func acknowledgment() -> Outgoing? {
        guard owesAcknowledgment else { return nil }
        settleAcknowledgment()
        offerWindow()
        // RFC 9293 has SND.NXT here, which a time-out does not take back. What only probed a closed window does not
        // count: the peer has not taken it, and would refuse a number beyond it.
        return Outgoing(header: header(.ack, at: persistAt == nil ? highest : next), offset: 0, count: 0)
    }

    /// Everything that goes out carries the newest acknowledgment, so none is owed any more.
    private mutating func settleAcknowledgment() {
        owesAcknowledgment = false
        acknowledgeAt = nil
        unacknowledgedReceived = 0
    }

    // The edge moves right only, and only by enough to be worth it (RFC 9293 §3.8.6.2.2).
    private mutating func offerWindow() {
        let edge = expected + receiveWindow
        let gain = edge - offeredEdge
        if gain >= min(segmentSize, configuration.receiveWindow / 2) || offeredEdge.isBefore(expected) {
            offeredEdge = edge
        }
    }

    // MARK: Data

    private mutating func dataSegment(at now: Instant) -> Outgoing? {
        restartAfterIdle(at: now)
        if retransmitsFirst {
            retransmitsFirst = false
            return firstSegmentAgain(at: now)
        }
        let isOverdue = probesWindow
        probesWindow = false
        if isOverdue, peerWindow == 0 { return windowProbe(at: now) }
        // Beyond the data stands the FIN; what was sent of it is sent.
        let offset = next - bufferStart
        guard offset <= sendBuffer.count else { return nil }
        let unsent = sendBuffer.count - offset
        let allowed = max(0, min(congestionAllowance, peerWindow) - inFlight)
        let count = min(unsent, segmentSize, allowed)
        // The FIN has a number too, and needs room in the window for it.
        let finishes = isFinQueued && count == unsent && inFlight + count < peerWindow
        guard isOverdue || !mayWait(count, of: unsent, finishes), count > 0 || finishes else {
            startPersistTimerIfStuck(unsent: unsent, at: now)
            return nil
        }
        return segment(offset: offset, count: count, withFin: finishes, at: now)
    }

    // Limited transmit (RFC 3042): the first two duplicates let one new segment out each, and nothing that was sent.
    private var congestionAllowance: Int {
        let extra = congestion.isRecovering || next != highest ? 0 : min(congestion.duplicates, 2) * segmentSize
        return congestion.window + extra
    }

    /// Nagle and the sender's SWS avoidance (RFC 9293 §3.7.4, §3.8.6.2.1): whether a segment is better kept back.
    private func mayWait(_ count: Int, of unsent: Int, _ finishes: Bool) -> Bool {
        // What went out before goes out again as it is.
        if count >= segmentSize || finishes || !(next + count).isAfter(highest) { return false }
        if inFlight > 0, configuration.usesNagle { return true }
        return count < unsent && count < max(largestPeerWindow / 2, 1)
    }

    private mutating func segment(offset: Int, count: Int, withFin: Bool, at now: Instant) -> Outgoing {
        let sequence = next
        next += count + (withFin ? 1 : 0)
        if next.isAfter(highest) {
            highest = next
            if timedSegment == nil { timedSegment = (next, now) }
        } else {
            counters.retransmissions += 1
        }
        if retransmitAt == nil { startRetransmissionTimer(at: now) }
        lastSent = now
        settleAcknowledgment()
        offerWindow()
        return outgoing(at: sequence, offset: offset, count: count, withFin: withFin)
    }

    // The end of what was written is pushed (RFC 9293 §3.9.1.2).
    private func outgoing(at sequence: SequenceNumber, offset: Int, count: Int, withFin: Bool) -> Outgoing {
        var flags: TCPHeader.Flags = .ack
        if withFin { flags.insert(.fin) }
        if count > 0, offset + count == sendBuffer.count { flags.insert(.psh) }
        return Outgoing(header: header(flags, at: sequence), offset: offset, count: count)
    }

    /// The first unacknowledged segment once more, for fast retransmit and partial acknowledgments.
    private mutating func firstSegmentAgain(at now: Instant) -> Outgoing? {
        let offset = unacknowledged - bufferStart
        let count = min(segmentSize, sendBuffer.count - offset)
        let finishes = isFinQueued && offset + count == sendBuffer.count && highest.isAfter(finSequence)
        guard count > 0 || finishes else { return nil }
        counters.retransmissions += 1
        timedSegment = nil
        startRetransmissionTimer(at: now)
        settleAcknowledgment()
        offerWindow()
        return outgoing(at: unacknowledged, offset: offset, count: count, withFin: finishes)
    }

    // RFC 5681 §4.1: after a pause the ways may have changed.
    private mutating func restartAfterIdle(at now: Instant) {
        guard let lastSent, inFlight == 0, now - lastSent > roundTrip.timeout else { return }
        congestion.restartedAfterIdle()
        self.lastSent = nil
    }

    // MARK: The zero window (RFC 9293 §3.8.6.1)

    private static let overrideTimeout = Interval.milliseconds(200)

    private mutating func startPersistTimerIfStuck(unsent: Int, at now: Instant) {
        guard persistAt == nil, retransmitAt == nil, inFlight == 0, unsent > 0 || isFinQueued, peerWindow < segmentSize
        else { return }
        persistCount = 0
        // A small window is not worth a segment at once, but is used in the end (RFC 9293 §3.8.6.2.1).
        persistAt = now + (peerWindow > 0 ? TCPConnection.overrideTimeout : roundTrip.timeout)
    }

    // One octet beyond the window: the peer must answer it with what its window is. Until it is taken it counts as not
    // sent, so that all data follows when the window opens.
    private mutating func windowProbe(at now: Instant) -> Outgoing? {
        let offset = unacknowledged - bufferStart
        let count = min(sendBuffer.count - offset, 1)
        let finishes = isFinQueued && count == 0
        guard count > 0 || finishes else { return nil }
        let end = unacknowledged + (finishes ? 1 : count)
        if end.isAfter(highest) { highest = end }
        timedSegment = nil
        settleAcknowledgment()
        return outgoing(at: unacknowledged, offset: offset, count: count, withFin: finishes)
    }
}
