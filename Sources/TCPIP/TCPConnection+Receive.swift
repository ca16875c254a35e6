public import Timebase
public import Wire

/// SEGMENT ARRIVES (RFC 9293 §3.10.7): the RFC's checks in the RFC's order, one function each.
extension TCPConnection {
    /// A segment has arrived; its checksum is right and its ports are ours.
    /// - Parameters:
    ///   - segment: its header.
    ///   - payload: its data.
    ///   - now: the time.
    public mutating func receive(_ segment: TCPHeader, payload: RawSpan, at now: Instant) {
        switch state {
        case .closed: break
        case .listen: receiveInListen(segment, at: now)
        case .synSent: receiveInSynSent(segment, at: now)
        default:
            guard isAcceptable(segment, payload, at: now), !isReset(segment), !isUnexpectedSyn(segment),
                takeAcknowledgment(segment, hasData: payload.byteCount > 0, at: now)
            else { return }
            if state == .finWait2 { expireAt = now + configuration.finWait }
            takeText(segment, payload, at: now)
            takeFin(segment, length: payload.byteCount, at: now)
        }
    }

    // MARK: LISTEN (§3.10.7.2)

    private mutating func receiveInListen(_ segment: TCPHeader, at now: Instant) {
        // First a reset, second an acknowledgment: neither fits.
        if segment.flags.contains(.rst) { return }
        if segment.flags.contains(.ack) {
            pendingReset = TCPHeader(
                sourcePort: localPort, destinationPort: remotePort, sequence: segment.acknowledgment,
                acknowledgment: SequenceNumber(rawValue: 0), flags: .rst, window: 0)
            return
        }
        // Third a SYN. Data that comes with it is not kept; the peer sends it again.
        guard segment.flags.contains(.syn) else { return }
        synchronise(with: segment)
        state = .synReceived
    }

    private mutating func synchronise(with segment: TCPHeader) {
        initialReceive = segment.sequence
        expected = segment.sequence + 1
        offeredEdge = expected + receiveWindow
        peerSegmentSize = max(64, Int(segment.maximumSegmentSize ?? 536))
        congestion = CongestionControl(
            segmentSize: segmentSize, initialSegments: configuration.initialWindowSegments)
        if retransmitCount > 0 { congestion.synWasLost() }
        takeWindow(segment)
    }

    // MARK: SYN-SENT (§3.10.7.3)

    private mutating func receiveInSynSent(_ segment: TCPHeader, at now: Instant) {
        // First the ACK bit.
        let isAcknowledged = segment.flags.contains(.ack)
        if isAcknowledged, !acknowledgesSyn(segment) {
            guard !segment.flags.contains(.rst) else { return }
            pendingReset = TCPHeader(
                sourcePort: localPort, destinationPort: remotePort, sequence: segment.acknowledgment,
                acknowledgment: SequenceNumber(rawValue: 0), flags: .rst, window: 0)
            return
        }
        // Second the RST bit.
        if segment.flags.contains(.rst) {
            if isAcknowledged { finish(.refused) }
            return
        }
        // Fourth the SYN bit.
        guard segment.flags.contains(.syn) else { return }
        synchronise(with: segment)
        if isAcknowledged {
            acknowledgeSent(upTo: segment.acknowledgment, at: now)
            establish()
            owesAcknowledgment = true
        } else {
            // Simultaneous open: our SYN goes out again, with an acknowledgment.
            state = .synReceived
            next = initialSend
        }
    }

    private func acknowledgesSyn(_ segment: TCPHeader) -> Bool {
        segment.acknowledgment == initialSend + 1 && highest != initialSend
    }

    private mutating func establish() {
        state = isFinQueued ? .finWait1 : .established
        newsSoFar.insert(.connected)
    }

    // MARK: All other states (§3.10.7.4)

    /// First, check the sequence number. What lies outside the window is answered with an acknowledgment.
    private mutating func isAcceptable(_ segment: TCPHeader, _ payload: RawSpan, at now: Instant) -> Bool {
        let length = payload.byteCount + (segment.flags.contains(.syn) ? 1 : 0) + (segment.flags.contains(.fin) ? 1 : 0)
        let window = max(0, offeredEdge - expected)
        let start = segment.sequence - expected
        let end = start + length - 1
        let isInside =
            length == 0
            ? (window == 0 ? start == 0 : start >= 0 && start < window)
            : window > 0 && ((start >= 0 && start < window) || (end >= 0 && end < window))
        if isInside { return true }
        // With a closed window acknowledgments and resets still count (MUST-66); the data is not taken.
        if window == 0, start == 0 {
            owesAcknowledgment = true
            if segment.flags.contains(.rst) { return true }
            _ = takeAcknowledgment(segment, hasData: true, at: now)
            return false
        }
        // The peer has not seen our acknowledgment of its FIN: two more segment lifetimes.
        if state == .timeWait, segment.flags.contains(.fin) { expireAt = now + configuration.timeWait }
        if !segment.flags.contains(.rst) { owesAcknowledgment = true }
        return false
    }

    /// Second, check the RST bit (RFC 5961 §3.2): exactly expected resets, in the window is challenged.
    private mutating func isReset(_ segment: TCPHeader) -> Bool {
        guard segment.flags.contains(.rst) else { return false }
        guard segment.sequence == expected else {
            owesAcknowledgment = true
            return true
        }
        switch state {
        case .synReceived: finish(.refused)
        case .closing, .lastAck: finish(.normal)
        // An old duplicate must not end the wait for old duplicates (RFC 1337 §3).
        case .timeWait: break
        default: finish(.reset)
        }
        return true
    }

    /// Fourth, check the SYN bit (RFC 5961 §4.2): a challenge, whatever its number.
    private mutating func isUnexpectedSyn(_ segment: TCPHeader) -> Bool {
        guard segment.flags.contains(.syn) else { return false }
        // The SYN of a simultaneous open, once more.
        owesAcknowledgment = true
        return true
    }

    /// Fifth, check the ACK field. False when the segment is to be dropped.
    private mutating func takeAcknowledgment(_ segment: TCPHeader, hasData: Bool, at now: Instant) -> Bool {
        guard segment.flags.contains(.ack) else { return false }
        let acknowledgment = segment.acknowledgment
        if state == .synReceived {
            guard acknowledgesSyn(segment) else {
                pendingReset = TCPHeader(
                    sourcePort: localPort, destinationPort: remotePort, sequence: acknowledgment,
                    acknowledgment: SequenceNumber(rawValue: 0), flags: .rst, window: 0)
                return false
            }
            establish()
        }
        let age = unacknowledged - acknowledgment
        guard !acknowledgment.isAfter(highest), age <= largestPeerWindow else {
            // It acknowledges what was never sent, or what can no longer be on its way (RFC 5961 §5.2).
            owesAcknowledgment = true
            return false
        }
        unansweredProbes = 0
        if acknowledgment.isAfter(unacknowledged) {
            acknowledgeSent(upTo: acknowledgment, at: now)
        } else if acknowledgment == unacknowledged {
            countDuplicate(segment, hasData: hasData)
        }
        updateWindow(segment)
        return advanceClosing(at: now)
    }

    // RFC 5681 §2: a duplicate carries nothing, changes nothing, and there is something to acknowledge.
    private mutating func countDuplicate(_ segment: TCPHeader, hasData: Bool) {
        guard inFlight > 0, !hasData, !segment.flags.contains(.fin), Int(segment.window) == peerWindow,
            retransmitCount == 0
        else { return }
        counters.duplicateAcknowledgments += 1
        if congestion.duplicateAcknowledgment(inFlight: inFlight, highest: highest) { retransmitsFirst = true }
    }

    /// New data, or our SYN or FIN, is acknowledged.
    private mutating func acknowledgeSent(upTo acknowledgment: SequenceNumber, at now: Instant) {
        let count = acknowledgment - unacknowledged
        if let timed = timedSegment, !acknowledgment.isBefore(timed.end) {
            roundTrip.sample(now - timed.sent)
            timedSegment = nil
        } else if unacknowledged == initialSend, retransmitCount > 0 {
            roundTrip.synWasRetransmitted()
        }
        let wasSyn = unacknowledged == initialSend
        unacknowledged = acknowledgment
        if next.isBefore(acknowledgment) { next = acknowledgment }
        dropAcknowledged(upTo: acknowledgment)
        retransmitCount = 0
        isUnreachable = false
        if !wasSyn, congestion.acknowledged(count, upTo: acknowledgment, inFlight: inFlight) { retransmitsFirst = true }
        retransmitAt = nil
        persistAt = nil
        if inFlight > 0 { startRetransmissionTimer(at: now) }
    }

    private mutating func dropAcknowledged(upTo acknowledgment: SequenceNumber) {
        let octets = min(acknowledgment - bufferStart, sendBuffer.count)
        guard octets > 0 else { return }
        sendBuffer.drop(octets)
        bufferStart += octets
        if wantsRoom, room > 0 {
            wantsRoom = false
            newsSoFar.insert(.writable)
        }
    }

    // RFC 9293 §3.10.7.4: only a newer segment updates the window.
    private mutating func updateWindow(_ segment: TCPHeader) {
        let isNewer =
            segment.sequence.isAfter(windowUpdateSequence)
            || (segment.sequence == windowUpdateSequence
                && !segment.acknowledgment.isBefore(windowUpdateAcknowledgment))
        guard isNewer else { return }
        takeWindow(segment)
        guard peerWindow > 0 else { return }
        persistAt = nil
        persistCount = 0
    }

    private mutating func takeWindow(_ segment: TCPHeader) {
        peerWindow = Int(segment.window)
        largestPeerWindow = max(largestPeerWindow, peerWindow)
        windowUpdateSequence = segment.sequence
        windowUpdateAcknowledgment = segment.acknowledgment
    }

    /// Whether our FIN is acknowledged, and what follows. False when the connection is over.
    private mutating func advanceClosing(at now: Instant) -> Bool {
        guard isFinQueued, unacknowledged.isAfter(finSequence) else { return true }
        switch state {
        case .finWait1:
            state = .finWait2
            expireAt = now + configuration.finWait
        case .closing: enterTimeWait(at: now)
        case .lastAck:
            finish(.normal)
            return false
        default: break
        }
        return true
    }

    /// Seventh, process the segment text.
    private mutating func takeText(_ segment: TCPHeader, _ payload: RawSpan, at now: Instant) {
        guard payload.byteCount > 0 else { return }
        guard state == .established || state == .finWait1 || state == .finWait2 else { return }
        let offset = segment.sequence - expected
        let begin = max(0, -offset)
        let room = max(0, offeredEdge - expected)
        let end = min(payload.byteCount, room - offset)
        guard begin < end else {
            owesAcknowledgment = true
            return
        }
        let fresh = payload.extracting(begin..<end)
        guard offset <= 0 else {
            // A hole: said at once, so that the sender counts duplicates (RFC 5681 §4.2).
            reassembly.insert(fresh, at: offset)
            owesAcknowledgment = true
            return
        }
        receiveBuffer.append(fresh)
        var arrived = fresh.byteCount
        if !reassembly.isEmpty {
            arrived += reassembly.advance(by: fresh.byteCount, into: &receiveBuffer)
            owesAcknowledgment = true
        }
        expected += arrived
        newsSoFar.insert(.readable)
        delayAcknowledgment(at: now)
    }

    // RFC 5681 §4.2: at least every second full-sized segment, and within the delay. What the peer takes for full-sized
    // is not known, so every segment counts.
    private mutating func delayAcknowledgment(at now: Instant) {
        unacknowledgedReceived += 1
        if unacknowledgedReceived == 2 {
            owesAcknowledgment = true
        } else if !owesAcknowledgment, acknowledgeAt == nil {
            acknowledgeAt = now + configuration.delayedAcknowledgment
        }
    }

    /// Eighth, check the FIN bit, once everything before it has arrived.
    private mutating func takeFin(_ segment: TCPHeader, length: Int, at now: Instant) {
        if segment.flags.contains(.fin) { earlyFin = segment.sequence + length }
        guard let fin = earlyFin, fin == expected, !peerHasClosed else { return }
        peerHasClosed = true
        expected += 1
        if offeredEdge.isBefore(expected) { offeredEdge = expected }
        owesAcknowledgment = true
        newsSoFar.insert(.peerClosed)
        switch state {
        case .synReceived, .established: state = .closeWait
        case .finWait1: state = .closing
        case .finWait2: enterTimeWait(at: now)
        default: break
        }
    }
}
