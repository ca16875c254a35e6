import Foundation
import NIOCore
import NIOPosix

/// Answers operators at a UNIX socket in the store's folder: one request in JSON, ended by a line feed, for one answer.
final class ControlHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// More than any request has: a message of 100 MiB in Base64.
    private static let largestRequest = 140 << 20

    private let host: MailHostLoop
    private var request: [UInt8] = []

    init(_ host: MailHostLoop) { self.host = host }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        request += unwrapInboundIn(data).readableBytesView
        guard request.last == 0x0A else {
            if request.count > ControlHandler.largestRequest { context.close(promise: nil) }
            return
        }
        guard let request = try? JSONDecoder().decode(QueueRequest.self, from: Data(request)) else {
            return answer(.init("the request was not understood\n", isDone: false), in: context)
        }
        self.request = []
        let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
        host.answer(request).whenSuccess { answer in bound.value.handler.answer(answer, in: bound.value.context) }
    }

    private func answer(_ answer: QueueRequest.Answer, in context: ChannelHandlerContext) {
        let octets = (try? JSONEncoder().encode(answer)) ?? Data()
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: octets)), promise: nil)
        context.close(mode: .output, promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    /// Listens at the socket of a folder. The folder's lock is ours, so a socket that is there is nobody's any more.
    static func listen(
        in folder: String, on group: MultiThreadedEventLoopGroup, _ host: NIOLoopBound<MailHostLoop>
    ) async throws -> any Channel {
        try await ServerBootstrap(group: group)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(ControlHandler(host.value))
                }
            }
            .bind(unixDomainSocketPath: folder + "/control", cleanupExistingSocketFile: true).get()
    }
}
