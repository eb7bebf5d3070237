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
    /// A time that goes on evenly while the server runs, however its clock is set: for leases, which must not end by that.
    public var steady: @Sendable () -> Timestamp
    /// Waits for a span; throws where its task is cancelled.
    public var sleep: @Sendable (Duration) async throws -> Void
    /// A number from 0 up to 1, for pauses that are to differ.
    public var jitter: @Sendable () -> Double

    public init(
        now: @escaping @Sendable () -> Timestamp, steady: (@Sendable () -> Timestamp)? = nil,
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) },
        jitter: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) }
    ) {
        self.now = now
        self.steady = steady ?? now
        self.sleep = sleep
        self.jitter = jitter
    }

    /// The system's clock.
    public static let system: TimeSource = {
        let offset = read(CLOCK_REALTIME).since(read(CLOCK_MONOTONIC))
        return TimeSource(now: { read(CLOCK_REALTIME) }, steady: { read(CLOCK_MONOTONIC) + offset })
    }()

    private static func read(_ clock: clockid_t) -> Timestamp {
        var time = timespec()
        clock_gettime(clock, &time)
        return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
    }

    /// A new id for `time`.
    func makeID(at time: Timestamp) -> UUID7 {
        var generator = SystemRandomNumberGenerator()
        return UUID7(time: time, using: &generator)
    }
}
