import Events
import Foundation
import Glibc
import MailHost
import MailQueue
import NIOCore
import NIOPosix
import Resolver
import SMTP
import Timebase

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
    let loop: any EventLoop
    var routes: Routes
    var names: NameClient
    /// Who waits for the name servers.
    var awaitingNames: [(domain: Domain, session: SessionID, port: Int)] = []
    var luck = RandomStream(
        seed: .random(in: .min ... .max), thing: "routes", purpose: "order of equal hosts")
    private var authenticator: Authenticator
    /// What TLS needs from the next connection on.
    var tls: TLSSettings
    let report: @Sendable (Event) -> Void
    let clock: ServiceClock
    let store: SQLiteStore
    let journal: JournalWriter?
    var mail: MailHost
    /// The connections of the sessions, by their places.
    var handlers: [SessionHandler?] = []
    private var timer: (due: Instant, task: Scheduled<Void>)?
    private var storeFault: String?
    private var counts: Measures
    /// What operators have changed and is not yet durable, with the batch that has to be.
    private var changes: ArraySlice<OperatorChange> = []
    private var isPerforming = false
    /// Kept when no connection is left, once the host is to stop.
    private var quiet: EventLoopPromise<Void>?
    /// What is still to be written will be written, and nobody is there to hear of it.
    private var isOver = false
    private var octets: [UInt8] = []

    /// How much is written at once.
    private static let room = 65_536
    /// How long connections have to come to their ends when the host is to stop.
    private static let shutDownTime = TimeAmount.seconds(30)
    /// How often the free space of the disk is looked at.
    private static let spacePause = TimeAmount.seconds(5)

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
        listenToNames()
        setTimer()
    }

    private func listenToNames() {
        names.tell = { [unowned self] domain, lookup in found(lookup, of: domain) }
    }

    /// Another configuration holds for whatever begins from now on.
    func apply(_ configuration: ServiceConfiguration, tls: TLSSettings) {
        let (plan, now) = (configuration.plan, clock.now)
        journal?.note(
            .configured(
                configuration: configuration.text, overrides: configuration.overrides,
                registry: configuration.registry), at: now)
        self.tls = tls
        routes.replace(by: plan)
        let resolver = ResolverConfiguration(of: plan)
        if resolver != names.configuration {
            names.tell = { _, _ in }
            names = NameClient(resolver, on: loop, clock: clock)
            listenToNames()
            for waiting in awaitingNames { names.lookUp(waiting.domain) }
        }
        mail.apply(plan.host, at: now)
        perform()
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
        guard !isOver else { return }
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
        case .damaged(let reason): storeDamaged(reason)
        }
        perform()
    }

    /// Something of the store cannot be read.
    func storeDamaged(_ reason: String) {
        let now = clock.now
        journal?.note(.storeDamaged(reason), at: now)
        mail.storeDamaged(reason, at: now)
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
        isOver = true
        answerChanges(durable: 0, fault: "the service ends")
        quiet?.succeed()
        quiet = nil
    }

    /// Other accounts hold from the next AUTH on.
    func setAccounts(_ accounts: [String: SCRAMKeys]) { authenticator = Authenticator(accounts) }

    /// What it has done and what it holds, for Prometheus.
    var measures: String { counts.text(of: mail) }
    /// Why it takes no mail now; nil when it does.
    var obstacle: String? {
        if quiet != nil { return "stopping" }
        return storeFault.map { "the store cannot be written: \($0)" }
            ?? mail.storeDamage.map { "the store is damaged: \($0)" }
    }

    /// An operator wants to know something of the host.
    func ask<Answer>(_ question: (MailHost) -> Answer) -> Answer { question(mail) }

    // MARK: What the host wants

    // What an action leads to may lead to more: all of it is done here, in order, and never within an action.
    func perform() {
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

    func isGone(_ session: SessionID, reason: String) {
        let now = clock.now
        journal?.note(.closed(session, reason: reason), at: now)
        mail.closed(session, reason: reason, at: now)
    }

    // MARK: How it works

    func keep(_ handler: SessionHandler, of session: SessionID) {
        while handlers.count <= session.slot { handlers.append(nil) }
        handlers[session.slot] = handler
        handler.session = session
    }

    func handler(of session: SessionID) -> SessionHandler? {
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
