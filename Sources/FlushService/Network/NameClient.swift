import Foundation
import MailHost
import NIOCore
import NIOPosix
import Resolver
// NIO has another one.
import struct Resolver.Resolver
import SMTP
import Timebase
import Wire

/// The resolver's sockets: each question from a UDP port of its own, by TCP when the answer is cut (RFC 7766 §5).
final class NameClient {
    private let loop: any EventLoop
    private let clock: ServiceClock
    private var resolver: Resolver
    private var outbox = Outbox<Resolver.Action>()
    private var ports: [UInt16: any Channel] = [:]
    private var streams: [Resolver.StreamID: any Channel] = [:]
    private var timer: Scheduled<Void>?
    /// Whom it asks.
    let configuration: ResolverConfiguration
    /// Hears what DNS says of a domain that was looked up.
    var tell: (Domain, Resolver.Lookup) -> Void = { _, _ in }

    private static let connectTimeout = TimeAmount.seconds(10)

    init(_ configuration: ResolverConfiguration, on loop: any EventLoop, clock: ServiceClock) {
        self.loop = loop
        self.clock = clock
        self.configuration = configuration
        resolver = Resolver(
            configuration, luck: RandomStream(seed: .random(in: .min ... .max), thing: "resolver", purpose: "ids"))
    }

    /// Looks for the hosts of a domain; ``tell`` hears of them, never before this is over.
    func lookUp(_ domain: Domain) {
        let bound = NIOLoopBound(self, eventLoop: loop)
        loop.execute { bound.value.drive { $0.lookUp(domain, at: $1, into: &$2) } }
    }

    // MARK: What the sockets tell

    fileprivate func datagramCame(_ buffer: ByteBuffer, from address: SocketAddress, to port: UInt16) {
        guard let server = NameServer(address) else { return }
        drive { $0.datagramReceived(buffer.readableBytesSpan, from: server, to: port, at: $1, into: &$2) }
    }

    fileprivate func isUnreachable(from port: UInt16) {
        drive { $0.serverUnreachable(from: port, at: $1, into: &$2) }
    }

    fileprivate func came(_ buffer: ByteBuffer, on stream: Resolver.StreamID) {
        drive { $0.streamReceived(buffer.readableBytesSpan, on: stream, at: $1, into: &$2) }
    }

    fileprivate func isClosed(_ stream: Resolver.StreamID) {
        streams[stream] = nil
        drive { $0.streamClosed(stream, at: $1, into: &$2) }
    }

    // MARK: What the resolver wants

    private func drive(_ event: (inout Resolver, Instant, inout Outbox<Resolver.Action>) -> Void) {
        event(&resolver, clock.now, &outbox)
        var found: [(Domain, Resolver.Lookup)] = []
        while let action = outbox.next() {
            switch action {
            case .send(let octets, let server, let port): send(octets, to: server, from: port)
            case .sendByTCP(let octets, let server, let stream): send(octets, to: server, on: stream)
            case .closePort(let port): ports.removeValue(forKey: port)?.close(promise: nil)
            case .closeStream(let stream): streams.removeValue(forKey: stream)?.close(promise: nil)
            case .found(let domain, let lookup): found.append((domain, lookup))
            }
        }
        setTimer()
        for (domain, lookup) in found { tell(domain, lookup) }
    }

    private func send(_ octets: [UInt8], to server: NameServer, from port: UInt16) {
        let bound = NIOLoopBound(self, eventLoop: loop)
        guard let address = server.socketAddress else { return isUnreachable(from: port) }
        let wildcard = if case .v6 = server.address { "::" } else { "0.0.0.0" }
        DatagramBootstrap(group: loop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(DatagramHandler(bound.value, port))
                }
            }
            .bind(host: wildcard, port: Int(port))
            // Connected, so that the kernel passes on nobody else's datagrams, and tells of ICMP.
            .flatMap { channel in channel.connect(to: address).map { channel } }
            .whenComplete { result in
                guard case .success(let channel) = result else {
                    return bound.value.drive { $0.portUnavailable(port, at: $1, into: &$2) }
                }
                bound.value.ports[port] = channel
                channel.writeAndFlush(
                    AddressedEnvelope(remoteAddress: address, data: ByteBuffer(bytes: octets)), promise: nil)
            }
    }

    private func send(_ octets: [UInt8], to server: NameServer, on stream: Resolver.StreamID) {
        let bound = NIOLoopBound(self, eventLoop: loop)
        guard let address = server.socketAddress else { return isClosed(stream) }
        ClientBootstrap(group: loop)
            .connectTimeout(NameClient.connectTimeout)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(StreamHandler(bound.value, stream))
                }
            }
            .connect(to: address)
            .whenComplete { result in
                guard case .success(let channel) = result else { return bound.value.isClosed(stream) }
                bound.value.streams[stream] = channel
                channel.writeAndFlush(ByteBuffer(bytes: octets), promise: nil)
            }
    }

    private func setTimer() {
        timer?.cancel()
        guard let due = resolver.deadline else { return }
        let bound = NIOLoopBound(self, eventLoop: loop)
        timer = loop.scheduleTask(in: .nanoseconds(max(0, (due - clock.now).nanoseconds))) {
            bound.value.drive { $0.deadlineReached(at: $1, into: &$2) }
        }
    }
}

/// One UDP port of the resolver.
private final class DatagramHandler: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>

    private let client: NameClient
    private let port: UInt16

    init(_ client: NameClient, _ port: UInt16) {
        self.client = client
        self.port = port
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let datagram = unwrapInboundIn(data)
        client.datagramCame(datagram.data, from: datagram.remoteAddress, to: port)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { client.isUnreachable(from: port) }
}

/// One TCP connection of the resolver.
private final class StreamHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let client: NameClient
    private let stream: Resolver.StreamID

    init(_ client: NameClient, _ stream: Resolver.StreamID) {
        self.client = client
        self.stream = stream
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { client.came(unwrapInboundIn(data), on: stream) }
    func channelInactive(context: ChannelHandlerContext) { client.isClosed(stream) }
    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}

extension NameServer {
    fileprivate init?(_ address: SocketAddress) {
        guard let ip = address.ipAddress.flatMap(IPAddress.init(parsing:)), let port = address.port.map(UInt16.init)
        else { return nil }
        self.init(ip, port: port)
    }

    fileprivate var socketAddress: SocketAddress? { try? SocketAddress(ipAddress: "\(address)", port: Int(port)) }
}

extension ResolverConfiguration {
    /// Whom a service asks: those of its plan, or those of this machine.
    init(of plan: MailService.Plan) {
        if plan.nameServers.isEmpty {
            let text = (try? String(contentsOfFile: "/etc/resolv.conf", encoding: .utf8)) ?? ""
            self.init(resolvConf: text)
        } else {
            self.init(servers: plan.nameServers)
        }
        ownNames = [plan.host.name]
        ownAddresses = plan.listeners.compactMap { IPAddress(parsing: $0.address) }
            .filter { !["0.0.0.0", "::"].contains("\($0)") }
    }
}
