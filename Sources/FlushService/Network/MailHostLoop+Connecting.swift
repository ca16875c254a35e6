import Events
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

/// The way to a domain's host: at an address, as MX records say, or where its owner was last.
extension MailHostLoop {
    /// How long a connection may take to come about.
    private static let connectTimeout = TimeAmount.seconds(30)

    func connect(_ session: SessionID, to domain: Domain) {
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
    func found(_ lookup: Resolver.Lookup, of domain: Domain) {
        while let index = awaitingNames.firstIndex(where: { $0.domain == domain }) {
            let (_, session, port) = awaitingNames.remove(at: index)
            do throws(NextHops<IPAddress>.Obstacle) {
                let hops = try NextHops(
                    of: domain, lookup, ownNames: [mail.configuration.name],
                    ownAddresses: names.configuration.ownAddresses,
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
            .connectTimeout(Self.connectTimeout)
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
    func noteAddress(of session: SessionID, _ account: String) {
        guard let address = handler(of: session)?.context?.remoteAddress?.ipAddress, routes.isAt(address, account)
        else { return }
        store.keep(.address(address, account: account))
    }
}
