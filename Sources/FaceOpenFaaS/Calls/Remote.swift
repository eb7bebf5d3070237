import NIOCore
import PlatformHTTP

/// The other end of a request's connection, as far as it is known.
struct Remote: Sendable {
    let address: SocketAddress?
    /// Completes when the caller has left.
    let gone: EventLoopFuture<Void>

    init(_ context: ConnectionContext) {
        address = context.remoteAddress
        gone = context.closed
    }
}
