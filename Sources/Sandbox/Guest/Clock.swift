internal import CLinux
internal import Glibc
internal import Model

/// The clocks that guests see and limits go by.
enum Clock {
    static func realtimeNanoseconds() -> UInt64 { UInt64(linux_clock_nanoseconds(CLOCK_REALTIME)) }

    /// Counts from an arbitrary start and never goes back.
    static func monotonicNanoseconds() -> Int64 { linux_clock_nanoseconds(CLOCK_MONOTONIC) }

    static func timestamp() -> Timestamp { Timestamp(microseconds: Int64(realtimeNanoseconds() / 1000)) }
}

/// The processor time of one thread, readable from all.
struct ThreadClock {
    private let clock: clockid_t

    /// The clock of the calling thread.
    init() { clock = linux_thread_cpu_clock() }

    func nanoseconds() -> Int64 { linux_clock_nanoseconds(clock) }
}
