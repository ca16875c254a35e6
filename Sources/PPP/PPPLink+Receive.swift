public import Timebase
import Wire

extension PPPLink {
    /// A frame has come from the peer.
    ///
    /// What does not fit the phase is discarded in silence (RFC 1661 §3.4, §3.5, §3.7), as is what is damaged. IP
    /// datagrams are the stack's: given to the link, they are discarded too.
    /// - Parameters:
    ///   - frame: the frame from `FF 03` on, without FCS; a compressed header is understood as well.
    ///   - now: when its last octet came.
    ///   - outbox: gets what is to be done.
    public mutating func receive(_ frame: RawSpan, at now: Instant, into outbox: inout Outbox<Action>) {
        guard phase != .dead, let header = try? PPPFrame(parsing: frame) else {
            discardedFrames &+= 1
            return
        }
        hasHeardPeer = true
        let number = header.carriedProtocol
        switch (number, phase) {
        case (.lcp, _), (.ipcp, .network), (.pap, .authenticate), (.pap, .network), (.chap, .authenticate),
            (.chap, .network):
            guard let packet = try? ControlPacket(parsing: frame, at: header.headerLength) else {
                discardedFrames &+= 1
                return
            }
            receive(packet, of: number, at: now, into: &outbox)
        case (_, .network) where number != .ip:
            // RFC 1661 §3.6: of the network layers we have IP alone.
            var actions = Outbox<ControlProtocolAction>()
            lcp.rejectProtocol(
                number, information: frame.extracting(droppingFirst: header.headerLength), into: &actions)
            carryOut(&actions, at: now, into: &outbox)
        default:
            discardedFrames &+= 1
        }
    }

    private mutating func receive(
        _ packet: ControlPacket, of number: PPPProtocol, at now: Instant, into outbox: inout Outbox<Action>
    ) {
        switch number {
        case .lcp:
            receiveLCP(packet, at: now, into: &outbox)
        case .ipcp:
            var actions = Outbox<ControlProtocolAction>()
            ipcp?.receive(packet, at: now, into: &actions)
            carryOutIPCP(&actions, at: now, into: &outbox)
        default:
            receiveAuthentication(packet, by: number == .pap ? .pap : .chap, at: now, into: &outbox)
        }
    }

    private mutating func receiveLCP(_ packet: ControlPacket, at now: Instant, into outbox: inout Outbox<Action>) {
        // A link that is over only confirms that it is: the peer may have missed our Ack.
        guard !hasFinished || packet.code == ControlCode.terminateRequest.rawValue else {
            discardedFrames &+= 1
            return
        }
        var actions = Outbox<ControlProtocolAction>()
        let finding = lcp.receive(packet, at: now, into: &actions)
        if finding == .terminateRequest { finishReason = finishReason ?? .terminatedByPeer }
        carryOut(&actions, at: now, into: &outbox)
        if let failure = lcp.failure { finish(failure, at: now, into: &outbox) }
        switch finding {
        case .ownEcho: finish(.loopedBack, at: now, into: &outbox)
        case .protocolRejected(let number): peerRejected(number, at: now, into: &outbox)
        case .terminateRequest, nil: break
        }
    }

    private mutating func peerRejected(_ number: PPPProtocol, at now: Instant, into outbox: inout Outbox<Action>) {
        switch number {
        case .ipcp, .ip:
            var actions = Outbox<ControlProtocolAction>()
            ipcp?.raise(.receiveFatalReject, at: now, into: &actions)
            finishReason = finishReason ?? .peerRejectedProtocol
            carryOutIPCP(&actions, at: now, into: &outbox)
            finish(.peerRejectedProtocol, at: now, into: &outbox)
        case .lcp, .pap, .chap:
            finish(.peerRejectedProtocol, at: now, into: &outbox)
        default:
            break
        }
    }
}
