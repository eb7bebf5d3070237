public import Hummingbird
public import NIOCore

/// What is known of a request's connection.
public protocol ConnectionRequestContext: RemoteAddressRequestContext {
    /// Completes when the connection has ended.
    var closed: EventLoopFuture<Void> { get }
}

/// The other end of a request's connection, as far as it is known.
struct Remote: Sendable {
    var address: SocketAddress?
    /// Completes when the caller has left.
    var gone: EventLoopFuture<Void>?

    init(_ context: some RequestContext) {
        guard let context = context as? any ConnectionRequestContext else { return }
        address = context.remoteAddress
        gone = context.closed
    }
}
