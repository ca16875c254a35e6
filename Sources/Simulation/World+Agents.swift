import Events
import PPP
import Registry
import SMTP
import TCPIP
import Telephony
import Timebase
import Wire

/// What client hosts want by themselves, and what the scenario does to them.
extension World {
    // MARK: Dialler and retrieval

    mutating func agentDeadline(client: Int, of agent: ClientHost.Agent?) {
        switch agent {
        case .dialler: perform(clients[client].dialler.deadlineReached(at: now), client: client)
        case .retrieval:
            let lastDatagram = clients[client].port.flatMap { ports[$0].call?.lastDatagram } ?? now
            perform(
                clients[client].retrieval.deadlineReached(at: now, lastDatagram: lastDatagram), client: client)
        case .listener:
            hosts[client + 1].stack.listen(on: World.smtpPort)
            emit(.listenerUp(port: Int(World.smtpPort)), host: client + 1)
        case nil: preconditionFailure("a client host has three agents")
        }
    }

    /// The SMTP server of a host that starts slowly is deaf at first.
    mutating func startListener(client: Int) {
        guard clients[client].plan.listensAfter > .zero else { return }
        clock.set(clients[client].listenerAlarm, to: now + clients[client].plan.listensAfter)
    }

    /// With the link its SMTP server stops.
    mutating func stopListener(client: Int) {
        guard clients[client].plan.listensAfter > .zero else { return }
        clock.set(clients[client].listenerAlarm, to: nil)
        hosts[client + 1].stack.stopListening(on: World.smtpPort)
    }

    mutating func perform(_ action: Dialler.Action?, client: Int) {
        switch action {
        case .dial: startCall(client: client)
        case .wait(let seconds, let attempt, let limit):
            emit(.diallerWaits(seconds: seconds, attempt: attempt, of: limit), host: client + 1)
        case .giveUp(let attempts, let reason):
            emit(.diallerGaveUp(attempts: attempts, reason: reason), host: client + 1)
        case nil: break
        }
        clock.set(clients[client].diallerAlarm, to: clients[client].dialler.deadline)
    }

    mutating func perform(_ action: Retrieval.Action?, client: Int) {
        switch action {
        case .submit: submitMail(client: client)
        case .ask: askForMail(client: client)
        case .complete:
            emit(.retrievalComplete, host: client + 1)
            if clients[client].plan.hangsUp == .whenFlushed { hangUp(client: client) }
        case .hangUp: hangUp(client: client)
        case nil: break
        }
        clock.set(clients[client].retrievalAlarm, to: clients[client].retrieval.deadline)
    }

    private mutating func askForMail(client: Int) {
        if let reversal = clients[client].plan.reversal { return askForReversal(reversal, client: client) }
        if clients[client].plan.retrieves == .finger { return askByFinger(0, client: client) }
        emit(.etrnConnecting(address: server.address.description), host: client + 1)
        let plan = clients[client].plan
        var configuration = SMTPClientConfiguration(hostName: plan.mailName)
        configuration.etrn = plan.asksLike.manner
        connect(
            client, for: .asking,
            SMTPClientSession(configuration: configuration, purpose: .etrn(clients[client].etrnArguments)))
    }

    /// What the session that asks for mail reports.
    mutating func askingDid(_ action: SMTPClientSession.Action, conversation index: Int) {
        guard let host = conversations[index]?.host else { return }
        let arguments = clients[host - 1].etrnArguments
        switch action {
        case .greeted, .wantsMessage, .messageStarted, .resumed, .recipientRefused, .recipientsLeft, .sessionFull,
            .messageAccepted, .messageRefused, .lineAnswered:
            break
        case .extensions: emit(.etrnSent(domain: arguments[0].description), host: host)
        case .etrnReply(let reply, let argument):
            emit(
                .etrnAnswered(
                    domain: argument.description, code: reply.code, text: reply.lines.joined(separator: " ")),
                host: host)
            clients[host - 1].retrieval.etrnAnswered(code: reply.code)
            if case .etrn(let next) = conversations[index]?.client?.state, next < arguments.count {
                emit(.etrnSent(domain: arguments[next].description), host: host)
            }
        case .failed(let failure): emit(.etrnFailed(reason: failure.description), host: host)
        case .startTLS, .wantsAnswer, .authenticated, .reversalAnswered, .reverse:
            preconditionFailure("hosts of these years speak in the clear")
        case .close: conversations[index]?.isClosing = true
        }
    }

    // MARK: The script

    mutating func carryOut(_ deed: ScriptStep.Deed) {
        switch deed {
        case .dial(let targets): for client in targets { perform(clients[client].dialler.dial(), client: client) }
        case .hangUp(let targets): for client in targets { hangUp(client: client) }
        case .dropCarrier(let targets): for client in targets { dropCarrier(client: client) }
        case .speak(let targets, let lines): for client in targets { speak(lines, client: client) }
        case .crash(let pause): crash(for: pause)
        case .start: start()
        case .setDisableETRN(let isDisabled): setDisableETRN(isDisabled)
        case .setRoute(let domain, let address):
            server.setRoute(to: domain, address)
            emit(.routeChanged(domain: domain.spelling, address: address.description), host: 0)
        }
    }

    private mutating func setDisableETRN(_ isDisabled: Bool) {
        server.registry.set(
            ExchangeParameters.disableETRN, in: ExchangeParameters.key, to: .dword(isDisabled ? 1 : 0))
        server.applyRegistry()
        emit(.registryChanged(value: ExchangeParameters.disableETRN, to: isDisabled ? "1" : "0"), host: 0)
    }
}
