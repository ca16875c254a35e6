import Timebase
import Wire

extension PPPLink {
    /// One direction of authentication: ours to the peer, or the peer's to us.
    enum Authentication: Sendable {
        case none
        case papPeer(PAPPeer)
        case papAuthenticator(PAPAuthenticator)
        case chapPeer(CHAPPeer)
        case chapAuthenticator(CHAPAuthenticator)
    }

    /// Begins what LCP has agreed on, in both directions; with nothing agreed, the network phase.
    mutating func beginAuthentication(at now: Instant, into outbox: inout Outbox<Action>) {
        let options = lcp.options
        isProofOwed = options.acceptedMethod != nil
        isCheckOwed = options.demandedMethod != nil
        guard isProofOwed || isCheckOwed else { return beginNetwork(at: now, into: &outbox) }
        phase = .authenticate
        authenticationLimit = now + configuration.authenticationLimit
        proof = options.acceptedMethod.map(prover) ?? .none
        check = options.demandedMethod.map { checker($0) } ?? .none
        var actions = Outbox<AuthenticationAction>()
        proof.begin(at: now, into: &actions)
        carryOutProof(&actions, at: now, into: &outbox)
        check.begin(at: now, into: &actions)
        carryOutCheck(&actions, at: now, into: &outbox)
    }

    mutating func receiveAuthentication(
        _ packet: ControlPacket, by method: AuthenticationMethod, at now: Instant, into outbox: inout Outbox<Action>
    ) {
        guard proof.method == method || check.method == method else {
            discardedFrames &+= 1
            return
        }
        var actions = Outbox<AuthenticationAction>()
        if proof.method == method {
            proof.receive(packet, at: now, into: &actions)
            carryOutProof(&actions, at: now, into: &outbox)
        }
        if check.method == method {
            check.receive(packet, at: now, into: &actions)
            carryOutCheck(&actions, at: now, into: &outbox)
        }
    }

    mutating func authenticationDeadlineReached(at now: Instant, into outbox: inout Outbox<Action>) {
        var actions = Outbox<AuthenticationAction>()
        proof.deadlineReached(at: now, into: &actions)
        carryOutProof(&actions, at: now, into: &outbox)
        check.deadlineReached(at: now, into: &actions)
        carryOutCheck(&actions, at: now, into: &outbox)
    }

    private func prover(_ method: AuthenticationMethod) -> Authentication {
        guard let credentials = configuration.credentials else { return .none }
        return switch method {
        case .pap: .papPeer(PAPPeer(credentials, timer: retryTimer))
        case .chap: .chapPeer(CHAPPeer(credentials, digest: configuration.digest, timer: retryTimer))
        }
    }

    private mutating func checker(_ method: AuthenticationMethod) -> Authentication {
        switch method {
        case .pap:
            .papAuthenticator(PAPAuthenticator(users: configuration.users))
        case .chap:
            .chapAuthenticator(
                CHAPAuthenticator(
                    name: configuration.name, users: configuration.users, digest: configuration.digest,
                    timer: retryTimer, repeatInterval: configuration.challengeRepeatInterval,
                    random: PPPLink.branch(&random, "challenge")))
        }
    }

    private var retryTimer: RetryTimer {
        RetryTimer(interval: configuration.authenticationRetryInterval, tries: configuration.authenticationTries)
    }

    private mutating func carryOutProof(
        _ actions: inout Outbox<AuthenticationAction>, at now: Instant, into outbox: inout Outbox<Action>
    ) {
        guard let method = proof.method else { return }
        while let action = actions.next() {
            if carryOut(action, of: method, at: now, into: &outbox) == nil { continue }
            if isProofOwed {
                isProofOwed = false
                beginNetworkIfAuthenticated(at: now, into: &outbox)
            }
        }
    }

    private mutating func carryOutCheck(
        _ actions: inout Outbox<AuthenticationAction>, at now: Instant, into outbox: inout Outbox<Action>
    ) {
        guard let method = check.method else { return }
        while let action = actions.next() {
            guard let user = carryOut(action, of: method, at: now, into: &outbox) else { continue }
            peerUser = user
            if isCheckOwed {
                isCheckOwed = false
                beginNetworkIfAuthenticated(at: now, into: &outbox)
            }
        }
    }

    // The user's name on success.
    private mutating func carryOut(
        _ action: AuthenticationAction, of method: AuthenticationMethod, at now: Instant,
        into outbox: inout Outbox<Action>
    ) -> String? {
        switch action {
        case .send(let packet):
            outbox.append(.send(packet.frame(method == .pap ? .pap : .chap)))
        case .succeeded(let user):
            outbox.append(.authenticated(user: user, by: method))
            return user
        case .failed(let user, let message):
            outbox.append(.authenticationFailed(user: user, by: method, message: message))
            finish(.authenticationFailed, at: now, into: &outbox)
        }
        return nil
    }

    private mutating func beginNetworkIfAuthenticated(at now: Instant, into outbox: inout Outbox<Action>) {
        if phase == .authenticate, !isProofOwed, !isCheckOwed { beginNetwork(at: now, into: &outbox) }
    }
}

extension PPPLink.Authentication {
    var method: AuthenticationMethod? {
        switch self {
        case .none: nil
        case .papPeer, .papAuthenticator: .pap
        case .chapPeer, .chapAuthenticator: .chap
        }
    }

    var deadline: Instant? {
        switch self {
        case .none, .papAuthenticator: nil
        case .papPeer(let peer): peer.deadline
        case .chapPeer(let peer): peer.deadline
        case .chapAuthenticator(let authenticator): authenticator.deadline
        }
    }

    mutating func begin(at now: Instant, into outbox: inout Outbox<AuthenticationAction>) {
        switch self {
        case .none, .papAuthenticator, .chapPeer: return
        case .papPeer(var peer):
            peer.begin(at: now, into: &outbox)
            self = .papPeer(peer)
        case .chapAuthenticator(var authenticator):
            authenticator.begin(at: now, into: &outbox)
            self = .chapAuthenticator(authenticator)
        }
    }

    mutating func receive(
        _ packet: ControlPacket, at now: Instant, into outbox: inout Outbox<AuthenticationAction>
    ) {
        switch self {
        case .none: return
        case .papPeer(var peer):
            peer.receive(packet, into: &outbox)
            self = .papPeer(peer)
        case .papAuthenticator(var authenticator):
            authenticator.receive(packet, into: &outbox)
            self = .papAuthenticator(authenticator)
        case .chapPeer(var peer):
            peer.receive(packet, at: now, into: &outbox)
            self = .chapPeer(peer)
        case .chapAuthenticator(var authenticator):
            authenticator.receive(packet, at: now, into: &outbox)
            self = .chapAuthenticator(authenticator)
        }
    }

    mutating func deadlineReached(at now: Instant, into outbox: inout Outbox<AuthenticationAction>) {
        switch self {
        case .none, .papAuthenticator: return
        case .papPeer(var peer):
            peer.deadlineReached(at: now, into: &outbox)
            self = .papPeer(peer)
        case .chapPeer(var peer):
            peer.deadlineReached(at: now, into: &outbox)
            self = .chapPeer(peer)
        case .chapAuthenticator(var authenticator):
            authenticator.deadlineReached(at: now, into: &outbox)
            self = .chapAuthenticator(authenticator)
        }
    }
}
