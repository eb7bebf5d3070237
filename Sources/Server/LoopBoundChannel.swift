internal import HummingbirdCore
internal import Logging
internal import NIOCore

/// HTTP/1.1 whose requests are answered on the event loop of their connection. On the concurrent pool, each request would
/// change its thread four times, at 10 to 30 µs of CPU each.
///
/// Whatever computes for long there holds up the loop's other connections: it must go to the concurrent executor itself.
struct LoopBoundChannel: ServerChildChannel {
    private let channel: HTTP1Channel

    init(responder: @escaping HTTPChannelHandler.Responder) { channel = HTTP1Channel(responder: responder) }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTP1Channel.Value> {
        self.channel.setup(channel: channel, logger: logger).flatMapThrowing { value in
            try OldConnection.watch(channel)
            return value
        }
    }

    func handle(value: HTTP1Channel.Value, logger: Logger) async {
        await withTaskExecutorPreference(EventLoopExecutor(value.channel.eventLoop)) {
            await channel.handle(value: value, logger: logger)
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
