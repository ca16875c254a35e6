import Events
import PPP
import SMTP
import Telephony
import Timebase
import Wire

/// Telephone calls: from off-hook to the carrier, and from its loss to on-hook.
extension World {
    // MARK: Up

    /// A client host takes its modem off-hook and dials.
    mutating func startCall(client: Int) {
        let plan = clients[client].plan
        clients[client].callCount += 1
        let stream = RandomStream(seed: seed, thing: plan.name, purpose: "call.\(clients[client].callCount)")
        clients[client].call = TelephoneCall(
            number: plan.dials.number, profile: .agreed(plan.modem, rasModem), configuration: exchangeConfiguration,
            isAnswered: rasAnswers && !server.isDown, stream: stream, at: now)
        emit(.modemOffHook, host: client + 1)
        clock.set(clients[client].callAlarm, to: clients[client].call?.deadline)
    }

    mutating func callDeadline(client: Int) {
        let action = clients[client].call?.deadlineReached(at: now)
        switch action {
        case .dials: emit(.modemDials(number: clients[client].plan.dials.number), host: client + 1)
        case .route: route(client: client)
        case .answered(let modulation): emit(.modemTraining(modulation: modulation), host: client + 1)
        case .carrier(let toCaller, let fromCaller): carrierUp(client, toCaller: toCaller, fromCaller: fromCaller)
        case .noAnswer: giveUpCall(client: client, because: .modemNoAnswer(number: clients[client].plan.dials.number))
        case .noCarrier: giveUpCall(client: client, because: .modemNoCarrier)
        case nil: break
        }
        clock.set(clients[client].callAlarm, to: clients[client].call?.deadline)
    }

    private mutating func route(client: Int) {
        let number = clients[client].plan.dials.number
        switch exchange.seize(number) {
        case .port(let port):
            clients[client].call?.routed(port, at: now)
            emit(.modemRinging(number: number, port: port + 1), host: client + 1)
        case .busy: giveUpCall(client: client, because: .modemBusy(number: number))
        case .noSuchNumber: giveUpCall(client: client, because: .modemNoCarrier)
        }
    }

    /// The call comes to nothing before its carrier: the modem goes on-hook.
    private mutating func giveUpCall(client: Int, because reason: Happening) {
        switch clients[client].call?.state {
        case .ringing(let port): release(port)
        case .answering(let port), .training(let port):
            // The called modem is off-hook; that its caller is gone it finds out as if it had lost a carrier.
            clock.set(ports[port].releaseAlarm, to: now + TelephoneCall.carrierLossTime)
        default: break
        }
        clients[client].call = nil
        clock.set(clients[client].callAlarm, to: nil)
        emit(reason, host: client + 1)
        perform(clients[client].dialler.callEnded(refused: false, at: now), client: client)
    }

    private mutating func carrierUp(_ client: Int, toCaller: Int, fromCaller: Int) {
        guard let call = clients[client].call, let port = call.port else { return }
        counters.calls += 1
        openCalls += 1
        let latency = call.profile.latency + exchangeConfiguration.propagation
        let plan = clients[client].plan
        clients[client].port = port
        let purpose = "ppp.\(counters.calls)"
        let lent = pool?.lend()
        var linkConfiguration = serverLinkConfiguration
        linkConfiguration.peerAddress = lent
        ports[port].call = RASPort.Call(
            client: client, number: counters.calls,
            server: CallEnd(
                link: PPPLink(
                    linkConfiguration, random: RandomStream(seed: seed, thing: "server", purpose: purpose)),
                line: Line(rate: toCaller, errorControl: call.profile.errorControl, latency: latency)),
            caller: CallEnd(
                link: PPPLink(
                    clientLinkConfiguration(plan),
                    random: RandomStream(seed: seed, thing: plan.name, purpose: purpose)),
                line: Line(rate: fromCaller, errorControl: call.profile.errorControl, latency: latency)),
            carrier: now)
        ports[port].call?.lentAddress = lent
        emit(
            .carrierUp(call: counters.calls, port: port + 1, receiveRate: toCaller, transmitRate: fromCaller),
            host: client + 1)
        trace.append(
            CaptureInterface(
                index: counters.calls - 1, client: plan.name, port: port + 1, call: counters.calls,
                transmitRate: toCaller, receiveRate: fromCaller, at: now))
        for end in [RASPort.End.server, .client] {
            ports[port].call?[end].link.lowerLayerUp(at: now, into: &linkActions)
            performLinkActions(port: port, end)
        }
    }

    // MARK: Down

    /// A client host hangs up in good order: PPP first, then the modem. It does not dial again unasked.
    mutating func hangUp(client: Int) {
        clients[client].dialler.hangUp()
        if let port = clients[client].port {
            ports[port].call?[.client].link.close(at: now, into: &linkActions)
            performLinkActions(port: port, .client)
        } else if clients[client].call != nil {
            // Nothing to close yet: the modem just goes on-hook.
            giveUpCall(client: client, because: .modemNoCarrier)
        }
        clock.set(clients[client].diallerAlarm, to: clients[client].dialler.deadline)
    }

    /// The circuit fails. Both modems notice it a while later; what is sent until then is lost. Before the called modem
    /// has answered there is no carrier to fail.
    mutating func dropCarrier(client: Int) {
        guard let port = clients[client].port else {
            guard clients[client].call?.circuitFailed() == true else { return }
            emit(.carrierDropped, host: client + 1)
            return clock.set(clients[client].callAlarm, to: clients[client].call?.deadline)
        }
        guard ports[port].call?.isCut == false else { return }
        emit(.carrierDropped, host: client + 1)
        ports[port].call?.circuitFailed = true
        cut(port)
        setReleaseAlarm(port)
    }

    /// One end's modem goes on-hook; the other end's notices it a while later.
    mutating func goOnHook(port: Int, _ end: RASPort.End) {
        cut(port)
        if ports[port].call?[end].modem != .onHook { ports[port].call?[end].modem = .ending(now) }
        setReleaseAlarm(port)
    }

    private mutating func cut(_ port: Int) {
        guard ports[port].call?.isCut == false else { return }
        ports[port].call?.isCut = true
        for end in [RASPort.End.server, .client] {
            ports[port].call?[end].modem = .ending(now + TelephoneCall.carrierLossTime)
            ports[port].call?[end].sent.removeAll()
        }
        clock.set(ports[port].inboundAlarm, to: nil)
        clock.set(ports[port].outboundAlarm, to: nil)
    }

    private mutating func setReleaseAlarm(_ port: Int) {
        let modems = [ports[port].call?[.server].modem, ports[port].call?[.client].modem]
        clock.set(ports[port].releaseAlarm, to: modems.compactMap { $0?.ends }.min())
    }

    /// A modem goes on-hook: it was told to, or has noticed that the carrier is gone.
    mutating func releaseDeadline(port: Int) {
        guard let call = ports[port].call else { return release(port) }
        if let due = call[.server].modem.ends, due <= now { serverOnHook(port) }
        if let due = call[.client].modem.ends, due <= now { clientOnHook(port) }
        setReleaseAlarm(port)
        guard ports[port].call?[.server].modem == .onHook, ports[port].call?[.client].modem == .onHook else { return }
        clock.set(ports[port].serverLinkAlarm, to: nil)
        clock.set(ports[port].clientLinkAlarm, to: nil)
        if let lent = ports[port].call?.lentAddress { pool?.takeBack(lent) }
        ports[port].call = nil
        openCalls -= 1
        release(port)
    }

    private mutating func release(_ port: Int) { exchange.release(port, of: ports[port].number) }

    private mutating func serverOnHook(_ port: Int) {
        ports[port].call?[.server].modem = .onHook
        ports[port].call?[.server].link.lowerLayerDown(at: now, into: &linkActions)
        performLinkActions(port: port, .server)
    }

    private mutating func clientOnHook(_ port: Int) {
        ports[port].call?[.client].modem = .onHook
        let isClosing = ports[port].call?[.client].link.finishReason != nil
        ports[port].call?[.client].link.lowerLayerDown(at: now, into: &linkActions)
        performLinkActions(port: port, .client)
        guard let call = ports[port].call else { return }
        let client = call.client
        clients[client].port = nil
        clients[client].call = nil
        if call.circuitFailed || !isClosing {
            let reason = call.circuitFailed ? "the line failed" : "the other modem hung up"
            emit(.carrierLost(call: call.number, reason: reason), host: client + 1)
        }
        let online = Int((now - call.carrier).nanoseconds / 1_000_000)
        emit(.modemOnHook(call: call.number, onlineMilliseconds: online), host: client + 1)
        perform(clients[client].dialler.callEnded(refused: call.isRefused, at: now), client: client)
    }
}
