import Timebase
import Wire

/// The link control protocol of one end (RFC 1661 §5 and §6; Identification and Time-Remaining from RFC 1570).
///
/// Around the automaton it adds what only LCP has: Protocol-Reject, Echo, Discard, and the keepalive made of Echoes.
struct LCP: Sendable {
    private var core: ControlProtocol<LCPNegotiator>
    private var keepalive: KeepaliveConfiguration?
    private var nextEcho: Instant?
    private var unansweredEchoes = 0

    init(
        _ configuration: LCPConfiguration, restart: RestartConfiguration, keepalive: KeepaliveConfiguration?,
        random: RandomStream
    ) {
        core = ControlProtocol(LCPNegotiator(configuration, random: random), restart: restart)
        self.keepalive = keepalive
    }

    /// What a packet was found to be about, besides what is put in the outbox.
    enum Finding: Hashable, Sendable {
        /// The peer ends the link.
        case terminateRequest
        /// The peer does not know this protocol.
        case protocolRejected(PPPProtocol)
        /// Our own Echo-Request has come back as a request.
        case ownEcho
    }

    // What happened

    mutating func raise(
        _ event: ControlProtocolAutomaton.Event, at now: Instant, into outbox: inout Outbox<ControlProtocolAction>
    ) {
        core.raise(event, at: now, into: &outbox)
        watchEchoes(at: now)
    }

    mutating func receive(
        _ packet: ControlPacket, at now: Instant, into outbox: inout Outbox<ControlProtocolAction>
    ) -> Finding? {
        var finding: Finding?
        switch ControlCode(rawValue: packet.code) {
        case .terminateRequest:
            if state == .opened { finding = .terminateRequest }
            core.receive(packet, at: now, into: &outbox)
        case .protocolReject:
            finding = receiveProtocolReject(packet, at: now, into: &outbox)
        case .echoRequest:
            finding = answerEcho(packet, at: now, into: &outbox)
        case .echoReply:
            core.raise(.receiveEchoOrDiscard, at: now, into: &outbox)
            if isMagic(of: packet, differentFrom: magicNumber) { unansweredEchoes = 0 }
        case .codeReject where packet.data.first == ControlCode.echoRequest.rawValue:
            // A peer that does not know Echo is not dead.
            keepalive = nil
            nextEcho = nil
            core.receive(packet, at: now, into: &outbox)
        case .discardRequest, .identification, .timeRemaining:
            // Said for our information; RFC 1570 §1 wants no answer.
            core.raise(.receiveEchoOrDiscard, at: now, into: &outbox)
        default:
            core.receive(packet, at: now, into: &outbox)
        }
        watchEchoes(at: now)
        return finding
    }

    /// Takes the time in. True when the peer has not answered so many Echo-Requests in a row that it counts as gone.
    mutating func deadlineReached(at now: Instant, into outbox: inout Outbox<ControlProtocolAction>) -> Bool {
        core.deadlineReached(at: now, into: &outbox)
        watchEchoes(at: now)
        guard let keepalive, let nextEcho, nextEcho <= now else { return false }
        guard unansweredEchoes < keepalive.maximumFailures else { return true }
        unansweredEchoes += 1
        self.nextEcho = now + keepalive.interval
        var data: [UInt8] = []
        data.append(bigEndian: magicNumber)
        outbox.append(.send(ControlPacket(.echoRequest, identifier: core.nextIdentifier(), data: data)))
        return false
    }

    // What is asked

    /// Ends the link, if there is one, and says why to the peer.
    mutating func close(saying farewell: String, at now: Instant, into outbox: inout Outbox<ControlProtocolAction>) {
        core.farewell = Array(farewell.utf8)
        raise(.close, at: now, into: &outbox)
    }

    /// Tells the peer that its packet was of a protocol we do not have. Only while the link is open (RFC 1661 §5.7).
    mutating func rejectProtocol(
        _ number: PPPProtocol, information: RawSpan, into outbox: inout Outbox<ControlProtocolAction>
    ) {
        guard state == .opened else { return }
        var data: [UInt8] = []
        data.append(bigEndian: number.rawValue)
        data.append(information.extracting(first: core.peerMaximumReceiveUnit - 6))
        outbox.append(.send(ControlPacket(.protocolReject, identifier: core.nextIdentifier(), data: data)))
    }

    // What can be known

    var state: ControlProtocolAutomaton.State { core.automaton.state }
    var failure: PPPLink.FinishReason? { core.negotiator.failure }
    var options: LCPNegotiator { core.negotiator }

    var deadline: Instant? { earlier(core.automaton.deadline, nextEcho) }

    // Details

    private var magicNumber: UInt32 { core.negotiator.magicNumber }

    private mutating func receiveProtocolReject(
        _ packet: ControlPacket, at now: Instant, into outbox: inout Outbox<ControlProtocolAction>
    ) -> Finding? {
        // RFC 1661 §5.7: in any other state it is discarded.
        guard state == .opened, packet.data.count >= 2 else { return nil }
        let number = PPPProtocol(rawValue: UInt16(packet.data[0]) << 8 | UInt16(packet.data[1]))
        core.raise(number == .lcp ? .receiveFatalReject : .receiveTolerableReject, at: now, into: &outbox)
        return .protocolRejected(number)
    }

    // The reply carries our magic number and the peer's data (RFC 1661 §5.8).
    private mutating func answerEcho(
        _ packet: ControlPacket, at now: Instant, into outbox: inout Outbox<ControlProtocolAction>
    ) -> Finding? {
        core.raise(.receiveEchoOrDiscard, at: now, into: &outbox)
        guard state == .opened, packet.data.count >= 4 else { return nil }
        guard magicNumber == 0 || isMagic(of: packet, differentFrom: magicNumber) else { return .ownEcho }
        var data: [UInt8] = []
        data.append(bigEndian: magicNumber)
        data.append(contentsOf: packet.data[4...].prefix(max(0, core.peerMaximumReceiveUnit - 8)))
        outbox.append(.send(ControlPacket(.echoReply, identifier: packet.identifier, data: data)))
        return nil
    }

    private func isMagic(of packet: ControlPacket, differentFrom number: UInt32) -> Bool {
        guard packet.data.count >= 4 else { return false }
        return number == 0 || packet.data[..<4].reduce(0) { $0 << 8 | UInt32($1) } != number
    }

    // Echoes are sent while the link is open and at no other time.
    private mutating func watchEchoes(at now: Instant) {
        core.peerMaximumReceiveUnit = Int(core.negotiator.peerUnit)
        if state != .opened {
            nextEcho = nil
        } else if nextEcho == nil, let keepalive {
            nextEcho = now + keepalive.interval
            unansweredEchoes = 0
        }
    }
}

/// The earlier of two deadlines, either of which may not exist.
func earlier(_ left: Instant?, _ right: Instant?) -> Instant? {
    guard let left, let right else { return left ?? right }
    return min(left, right)
}
