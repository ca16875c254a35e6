import Timebase
import Wire

extension PPPLink {
    /// Does what LCP wants done.
    mutating func carryOut(
        _ actions: inout Outbox<ControlProtocolAction>, at now: Instant, into outbox: inout Outbox<Action>
    ) {
        while let action = actions.next() {
            switch action {
            case .send(let packet):
                outbox.append(.send(packet.frame(.lcp)))
            case .layerUp:
                outbox.append(.linkOpened(maximumReceiveUnit: peerMaximumReceiveUnit))
                beginAuthentication(at: now, into: &outbox)
            case .layerDown:
                leaveUpperLayers(into: &outbox)
                // Unless the link is ending, the peer wants to talk about LCP's options once more.
                phase = lcp.state.isNegotiating ? .establish : .terminate
                limit = lcp.state.isNegotiating ? now + configuration.negotiationLimit : nil
            case .layerFinished:
                leaveUpperLayers(into: &outbox)
                phase = .terminate
                limit = nil
                hasFinished = true
                let reason = finishReason ?? unspokenReason
                finishReason = reason
                outbox.append(.lowerLayerFinished(reason))
            }
        }
    }

    // LCP gave up by itself.
    private var unspokenReason: FinishReason { hasHeardPeer ? .notConverging : .peerSilent }

    /// Begins the network phase: authentication has succeeded, or nobody wanted any.
    mutating func beginNetwork(at now: Instant, into outbox: inout Outbox<Action>) {
        phase = .network
        authenticationLimit = nil
        let assigned = peerUser.flatMap { configuration.users[$0]?.address } ?? configuration.peerAddress
        let negotiator = IPCPNegotiator(localAddress: configuration.localAddress, assignedAddress: assigned)
        var protocolMachine = ControlProtocol(negotiator, restart: configuration.restart)
        protocolMachine.peerMaximumReceiveUnit = peerMaximumReceiveUnit
        var actions = Outbox<ControlProtocolAction>()
        protocolMachine.raise(.open, at: now, into: &actions)
        protocolMachine.raise(.up, at: now, into: &actions)
        ipcp = protocolMachine
        carryOutIPCP(&actions, at: now, into: &outbox)
    }

    /// Does what IPCP wants done.
    mutating func carryOutIPCP(
        _ actions: inout Outbox<ControlProtocolAction>, at now: Instant, into outbox: inout Outbox<Action>
    ) {
        while let action = actions.next() {
            switch action {
            case .send(let packet):
                outbox.append(.send(packet.frame(.ipcp)))
            case .layerUp:
                guard let addresses = ipcp?.negotiator else { continue }
                limit = nil
                localAddress = addresses.localAddress
                peerAddress = addresses.peerAddress
                outbox.append(.networkUp(local: addresses.localAddress, peer: addresses.peerAddress))
            case .layerDown:
                leaveNetwork(into: &outbox)
                limit = now + configuration.negotiationLimit
            case .layerFinished:
                // There is no other network layer that would keep the link open.
                finish(.networkClosed, at: now, into: &outbox)
            }
        }
        if let failure = ipcp?.negotiator.failure { finish(failure, at: now, into: &outbox) }
    }

    /// Closes LCP and remembers why, unless the link is over or ending already.
    mutating func finish(_ reason: FinishReason, at now: Instant, into outbox: inout Outbox<Action>) {
        guard phase != .dead, !hasFinished else { return }
        finishReason = finishReason ?? reason
        var actions = Outbox<ControlProtocolAction>()
        lcp.close(saying: (finishReason ?? reason).rawValue, at: now, into: &actions)
        phase = .terminate
        limit = nil
        carryOut(&actions, at: now, into: &outbox)
        leaveUpperLayers(into: &outbox)
    }

    /// Forgets authentication and network layer: the link below them is gone or begins anew.
    mutating func leaveUpperLayers(into outbox: inout Outbox<Action>) {
        proof = .none
        check = .none
        authenticationLimit = nil
        leaveNetwork(into: &outbox)
        ipcp = nil
        peerUser = nil
    }

    private mutating func leaveNetwork(into outbox: inout Outbox<Action>) {
        guard localAddress != nil else { return }
        localAddress = nil
        peerAddress = nil
        outbox.append(.networkDown)
    }
}
