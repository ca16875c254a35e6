import Timebase
import Wire

/// What a control protocol wants done.
enum ControlProtocolAction: Hashable, Sendable {
    /// Send this packet.
    case send(ControlPacket)
    /// Its layer is up: both ends have agreed.
    case layerUp
    /// Its layer is up no longer.
    case layerDown
    /// Its layer needs the one below no more.
    case layerFinished
}

/// The packets of a control protocol, around the automaton and a negotiator (RFC 1661 §5.1 to 5.6).
///
/// It turns packets into events and operations into packets. An answer counts only when it carries the identifier of
/// the one request that is open, and an Ack only when it repeats that request octet for octet; all else is discarded,
/// as RFC 1661 §5.2 to 5.4 demand. So the late twin of an answer on a slow line does no harm.
///
/// When the negotiator has failed, nothing more is answered: the link closes itself.
struct ControlProtocol<Negotiator: ConfigurationNegotiator>: Sendable {
    private(set) var automaton: ControlProtocolAutomaton
    var negotiator: Negotiator
    /// The longest packet that the peer takes; what is rejected is cut to it (RFC 1661 §5.6).
    var peerMaximumReceiveUnit = 1500
    /// What a Terminate-Request says as its reason.
    var farewell: [UInt8] = []
    // The identifier of the last Configure-Request, and whether it has been answered.
    private var requestIdentifier: UInt8 = 0
    private var isAnswerAwaited = false
    // The identifier of the last packet of another kind that we sent on our own account.
    private var lastIdentifier: UInt8 = 0
    private var refusalsSent = 0
    private var refusalsReceived = 0
    private let maximumFailure: Int

    init(_ negotiator: Negotiator, restart: RestartConfiguration) {
        automaton = ControlProtocolAutomaton(restart: restart)
        self.negotiator = negotiator
        maximumFailure = restart.maximumFailure
    }

    // What happened

    mutating func raise(
        _ event: ControlProtocolAutomaton.Event, at now: Instant, into outbox: inout Outbox<ControlProtocolAction>
    ) {
        perform(event, answering: nil, verdict: nil, at: now, into: &outbox)
    }

    mutating func deadlineReached(at now: Instant, into outbox: inout Outbox<ControlProtocolAction>) {
        let wasNegotiating = automaton.state.isNegotiating
        carryOut(
            automaton.deadlineReached(at: now), wasNegotiating: wasNegotiating, answering: nil, verdict: nil,
            into: &outbox)
    }

    /// Takes a packet with one of the codes 1 to 7 in, or of a code that this protocol does not have.
    mutating func receive(
        _ packet: ControlPacket, at now: Instant, into outbox: inout Outbox<ControlProtocolAction>
    ) {
        switch ControlCode(rawValue: packet.code) {
        case .configureRequest:
            receiveRequest(packet, at: now, into: &outbox)
        case .configureAck, .configureNak, .configureReject:
            receiveAnswer(packet, at: now, into: &outbox)
        case .terminateRequest:
            perform(.receiveTerminateRequest, answering: packet, verdict: nil, at: now, into: &outbox)
        case .terminateAck:
            raise(.receiveTerminateAck, at: now, into: &outbox)
        case .codeReject:
            // RFC 1661 §4.3: to do without one of the codes every control protocol has is not possible.
            let isFatal = packet.data.first.map { (1...7).contains($0) } ?? false
            raise(isFatal ? .receiveFatalReject : .receiveTolerableReject, at: now, into: &outbox)
        default:
            perform(.receiveUnknownCode, answering: packet, verdict: nil, at: now, into: &outbox)
        }
    }

    // What is asked

    /// An identifier for a packet that is no Configure-Request.
    mutating func nextIdentifier() -> UInt8 {
        lastIdentifier &+= 1
        return lastIdentifier
    }

    // Packets into events

    private mutating func receiveRequest(
        _ packet: ControlPacket, at now: Instant, into outbox: inout Outbox<ControlProtocolAction>
    ) {
        guard let options = try? ConfigurationOption.list(parsing: packet.data) else { return }
        let verdict = negotiator.judge(options, isFedUp: refusalsSent >= maximumFailure)
        if negotiator.failure != nil { return }
        perform(
            verdict == .acknowledge ? .receiveGoodConfigureRequest : .receiveBadConfigureRequest,
            answering: packet, verdict: verdict, at: now, into: &outbox)
    }

    private mutating func receiveAnswer(
        _ packet: ControlPacket, at now: Instant, into outbox: inout Outbox<ControlProtocolAction>
    ) {
        guard isAnswerAwaited, packet.identifier == requestIdentifier else { return }
        guard automaton.state.isNegotiating else {
            let isAck = packet.code == ControlCode.configureAck.rawValue
            let event: ControlProtocolAutomaton.Event = isAck ? .receiveConfigureAck : .receiveConfigureNak
            return perform(event, answering: packet, verdict: nil, at: now, into: &outbox)
        }
        guard let options = try? ConfigurationOption.list(parsing: packet.data), takeAnswer(packet, options) else {
            return
        }
        isAnswerAwaited = false
        if negotiator.failure != nil { return }
        let isAck = packet.code == ControlCode.configureAck.rawValue
        perform(
            isAck ? .receiveConfigureAck : .receiveConfigureNak, answering: packet, verdict: nil, at: now, into: &outbox
        )
    }

    // Hands an answer to the negotiator; false when it is none to the request that is open.
    private mutating func takeAnswer(_ packet: ControlPacket, _ options: [ConfigurationOption]) -> Bool {
        let request = negotiator.request
        switch ControlCode(rawValue: packet.code) {
        case .configureAck:
            guard options == request else { return false }
            refusalsReceived = 0
            negotiator.requestAcknowledged()
        case .configureReject:
            guard !options.isEmpty, isSublist(options, of: request) else { return false }
            negotiator.requestRejected(options)
        default:
            refusalsReceived += 1
            negotiator.requestRefused(wanting: options, isFedUp: refusalsReceived > maximumFailure)
        }
        return true
    }

    // RFC 1661 §5.4: what is rejected stands in the request, unchanged and in the same order.
    private func isSublist(_ options: [ConfigurationOption], of request: [ConfigurationOption]) -> Bool {
        var rest = request[...]
        for option in options {
            guard let index = rest.firstIndex(of: option) else { return false }
            rest = rest[(index + 1)...]
        }
        return true
    }

    // Operations into packets

    private mutating func perform(
        _ event: ControlProtocolAutomaton.Event, answering packet: ControlPacket?, verdict: ConfigurationVerdict?,
        at now: Instant, into outbox: inout Outbox<ControlProtocolAction>
    ) {
        let wasNegotiating = automaton.state.isNegotiating
        carryOut(
            automaton.handle(event, at: now), wasNegotiating: wasNegotiating, answering: packet, verdict: verdict,
            into: &outbox)
    }

    private mutating func carryOut(
        _ operations: [ControlProtocolAutomaton.Operation], wasNegotiating: Bool, answering packet: ControlPacket?,
        verdict: ConfigurationVerdict?, into outbox: inout Outbox<ControlProtocolAction>
    ) {
        for operation in operations {
            switch operation {
            case .tlu: outbox.append(.layerUp)
            case .tld: outbox.append(.layerDown)
            case .tlf: outbox.append(.layerFinished)
            case .tls, .irc, .zrc, .ser: break
            case .scr:
                if !wasNegotiating { begin() }
                outbox.append(.send(request()))
            case .str:
                outbox.append(.send(ControlPacket(.terminateRequest, identifier: nextIdentifier(), data: farewell)))
            case .sca, .scn, .sta, .scj:
                guard let packet else { continue }
                outbox.append(.send(answer(operation, to: packet, verdict: verdict)))
            }
        }
    }

    private mutating func begin() {
        negotiator.begin()
        isAnswerAwaited = false
        refusalsSent = 0
        refusalsReceived = 0
    }

    // RFC 1661 §5.1: a request keeps its identifier when it is sent again, and gets a new one when the last has been
    // answered or its options have changed, which they do only then.
    private mutating func request() -> ControlPacket {
        if !isAnswerAwaited { requestIdentifier &+= 1 }
        isAnswerAwaited = true
        return ControlPacket(.configureRequest, identifier: requestIdentifier, data: negotiator.request.encoded)
    }

    private mutating func answer(
        _ operation: ControlProtocolAutomaton.Operation, to packet: ControlPacket, verdict: ConfigurationVerdict?
    ) -> ControlPacket {
        switch (operation, verdict) {
        case (.sca, _):
            refusalsSent = 0
            if let options = try? ConfigurationOption.list(parsing: packet.data) { negotiator.accept(options) }
            return ControlPacket(.configureAck, identifier: packet.identifier, data: packet.data)
        case (.scn, .refuse(let wanting)):
            refusalsSent += 1
            return ControlPacket(.configureNak, identifier: packet.identifier, data: wanting.encoded)
        case (.scn, .reject(let options)):
            return ControlPacket(.configureReject, identifier: packet.identifier, data: options.encoded)
        case (.scj, _):
            var octets: [UInt8] = []
            packet.append(to: &octets)
            let rejected = Array(octets.prefix(peerMaximumReceiveUnit - 4))
            return ControlPacket(.codeReject, identifier: nextIdentifier(), data: rejected)
        default:
            return ControlPacket(.terminateAck, identifier: packet.identifier)
        }
    }
}
