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

    private var staysOpen = false
    /// Whether only the end of the connection tells where the answer ends that is under way.
    private var endsWithAnswer = false

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
        staysOpen = head.headers[canonicalForm: Self.connection].contains { $0.lowercased() == Self.keepAlive }
        if !staysOpen { head.headers.replaceOrAdd(name: Self.connection, value: "close") }
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(var head):
            endsWithAnswer = !staysOpen || !head.headers.contains(name: "content-length")
            // In this version, an answer without a length is not sent in chunks.
            head.version = .http1_0
            head.headers.replaceOrAdd(name: Self.connection, value: endsWithAnswer ? "close" : Self.keepAlive)
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .end where endsWithAnswer && staysOpen:
            context.writeAndFlush(data, promise: promise)
            context.close(promise: nil)
        default: context.write(data, promise: promise)
        }
    }
}
