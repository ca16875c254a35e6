import Events
import MailHost
import MailQueue
import SMTP
import TCPIP
import Timebase
import Wire

/// The mail side of the server host at its TCP/IP stack.
extension World {
    // MARK: What the stack reports

    mutating func mailHostHears(_ event: SocketEvent) {
        switch event {
        case .accepted(let connection, let port):
            server.bind(accept(peer(of: connection), on: port), to: connection)
        case .connected(let connection):
            if let session = server.session(on: connection) {
                server.mail.connected(session, to: peer(of: connection), at: now)
            }
        case .readable(let connection): readForMailHost(connection)
        case .writable(let connection): if let session = server.session(on: connection) { send(session) }
        case .peerClosed(let connection):
            if let session = server.session(on: connection) { server.mail.peerClosed(session, at: now) }
        case .closed(let connection, let reason):
            if let session = server.session(on: connection) {
                server.mail.closed(session, reason: reason.description, at: now)
                server.unbind(session)
            }
        case .datagram: break
        }
        performMailActions()
    }

    private mutating func accept(_ peer: MailHost.Peer, on port: UInt16) -> SessionID {
        if port == World.fingerPort { return server.mail.fingerAccepted(peer, at: now) }
        return server.mail.accepted(peer, for: port == World.relayPort ? .onDemandRelay : .mail, at: now)
    }

    private func peer(of connection: ConnectionID) -> MailHost.Peer {
        server.peer(at: hosts[0].stack.remoteAddress(of: connection))
    }

    // Hot path.
    private mutating func readForMailHost(_ connection: ConnectionID) {
        guard let session = server.session(on: connection), server.mail.wantsInput(session) else { return }
        var octets = takeBuffer()
        hosts[0].stack.read(connection, into: &octets)
        server.mail.receive(octets.span.bytes, on: session, at: now)
        giveBack(&octets)
    }

    mutating func mailDeadline() {
        server.mail.deadlineReached(at: now)
        performMailActions()
    }

    // MARK: What the mail host wants

    mutating func performMailActions() {
        while let action = server.mail.nextAction() { perform(action) }
        clock.set(mailAlarm, to: server.isDown ? nil : server.mail.deadline)
    }

    private mutating func perform(_ action: MailHost.Action) {
        switch action {
        case .send(let session): send(session)
        case .read(let session): if let connection = server.connection(of: session) { readForMailHost(connection) }
        case .connect(let session, let domain): connect(session, to: domain)
        case .abort(let session):
            guard let connection = server.connection(of: session) else { return }
            server.unbind(session)
            hosts[0].stack.abort(connection, at: now)
            pump(0)
        case .makeChallenge(let session):
            let challenge = "<\(challengeLuck.next()).\(now.nanoseconds)@\(server.name)>"
            server.mail.challengeMade(challenge, for: session, at: now)
        case .verify(let session, let proof):
            if let user = userProved(by: proof) {
                server.mail.authenticated(session, as: user, at: now)
            } else {
                server.mail.authenticationRefused(session, at: now)
            }
        case .startTLS, .makeSCRAMChallenge:
            preconditionFailure("hosts of these years speak in the clear, and know no SHA-256")
        // Nobody reads the server's own mail here; that it came is told.
        case .deliverHere: break
        case .passOn(let message, let number): setAside(message, number: number)
        case .happened(let happening, nil): emit(happening, host: 0)
        case .happened(let happening, let domain?): emit(happening, of: domain)
        }
    }

    private mutating func connect(_ session: SessionID, to domain: Domain) {
        guard let address = server.route(to: domain) else {
            return server.mail.closed(session, reason: "no route", at: now)
        }
        emit(
            .flushConnecting(
                domain: domain.spelling, address: address.description, port: Int(World.smtpPort)), of: domain)
        server.bind(session, to: hosts[0].stack.connect(to: address, port: World.smtpPort, at: now))
        pump(0)
    }

    /// Moves output from the session to the connection, as much as its send buffer takes. Hot path.
    private mutating func send(_ session: SessionID) {
        guard let connection = server.connection(of: session) else { return }
        var octets = takeBuffer()
        var isOver = false
        while true {
            let room = hosts[0].stack.sendRoom(of: connection)
            isOver = server.mail.takeOutput(of: session, upTo: room, into: &octets, at: now)
            if octets.isEmpty { break }
            hosts[0].stack.write(octets.span.bytes, to: connection, at: now)
            octets.removeAll(keepingCapacity: true)
        }
        giveBack(&octets)
        if isOver { hosts[0].stack.close(connection, at: now) }
        pump(0)
    }

    /// There is no way out of a simulation of one provider: what is for others is set aside.
    private mutating func setAside(_ message: MailHost.Message, number: Int) {
        let aside = received.begin(.init(at: now, client: World.serverName, ordinal: number))
        received.append(message.content.render(), to: aside)
        received.end(aside, isStored: true)
    }

    private func userProved(by proof: SASLProof) -> String? {
        switch proof {
        case .password(let user, let password, let actsFor):
            guard let account = server.account(named: user), password == Array(account.password.utf8),
                actsFor.isEmpty || actsFor == user
            else { return nil }
            return user
        case .cramMD5(let user, let challenge, let text):
            guard let account = server.account(named: user),
                text == CRAMDigest.text(of: Array(challenge.utf8), password: Array(account.password.utf8), md5: digest)
            else { return nil }
            return user
        case .scramSHA256: preconditionFailure("it is not offered: there is no SHA-256 down here")
        }
    }
}
