internal import CLinux
internal import Glibc

/// State behind a lock, with waiting for it to change; by the monotonic clock.
public final class Condition<State>: @unchecked Sendable {
    // SAFETY: `state` is only touched with `mutex` held; both handles are allocated once and freed with this object.
    private var state: State
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    public init(_ state: State) {
        self.state = state
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(condition, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    public func withLock<Result>(_ body: (inout State) -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body(&state)
    }

    /// Changes the state and wakes one who waits.
    public func signal(_ change: (inout State) -> Void) {
        withLock(change)
        pthread_cond_signal(condition)
    }

    /// Changes the state and wakes all who wait.
    public func broadcast(_ change: (inout State) -> Void) {
        withLock(change)
        pthread_cond_broadcast(condition)
    }

    /// Waits until `body` returns a value; gives up with nil at `deadline` (nanoseconds of the monotonic clock).
    public func wait<Result>(until deadline: Int64? = nil, for body: (inout State) -> Result?) -> Result? {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while true {
            if let result = body(&state) { return result }
            guard let deadline else {
                pthread_cond_wait(condition, mutex)
                continue
            }
            var time = timespec(tv_sec: Int(deadline / 1_000_000_000), tv_nsec: Int(deadline % 1_000_000_000))
            if pthread_cond_timedwait(condition, mutex, &time) == ETIMEDOUT { return body(&state) }
        }
    }
}
