import Events
import MailHost
import MailQueue
import SMTP
import TCPIP
import Timebase

/// The connections of the client hosts, SMTP and Finger: octets from the stacks into the sessions, and back.
extension World {
    // MARK: What the stacks report

    mutating func receive(_ event: SocketEvent, host: Int) {
        guard host > 0 else { return mailHostHears(event) }
        switch event {
        case .accepted(let connection, _): serve(connection, on: host)
        case .connected(let connection): connected(connection, on: host)
        case .readable(let connection): read(connection, on: host)
        case .writable(let connection): conversation(on: connection, of: host).map { converse($0) }
        case .peerClosed(let connection): peerClosed(connection, on: host)
        case .closed(let connection, let reason): closed(connection, on: host, reason)
        case .datagram: break
        }
    }

    private mutating func serve(_ connection: ConnectionID, on host: Int) {
        var session = SMTPServerSession(configuration: clients[host - 1].smtpConfiguration)
        session.connected(at: now, date: begins.date(at: now))
        let index = open(connection, on: host, for: .serving)
        conversations[index]?.server = session
        clients[host - 1].retrieval.deliveryBegan()
        converse(index)
    }

    /// A new conversation on a connection.
    mutating func open(_ connection: ConnectionID, on host: Int, for purpose: Conversation.Purpose) -> Int {
        // The slab decides the index before the alarm can know it, hence the two steps.
        let alarm = clock.makeAlarm(.session, source: host)
        let index = conversations.insert(
            Conversation(host: host, connection: connection, alarm: alarm, purpose: purpose))
        clock.setDetail(of: alarm, to: index)
        hosts[host].setConversation(index, on: connection)
        return index
    }

    private mutating func connected(_ connection: ConnectionID, on host: Int) {
        guard let index = conversation(on: connection, of: host) else { return }
        conversations[index]?.client?.connected(at: now)
        switch conversations[index]?.purpose {
        case .asking: emit(.etrnConnected, host: host)
        case .reversing: emit(.reversalConnected, host: host)
        case .fingering: fingerConnected(index)
        default: break
        }
        converse(index)
    }

    mutating func read(_ connection: ConnectionID, on host: Int) {
        guard let index = conversation(on: connection, of: host) else { return }
        var octets = takeBuffer()
        var content = takeBuffer()
        hosts[host].stack.read(connection, into: &octets)
        conversations[index]?.receive(
            octets.span.bytes, lending: &content, at: now, &serverActions, &clientActions)
        giveBack(&octets)
        giveBack(&content)
        performServerActions(of: index)
        performClientActions(of: index)
        takeContent(of: index)
        converse(index)
    }

    /// The conversation on a connection, if any.
    func conversation(on connection: ConnectionID, of host: Int) -> Int? {
        hosts[host].conversation(inSlot: connection.slot)
    }

    private mutating func peerClosed(_ connection: ConnectionID, on host: Int) {
        guard let index = conversation(on: connection, of: host) else { return }
        tellPeerClosed(index)
        converse(index)
    }

    private mutating func tellPeerClosed(_ index: Int) {
        if conversations[index]?.finger != nil {
            fingerEnded(index)
        } else if conversations[index]?.server != nil {
            conversations[index]?.server?.peerClosed(at: now, into: &serverActions)
            performServerActions(of: index)
        } else if conversations[index]?.client?.state != .unconnected {
            conversations[index]?.client?.peerClosed(at: now, into: &clientActions)
            performClientActions(of: index)
        }
    }

    private mutating func closed(_ connection: ConnectionID, on host: Int, _ reason: CloseReason) {
        guard let index = conversation(on: connection, of: host) else { return }
        let wasConnected = conversations[index]?.client?.state != .unconnected
        if conversations[index]?.isClosing == false { tellPeerClosed(index) }
        hosts[host].setConversation(nil, on: connection)
        guard let conversation = conversations.remove(at: index) else { return }
        clock.release(conversation.alarm)
        switch conversation.purpose {
        case .serving:
            let isComplete = conversation.server?.hasQuit ?? false
            perform(
                clients[host - 1].retrieval.deliveryEnded(isComplete: isComplete, at: now), client: host - 1)
        case .submitting:
            if !wasConnected { emit(.submissionFailed(reason: reason.description), host: host) }
            perform(clients[host - 1].retrieval.submissionEnded(at: now), client: host - 1)
        case .speaking:
            if !wasConnected { emit(.dialogueFailed(reason: reason.description), host: host) }
        case .asking:
            if !wasConnected { emit(.etrnFailed(reason: reason.description), host: host) }
            perform(clients[host - 1].retrieval.askingEnded(at: now), client: host - 1)
        case .reversing:
            if !wasConnected { emit(.reversalFailed(reason: reason.description), host: host) }
            perform(clients[host - 1].retrieval.askingEnded(at: now), client: host - 1)
        case .fingering(let name): fingerClosed(conversation.finger, name, client: host - 1, reason)
        }
    }

    // MARK: When the link is gone

    /// Gives up all connections of a client host whose link is gone. Left alone they would time out minutes later, in
    /// the middle of the next call, and be taken for connections of that call.
    mutating func abandonConversations(of host: Int) {
        for index in hosts[host].conversations {
            if conversations[index]?.client?.state != .quitting, conversations[index]?.isClosing == false {
                tellLinkWentDown(conversations[index]?.purpose, host: host)
            }
            abandon(index)
        }
        pump(host)
    }

    private mutating func tellLinkWentDown(_ purpose: Conversation.Purpose?, host: Int) {
        switch purpose {
        case .asking: emit(.etrnFailed(reason: MailHost.linkWentDown), host: host)
        case .reversing: emit(.reversalFailed(reason: MailHost.linkWentDown), host: host)
        case .fingering: emit(.fingerFailed(reason: MailHost.linkWentDown), host: host)
        case .submitting: emit(.submissionFailed(reason: MailHost.linkWentDown), host: host)
        case .speaking: emit(.dialogueFailed(reason: MailHost.linkWentDown), host: host)
        case .serving, nil: break
        }
    }

    /// Gives up a connection: its session is forgotten and its peer not told, for there is no way to it.
    mutating func abandon(_ index: Int) {
        breakOffMessage(conversation: index)
        guard let conversation = conversations.remove(at: index) else { return }
        hosts[conversation.host].setConversation(nil, on: conversation.connection)
        clock.release(conversation.alarm)
        hosts[conversation.host].stack.abort(conversation.connection, at: now)
    }

    // MARK: What the sessions want

    mutating func performServerActions(of index: Int) {
        while let action = serverActions.next() {
            switch action {
            case .beginContent(let envelope): beginMessage(envelope, conversation: index)
            case .store(let envelope): store(envelope, conversation: index)
            case .discardContent: discardMessage(conversation: index)
            case .findCheckpoint(let id): findTransfer(id, conversation: index)
            case .keepContent(let id, let envelope): keepTransfer(id, envelope, conversation: index)
            case .forgetCheckpoint(let id): forgetTransfer(id, conversation: index)
            case .startQueue, .lookUp, .makeChallenge, .makeSCRAMChallenge, .verify, .askReversal, .reverse, .startTLS:
                preconditionFailure("a client host offers none of this")
            case .close: conversations[index]?.isClosing = true
            }
        }
    }

    private mutating func performClientActions(of index: Int) {
        while let action = clientActions.next() {
            switch conversations[index]?.purpose {
            case .asking: askingDid(action, conversation: index)
            case .reversing: reversingDid(action, conversation: index)
            case .submitting: submissionDid(action, conversation: index)
            case .speaking: dialogueDid(action, conversation: index)
            default: preconditionFailure("a client session asks or sends")
            }
        }
    }

    /// Moves output from the session to the connection, as much as its send buffer takes. Hot path.
    mutating func converse(_ index: Int) {
        guard let (host, connection, alarm) = conversations[index]?.whereabouts() else { return }
        var octets = takeBuffer()
        while true {
            let room = hosts[host].stack.sendRoom(of: connection)
            if room > 0 { conversations[index]?.takeOutput(upTo: room, into: &octets, at: now) }
            if octets.isEmpty { break }
            hosts[host].stack.write(octets.span.bytes, to: connection, at: now)
            octets.removeAll(keepingCapacity: true)
        }
        giveBack(&octets)
        let turn = conversations[index]?.endTurn()
        if turn?.isOver == true { hosts[host].stack.close(connection, at: now) }
        clock.set(alarm, to: turn?.deadline)
        pump(host)
    }

    /// A session's deadline came.
    mutating func sessionDeadline(_ index: Int) {
        guard conversations[index] != nil else { return }
        if conversations[index]?.finger != nil {
            fingerEnded(index)
        } else if conversations[index]?.server != nil {
            conversations[index]?.server?.deadlineReached(at: now, into: &serverActions)
            performServerActions(of: index)
        } else {
            conversations[index]?.client?.deadlineReached(at: now, into: &clientActions)
            performClientActions(of: index)
        }
        converse(index)
    }
}
