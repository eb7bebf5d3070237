public import Model

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Where the platform takes the time and new ids from; a test puts its own here.
public struct TimeSource: Sendable {
    /// The time now.
    public var now: @Sendable () -> Timestamp
    /// Waits for a span; throws where its task is cancelled.
    public var sleep: @Sendable (Duration) async throws -> Void
    /// A number from 0 up to 1, for pauses that are to differ.
    public var jitter: @Sendable () -> Double

    public init(
        now: @escaping @Sendable () -> Timestamp,
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) },
        jitter: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) }
    ) {
        self.now = now
        self.sleep = sleep
        self.jitter = jitter
    }

    /// The system's clock.
    public static let system = TimeSource {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
    }

    /// A new id for `time`.
    func makeID(at time: Timestamp) -> UUID7 {
        var generator = SystemRandomNumberGenerator()
        return UUID7(time: time, using: &generator)
    }
}
