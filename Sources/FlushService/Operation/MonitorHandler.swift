import MailHost
import NIOCore
import NIOHTTP1
import NIOPosix

/// Answers whoever watches the service, by HTTP: `/metrics` for Prometheus, `/health` and `/ready` for supervisors.
final class MonitorHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    /// How long a request and its answer may take.
    private static let patience = TimeAmount.seconds(10)

    private let host: MailHostLoop
    private var head: HTTPRequestHead?

    init(_ host: MailHostLoop) { self.host = host }

    func channelActive(context: ChannelHandlerContext) {
        let channel = context.channel
        context.eventLoop.scheduleTask(in: MonitorHandler.patience) { channel.close(promise: nil) }
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): self.head = head
        case .body: break
        case .end: if let head { answer(head, in: context) }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func answer(_ request: HTTPRequestHead, in context: ChannelHandlerContext) {
        let (status, text) = MonitorHandler.answer(request, from: host)
        let body = ByteBuffer(string: text)
        let headers: HTTPHeaders = [
            "Content-Type": "text/plain; version=0.0.4; charset=utf-8", "Content-Length": "\(body.readableBytes)",
            "Connection": "close",
        ]
        context.write(
            wrapOutboundOut(.head(.init(version: request.version, status: status, headers: headers))), promise: nil)
        if request.method != .HEAD { context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil) }
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in bound.value.close(promise: nil) }
    }

    private static func answer(_ request: HTTPRequestHead, from host: MailHostLoop) -> (HTTPResponseStatus, String) {
        guard request.method == .GET || request.method == .HEAD else { return (.methodNotAllowed, "GET only\n") }
        switch request.uri {
        case "/metrics": return (.ok, host.measures)
        // Who hears this has heard it from the loop that does all the work.
        case "/health": return (.ok, "alive\n")
        case "/ready": return host.obstacle.map { (.serviceUnavailable, "\($0)\n") } ?? (.ok, "ready\n")
        default: return (.notFound, "there are /metrics, /health and /ready\n")
        }
    }

    /// Listens at an address.
    /// - Throws: what NIO says when it cannot.
    static func listen(
        at address: String, port: Int, on group: MultiThreadedEventLoopGroup, _ host: NIOLoopBound<MailHostLoop>
    ) async throws -> any Channel {
        try await ServerBootstrap(group: group)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(MonitorHandler(host.value))
                }
            }
            .bind(host: address, port: port).get()
    }
}
