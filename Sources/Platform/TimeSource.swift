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

    public init(now: @escaping @Sendable () -> Timestamp) { self.now = now }

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
