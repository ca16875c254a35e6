import MailHost
import NIOCore
import NIOTLS
import SMTP

/// One connection of the mail host: octets from the channel to the loop, and back.
final class SessionHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// What a connection is for.
    enum Purpose {
        /// A client has come to a port.
        case serves(SMTPService, tls: Bool)
        /// The mail host has wanted it.
        case delivers(SessionID)
    }

    /// How long the peer is given to read the last words and close.
    static let farewell = TimeAmount.seconds(5)

    private let host: MailHostLoop
    private let purpose: Purpose
    /// Its session; nil before the host knows of it, and when it is over.
    var session: SessionID?
    private(set) var context: ChannelHandlerContext?
    /// The channel has asked for input that is not wanted yet.
    private var readIsDue = false
    private var isOver = false
    private var reason = "closed by the peer"

    init(_ host: MailHostLoop, for purpose: Purpose) {
        self.host = host
        self.purpose = purpose
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        if case .delivers(let session) = purpose { self.session = session }
    }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelActive(context: ChannelHandlerContext) {
        switch purpose {
        case .serves(let service, tls: false): accept(service, isSecure: false)
        case .serves(let service, tls: true):
            // The session does not wait for TLS: who never comes so far is counted and timed out like anybody. The
            // handler of TLS keeps the greeting until it stands, but it begins only after this call.
            let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
            context.eventLoop.execute { bound.value.accept(service, isSecure: true) }
        case .delivers(let session): host.connected(session, self)
        }
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard let session, !isOver else { return }
        host.receive(unwrapInboundIn(data), on: session)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.flush()
        context.fireChannelReadComplete()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable, let session { host.send(session, self) }
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case ChannelEvent.inputClosed:
            if isOver { context.close(promise: nil) } else if let session { host.peerClosed(session) }
        case TLSUserEvent.handshakeCompleted:
            if case .serves(_, tls: true) = purpose { break }
            if let session { host.tlsStarted(session) }
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        reason = "\(error)"
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        if let session { host.closed(session, reason: reason) }
        session = nil
        context.fireChannelInactive()
    }

    func read(context: ChannelHandlerContext) {
        guard let session, !isOver, !host.wantsInput(session) else { return context.read() }
        readIsDue = true
    }

    // MARK: What the loop wants

    /// Input is wanted again.
    func resumeReading() {
        guard readIsDue else { return }
        readIsDue = false
        context?.read()
    }

    /// Nothing more will be said: the peer may read the rest, and what it still sends is thrown away. Who just closes
    /// the socket with input unread sends a reset, which may overtake the last reply.
    func finish() {
        guard !isOver, let context else { return }
        isOver = true
        resumeReading()
        context.flush()
        context.close(mode: .output, promise: nil)
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: SessionHandler.farewell) { bound.value.context?.close(promise: nil) }
    }

    /// The session is given up.
    func abort() {
        session = nil
        context?.close(promise: nil)
    }

    /// TLS begins behind what was said so far.
    func startTLS(_ tls: TLSSettings) {
        guard let context else { return }
        context.flush()
        do {
            switch purpose {
            case .serves: try context.pipeline.syncOperations.addHandler(try tls.serverHandler(), position: .first)
            case .delivers: try context.pipeline.syncOperations.addHandler(try tls.clientHandler(), position: .first)
            }
        } catch {
            errorCaught(context: context, error: error)
        }
    }

    private func accept(_ service: SMTPService, isSecure: Bool) {
        guard let context, context.channel.isActive else { return }
        host.accepted(self, context.remoteAddress, for: service, isSecure: isSecure)
    }
}
