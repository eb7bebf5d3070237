/// Wakes one waiting loop. Rings while the loop is busy are joined into one.
struct Signal: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1)) }

    /// Wakes the loop, or lets it go round once more.
    func ring() { continuation.yield() }

    /// Every wake-up, for the one loop that waits. Ends when its task is cancelled.
    var rings: AsyncStream<Void> { stream }
}
