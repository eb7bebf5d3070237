internal import HummingbirdCore
public import Logging
public import NIOCore
internal import NIOHTTP1
internal import NIOPosix
public import ServiceLifecycle

extension PathTable {
    /// What answers at an address, over HTTP/1.1. Runs until it is told to stop; then requests that have come are still answered.
    public func server(
        at host: String, _ port: Int, logger: Logger, onRunning: @escaping @Sendable (any Channel) async -> Void
    ) -> any Service {
        Connections(paths: self).server(
            configuration: ServerConfiguration(address: .hostname(host, port: port), backlog: 1024),
            onServerRunning: onRunning, eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: logger)
    }
}

/// Connections whose requests are answered on their event loop, one after the other. On the concurrent pool, each request would
/// change its thread four times, at 10 to 30 µs of CPU each; and what goes through asynchronous sequences of parts, as in
/// Hummingbird's own channel, costs twice as much as what is here.
///
/// Whatever computes for long there holds up the loop's other connections: it must go to the concurrent executor itself.
struct Connections: ServerChildChannel {
    let paths: PathTable

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Connection> {
        channel.eventLoop.makeCompletedFuture {
            var limits = NIOHTTPDecoderLimitConfiguration()
            limits.maxHeaderFieldSize = 80 << 10
            limits.maxHeaderListSize = 80 << 10
            limits.maxHeaderFieldCount = 1000
            let decoder = ByteToMessageHandler(HTTPRequestDecoder(limitConfiguration: limits))
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandler(decoder)
            // What is written passes the decoder by, which would take it for parts of an answer.
            let conversation = Conversation(output: try pipeline.context(handler: decoder))
            try pipeline.addHandler(conversation)
            return Connection(channel: channel, conversation: NIOLoopBound(conversation, eventLoop: channel.eventLoop))
        }
    }

    func handle(value: Connection, logger: Logger) async {
        await withTaskExecutorPreference(EventLoopExecutor(value.channel.eventLoop)) {
            await value.serve(paths, logger)
        }
    }
}

/// Runs tasks on an event loop.
private final class EventLoopExecutor: TaskExecutor {
    private let loop: any EventLoop

    init(_ loop: any EventLoop) { self.loop = loop }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
