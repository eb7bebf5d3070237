internal import NIOCore
internal import NIOHTTP1

/// Closes connections of HTTP/1.0 after the answer, unless their client asked for more: what stands behind this in the pipeline knows
/// no versions. Connections of newer versions lose it with their first request.
final class OldConnection: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private static let connection = "connection"
    private static let keepAlive = "keep-alive"

    /// Of each request that is not answered yet, in order, whether its client asked for the connection to stay.
    private var staysOpen: [Bool] = []
    /// Whether only the end of the connection tells where the answer ends that is under way.
    private var endsHere = false

    /// Looks at the requests of a connection whose pipeline is set up.
    static func watch(_ channel: any Channel) throws {
        let pipeline = channel.pipeline.syncOperations
        let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
        try pipeline.addHandler(OldConnection(), position: .after(decoder))
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(var head) = unwrapInboundIn(data) else { return context.fireChannelRead(data) }
        guard (head.version.major, head.version.minor) < (1, 1) else {
            context.fireChannelRead(data)
            return context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
        }
        let stays = head.headers[canonicalForm: Self.connection].contains { $0.lowercased() == Self.keepAlive }
        staysOpen.append(stays)
        if !stays { head.headers.replaceOrAdd(name: Self.connection, value: "close") }
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(var head):
            let stays = staysOpen.isEmpty ? false : staysOpen.removeFirst()
            let hasLength = head.headers.contains(name: "content-length")
            // Where its client did not ask, what stands behind closes.
            endsHere = stays && !hasLength
            // In this version, an answer without a length is not sent in chunks.
            head.version = .http1_0
            head.headers.replaceOrAdd(name: Self.connection, value: stays && hasLength ? Self.keepAlive : "close")
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .end where endsHere:
            context.writeAndFlush(data, promise: promise)
            context.close(promise: nil)
        default: context.write(data, promise: promise)
        }
    }
}
