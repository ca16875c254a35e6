import Events
import Foundation
import Glibc
import MailHost
import MailQueue
import NIOCore
import NIOPosix
import Resolver
// NIO has another one.
import struct Resolver.Resolver
import SMTP
import Timebase
import Wire

/// What an operator has changed, and hears of when the batch with it is durable.
private struct OperatorChange {
    let batch: Int
    let answer: QueueRequest.Answer
    let promise: EventLoopPromise<QueueRequest.Answer>
}

/// A mail host on real sockets.
///
/// Everything that moves the host happens on one event loop, one thing after the other: what comes from the sockets,
/// the timer, and what the store tells. So all of it has one order, in which it could be told to another host of the
/// same beginning, which would then do the same.
final class MailHostLoop {
    private let loop: any EventLoop
    private var routes: Routes
    private let names: NameClient
    /// Who waits for the name servers.
    private var awaitingNames: [(domain: Domain, session: SessionID, port: Int)] = []
    private var luck = RandomStream(
        seed: .random(in: .min ... .max), thing: "routes", purpose: "order of equal hosts")
    private var authenticator: Authenticator
    /// What TLS needs from the next connection on.
    var tls: TLSSettings
    private let report: @Sendable (Event) -> Void
    private let clock: ServiceClock
    private let store: SQLiteStore
    private let journal: JournalWriter?
    private var mail: MailHost
    /// The connections of the sessions, by their places.
    private var handlers: [SessionHandler?] = []
    private var timer: (due: Instant, task: Scheduled<Void>)?
    private var storeFault: String?
    private var counts: Measures
    /// What operators have changed and is not yet durable, with the batch that has to be.
    private var changes: ArraySlice<OperatorChange> = []
    private var isPerforming = false
    /// Kept when no connection is left, once the host is to stop.
    private var quiet: EventLoopPromise<Void>?
    private var octets: [UInt8] = []

    /// How much is written at once.
    private static let room = 65_536
    /// How long connections have to come to their ends when the host is to stop.
    private static let shutDownTime = TimeAmount.seconds(30)
    /// How often the free space of the disk is looked at.
    private static let spacePause = TimeAmount.seconds(5)
    /// How long a connection may take to come about.
    private static let connectTimeout = TimeAmount.seconds(30)

    init(
        _ mail: MailHost, _ store: SQLiteStore, on loop: any EventLoop, routes: Routes,
        resolver: ResolverConfiguration, authenticator: Authenticator, tls: TLSSettings, clock: ServiceClock,
        journal: JournalWriter?, report: @escaping @Sendable (Event) -> Void
    ) {
        self.mail = mail
        self.store = store
        self.journal = journal
        self.loop = loop
        self.routes = routes
        self.authenticator = authenticator
        self.tls = tls
        self.clock = clock
        self.report = report
        counts = Measures(began: clock.now)
        names = NameClient(resolver, on: loop, clock: clock)
        names.tell = { [unowned self] domain, lookup in found(lookup, of: domain) }
        setTimer()
    }

    // MARK: What the sockets tell

    func accepted(
        _ handler: SessionHandler, _ address: SocketAddress?, for service: SMTPService, isSecure: Bool
    ) {
        let (peer, now) = (routes.peer(at: address), clock.now)
        journal?.note(
            .accepted(
                address: peer.address, domains: peer.domains.map(\.spelling), mayRelay: peer.mayRelay,
                service: service.rawValue, isSecure: isSecure), at: now)
        let session = mail.accepted(peer, for: service, isSecure: isSecure, at: now)
        keep(handler, of: session)
        perform()
    }

    func connected(_ session: SessionID, _ handler: SessionHandler) {
        guard handlers[session.slot] === handler else { return handler.abort() }
        let (peer, now) = (routes.peer(at: handler.context?.remoteAddress), clock.now)
        journal?.note(
            .connected(session, address: peer.address, domains: peer.domains.map(\.spelling)), at: now)
        mail.connected(session, to: peer, at: now)
        perform()
    }

    func receive(_ buffer: ByteBuffer, on session: SessionID) {
        let now = clock.now
        journal?.note(.received(session, Data(buffer.readableBytesView)), at: now)
        mail.receive(buffer.readableBytesSpan, on: session, at: now)
        perform()
    }

    func peerClosed(_ session: SessionID) {
        let now = clock.now
        journal?.note(.peerClosed(session), at: now)
        mail.peerClosed(session, at: now)
        perform()
    }

    func closed(_ session: SessionID, reason: String) {
        if handlers[session.slot]?.session == session { handlers[session.slot] = nil }
        isGone(session, reason: reason)
        perform()
    }

    func tlsStarted(_ session: SessionID) {
        let now = clock.now
        journal?.note(.tlsStarted(session), at: now)
        mail.tlsStarted(session, at: now)
        perform()
    }

    func wantsInput(_ session: SessionID) -> Bool { mail.wantsInput(session) }

    // MARK: What others tell

    /// Looks at the free space of the store's disk from now on, every few seconds.
    func watchSpace(in folder: String) {
        let bound = NIOLoopBound(self, eventLoop: loop)
        loop.scheduleRepeatedTask(initialDelay: .zero, delay: MailHostLoop.spacePause) { _ in
            var file = statvfs()
            guard statvfs(folder, &file) == 0 else { return }
            bound.value.spaceIs(Int(file.f_bavail) * Int(file.f_frsize))
        }
    }

    private func spaceIs(_ free: Int) {
        let now = clock.now
        journal?.note(.space(free: free), at: now)
        mail.spaceChanged(free: free, at: now)
        perform()
    }

    func storeDid(_ news: SQLiteStore.News) {
        switch news {
        case .advanced(let batches):
            storeChanged(fault: nil)
            store.acknowledge(batches)
            let now = clock.now
            journal?.note(.storeAdvanced(batches), at: now)
            mail.storeAdvanced(at: now)
            answerChanges(durable: batches)
        case .failed(let reason):
            storeChanged(fault: reason)
            answerChanges(durable: 0, fault: reason)
        }
        perform()
    }

    private func storeChanged(fault: String?) {
        guard fault != storeFault else { return }
        storeFault = fault
        let now = clock.now
        journal?.note(.storeFault(fault), at: now)
        mail.storeChanged(fault: fault, at: now)
    }

    /// An operator asks, or changes something.
    /// - Parameter request: what.
    /// - Returns: the answer; after a change, when it is durable.
    func answer(_ request: QueueRequest) -> EventLoopFuture<QueueRequest.Answer> {
        let now = clock.now
        if let answer = request.answer(from: mail.queue, store, at: now) { return loop.makeSucceededFuture(answer) }
        journal?.note(.asked(request), at: now)
        guard let answer = request.change(&mail, at: now) else { preconditionFailure("a request asks or changes") }
        perform()
        guard store.givenBatches > store.durableBatches else { return loop.makeSucceededFuture(answer) }
        let promise = loop.makePromise(of: QueueRequest.Answer.self)
        changes.append(OperatorChange(batch: store.givenBatches, answer: answer, promise: promise))
        return promise.futureResult
    }

    /// Operators hear that their changes are durable, or why they are not yet.
    private func answerChanges(durable batches: Int, fault: String? = nil) {
        while let change = changes.first, change.batch <= batches || fault != nil {
            changes.removeFirst()
            change.promise.succeed(
                fault.map { .init("done as soon as the store can be written: \($0)\n", isDone: false) } ?? change.answer
            )
        }
    }

    /// Nothing new is begun.
    /// - Returns: when no connection is left, or the time for it is over.
    func shutDown() -> EventLoopFuture<Void> {
        let now = clock.now
        journal?.note(.shutDown, at: now)
        mail.shutDown(at: now)
        let end = loop.makePromise(of: Void.self)
        quiet = end
        let bound = NIOLoopBound(self, eventLoop: loop)
        loop.scheduleTask(in: MailHostLoop.shutDownTime) { bound.value.endQuiet() }
        perform()
        return end.futureResult
    }

    private func endQuiet() {
        answerChanges(durable: 0, fault: "the service ends")
        quiet?.succeed()
        quiet = nil
    }

    /// Other accounts hold from the next AUTH on.
    func setAccounts(_ accounts: [String: SCRAMKeys]) { authenticator = Authenticator(accounts) }

    /// What it has done and what it holds, for Prometheus.
    var measures: String { counts.text(of: mail) }
    /// Why it takes no mail now; nil when it does.
    var obstacle: String? { quiet != nil ? "stopping" : storeFault.map { "the store cannot be written: \($0)" } }

    /// An operator wants to know something of the host.
    func ask<Answer>(_ question: (MailHost) -> Answer) -> Answer { question(mail) }

    // MARK: What the host wants

    // What an action leads to may lead to more: all of it is done here, in order, and never within an action.
    private func perform() {
        guard !isPerforming else { return }
        isPerforming = true
        while let action = mail.nextAction() { perform(action) }
        isPerforming = false
        if quiet != nil, handlers.allSatisfy({ $0 == nil }) { endQuiet() }
        setTimer()
    }

    private func perform(_ action: MailHost.Action) {
        switch action {
        case .send(let session): if let handler = handler(of: session) { send(session, handler) }
        case .read(let session): handler(of: session)?.resumeReading()
        case .connect(let session, let domain): connect(session, to: domain)
        case .abort(let session):
            handler(of: session)?.abort()
            if session.slot < handlers.count { handlers[session.slot] = nil }
            awaitingNames.removeAll { $0.session == session }
        case .startTLS(let session): startTLS(session)
        case .makeSCRAMChallenge(let session, let user):
            let (challenge, now) = (authenticator.scramChallenge(for: user), clock.now)
            journal?.note(
                .scramChallenge(
                    session, nonce: challenge.nonce, salt: Data(challenge.salt), iterations: challenge.iterations),
                at: now)
            mail.scramChallengeMade(challenge, for: session, at: now)
        case .verify(let session, let proof):
            let bound = NIOLoopBound(self, eventLoop: loop)
            // To prove a password takes ten thousand hashes: not here, where everybody waits.
            NIOThreadPool.singleton.runIfActive(eventLoop: loop) { [authenticator] in authenticator.verify(proof) }
                .whenComplete { bound.value.verified(session, try? $0.get()) }
        case .makeChallenge: preconditionFailure("CRAM-MD5 is not offered: it needs the passwords themselves")
        case .passOn: preconditionFailure("the service queues all mail")
        case .deliverHere: preconditionFailure("the postmaster's mail goes to a mailbox")
        case .happened(let happening, let domain):
            let now = clock.now
            if let flush = FlushRecord(happening, at: now) { store.keep(.flush(flush)) }
            counts.note(happening)
            report(Event(at: now, host: domain?.spelling ?? "server", happening: happening))
        }
    }

    /// Moves output from a session to its channel until the channel has enough. Hot path.
    func send(_ session: SessionID, _ handler: SessionHandler) {
        guard let context = handler.context else { return }
        var isOver = false
        while context.channel.isWritable {
            octets.removeAll(keepingCapacity: true)
            let now = clock.now
            isOver = mail.takeOutput(of: session, upTo: MailHostLoop.room, into: &octets, at: now)
            journal?.noteOutput(octets, of: session, room: MailHostLoop.room, at: now)
            if octets.isEmpty { break }
            context.write(handler.wrapOutboundOut(context.channel.allocator.buffer(bytes: octets)), promise: nil)
        }
        context.flush()
        if isOver { handler.finish() }
        perform()
    }

    private func startTLS(_ session: SessionID) {
        guard let handler = handler(of: session) else { return }
        send(session, handler)
        handler.startTLS(tls)
    }

    // MARK: The way to a domain's host

    private func connect(_ session: SessionID, to domain: Domain) {
        switch routes.host(for: domain) {
        case .at(let address, let port): connect(session, to: domain, trying: [hop(to: address, port)])
        case .lastAddress(let account, let port):
            guard let address = routes.address(of: account) else {
                return isGone(session, reason: "\(account) has never yet said from where")
            }
            connect(session, to: domain, trying: [hop(to: address, port)])
        case .mailExchangers(let port):
            awaitingNames.append((domain, session, port))
            names.lookUp(domain)
        case nil: isGone(session, reason: "no route")
        }
    }

    private func hop(to address: String, _ port: Int) -> SocketAddress? {
        try? SocketAddress(ipAddress: address, port: port)
    }

    /// What DNS says of a domain.
    private func found(_ lookup: Resolver.Lookup, of domain: Domain) {
        while let index = awaitingNames.firstIndex(where: { $0.domain == domain }) {
            let (_, session, port) = awaitingNames.remove(at: index)
            do throws(NextHops<IPAddress>.Obstacle) {
                let hops = try NextHops(
                    of: domain, lookup, ownNames: [mail.configuration.name], ownAddresses: names.ownAddresses,
                    luck: &luck)
                connect(session, to: domain, trying: hops.hops.map { hop(to: "\($0.address)", port) })
            } catch {
                hostIsMissing(session, error)
            }
        }
        perform()
    }

    private func hostIsMissing(_ session: SessionID, _ obstacle: NextHops<IPAddress>.Obstacle) {
        let reply = obstacle.reply
        let text = reply.lines.joined(separator: " ")
        guard obstacle.isPermanent else { return isGone(session, reason: text) }
        let now = clock.now
        journal?.note(
            .hostIsMissing(
                session, code: reply.code, status: reply.enhancedStatus?.description ?? "", text: text), at: now)
        mail.hostIsMissing(session, reply, at: now)
    }

    /// Connects to the first of some addresses that answers.
    private func connect(_ session: SessionID, to domain: Domain, trying hops: [SocketAddress?]) {
        guard let address = hops.first ?? nil else { return isGone(session, reason: "no address") }
        report(
            Event(
                at: clock.now, host: domain.spelling,
                happening: .flushConnecting(
                    domain: domain.spelling, address: address.ipAddress ?? "", port: address.port ?? 0)))
        let handler = SessionHandler(self, for: .delivers(session))
        keep(handler, of: session)
        let bound = NIOLoopBound((host: self, handler: handler), eventLoop: loop)
        ClientBootstrap(group: loop)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .connectTimeout(MailHostLoop.connectTimeout)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(bound.value.handler)
                }
            }
            .connect(to: address)
            .whenFailure { error in
                bound.value.host.failed(
                    session, bound.value.handler, reason: "\(error)", domain, left: Array(hops.dropFirst()))
            }
    }

    /// A connection has not come about: the next address is tried (RFC 5321 §5.1), if there is one.
    private func failed(
        _ session: SessionID, _ handler: SessionHandler, reason: String, _ domain: Domain, left: [SocketAddress?]
    ) {
        guard handlers[session.slot] === handler else { return }
        handlers[session.slot] = nil
        if left.isEmpty {
            isGone(session, reason: reason)
        } else {
            connect(session, to: domain, trying: left)
        }
        perform()
    }

    /// An account was proved: its owner is there now.
    private func noteAddress(of session: SessionID, _ account: String) {
        guard let address = handler(of: session)?.context?.remoteAddress?.ipAddress, routes.isAt(address, account)
        else { return }
        store.keep(.address(address, account: account))
    }

    private func verified(_ session: SessionID, _ proved: Authenticator.Proved?) {
        let now = clock.now
        if let proved {
            journal?.note(
                .authenticated(session, user: proved.user, signature: Data(proved.serverSignature)), at: now)
            mail.authenticated(session, as: proved.user, serverSignature: proved.serverSignature, at: now)
            noteAddress(of: session, proved.user)
        } else {
            journal?.note(.authenticationRefused(session), at: now)
            mail.authenticationRefused(session, at: now)
        }
        perform()
    }

    private func isGone(_ session: SessionID, reason: String) {
        let now = clock.now
        journal?.note(.closed(session, reason: reason), at: now)
        mail.closed(session, reason: reason, at: now)
    }

    // MARK: How it works

    private func keep(_ handler: SessionHandler, of session: SessionID) {
        while handlers.count <= session.slot { handlers.append(nil) }
        handlers[session.slot] = handler
        handler.session = session
    }

    private func handler(of session: SessionID) -> SessionHandler? {
        session.slot < handlers.count ? handlers[session.slot] : nil
    }

    /// A timer that is early does no harm, and most deadlines move on with every octet: it is only set anew when it
    /// would be late.
    private func setTimer() {
        guard let due = mail.deadline else { return }
        if let timer, timer.due <= due { return }
        timer?.task.cancel()
        let bound = NIOLoopBound(self, eventLoop: loop)
        let delay = TimeAmount.nanoseconds(max(0, (due - clock.now).nanoseconds))
        timer = (due, loop.scheduleTask(in: delay) { bound.value.timeIsUp() })
    }

    private func timeIsUp() {
        timer = nil
        let now = clock.now
        journal?.note(.deadline, at: now)
        mail.deadlineReached(at: now)
        perform()
    }
}
