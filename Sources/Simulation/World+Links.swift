import Events
import MailHost
import PPP
import SMTP
import TCPIP
import Timebase
import Wire

/// The PPP links at both ends of every call: their frames, their timers, and what follows when IP comes and goes.
extension World {
    mutating func linkDeadline(port: Int, _ end: RASPort.End) {
        ports[port].call?[end].link.deadlineReached(at: now, into: &linkActions)
        performLinkActions(port: port, end)
    }

    mutating func performLinkActions(port: Int, _ end: RASPort.End) {
        while let action = linkActions.next() {
            switch end {
            case .server: serverLinkDid(action, port)
            case .client: clientLinkDid(action, port)
            }
        }
        switch end {
        case .server: clock.set(ports[port].serverLinkAlarm, to: ports[port].call?.linkDeadline(at: end))
        case .client: clock.set(ports[port].clientLinkAlarm, to: ports[port].call?.linkDeadline(at: end))
        }
    }

    // MARK: The server's end

    private mutating func serverLinkDid(_ action: PPPLink.Action, _ port: Int) {
        guard let client = ports[port].call?.client else { return }
        switch action {
        case .send(let frame): transmit(frame, on: port, from: .server)
        case .authenticationFailed(let user, let method, let message):
            ports[port].call?.isRefused = true
            emit(.authenticationRefused(user: user, by: .init(method), message: message), host: client + 1)
        case .networkUp(_, let peer): serverNetworkUp(port, peer)
        case .networkDown: serverNetworkDown(port)
        case .lowerLayerFinished: goOnHook(port: port, .server)
        case .linkOpened, .authenticated: break
        }
    }

    private mutating func serverNetworkUp(_ port: Int, _ peer: IPv4Address) {
        portByAddress[peer] = port
        ports[port].call?.peer = peer
        if pool?.contains(peer) == true { server.lend(peer, to: ports[port].call?[.server].link.peerUser) }
        for domain in server.user(at: peer)?.domains ?? [] { server.mail.linkUp(domain, at: now) }
        guard let idle = idleDisconnect else { return }
        clock.set(ports[port].idleAlarm, to: now + idle)
    }

    private mutating func serverNetworkDown(_ port: Int) {
        clock.set(ports[port].idleAlarm, to: nil)
        guard let peer = ports[port].call?.peer, portByAddress[peer] == port else { return }
        portByAddress[peer] = nil
        ports[port].call?.peer = nil
        server.mail.linkDown(server.user(at: peer)?.domains ?? [], at: now)
        if pool?.contains(peer) == true { server.lend(peer, to: nil) }
        performMailActions()
    }

    /// The server hangs up on a link over which nothing has passed for a while.
    mutating func idleDeadline(port: Int) {
        guard let idle = idleDisconnect, let call = ports[port].call else { return }
        guard call.lastDatagram + idle <= now else {
            return clock.set(ports[port].idleAlarm, to: call.lastDatagram + idle)
        }
        ports[port].call?.serverCloses = "idle for \(idle)"
        ports[port].call?[.server].link.close(at: now, into: &linkActions)
        performLinkActions(port: port, .server)
    }

    // MARK: The client's end

    private mutating func clientLinkDid(_ action: PPPLink.Action, _ port: Int) {
        guard let client = ports[port].call?.client else { return }
        let host = client + 1
        switch action {
        case .send(let frame): transmit(frame, on: port, from: .client)
        case .linkOpened(let mru): emit(.lcpOpened(mru: mru), host: host)
        case .authenticated(let user, let method):
            emit(.authenticated(user: user, by: .init(method)), host: host)
        case .authenticationFailed: break
        case .networkUp(let local, let peer): clientNetworkUp(client, port, local, peer)
        case .networkDown: clientNetworkDown(client, port)
        case .lowerLayerFinished: goOnHook(port: port, .client)
        }
    }

    private mutating func clientNetworkUp(_ client: Int, _ port: Int, _ local: IPv4Address, _ peer: IPv4Address) {
        hosts[client + 1].stack.addAddress(local)
        emit(.linkUp(address: local.description, peer: peer.description), host: client + 1)
        clients[client].dialler.linkUp()
        startListener(client: client)
        let hasWritten = !clients[client].written.isEmpty
        perform(clients[client].retrieval.linkUp(at: now, hasWritten: hasWritten), client: client)
    }

    private mutating func clientNetworkDown(_ client: Int, _ port: Int) {
        emit(.linkDown(reason: reasonOfLinkDown(port)), host: client + 1)
        clients[client].retrieval.linkDown()
        stopListener(client: client)
        perform(nil as Retrieval.Action?, client: client)
        abandonConversations(of: client + 1)
    }

    // As the client host sees it: what PPP says, or that the modem did when PPP had no time to.
    private func reasonOfLinkDown(_ port: Int) -> String {
        guard let call = ports[port].call else { return "carrier lost" }
        return switch call[.client].link.finishReason {
        case .closedHere: "hung up"
        case .terminatedByPeer: call.serverCloses ?? PPPLink.FinishReason.terminatedByPeer.rawValue
        case let reason?: reason.rawValue
        case nil: call[.client].link.phase == .dead ? "carrier lost" : "negotiated anew"
        }
    }
}

extension Happening.Authentication {
    fileprivate init(_ method: AuthenticationMethod) {
        switch method {
        case .pap: self = .pap
        case .chap: self = .chap
        }
    }
}
