/// Why a run was ended from outside.
public enum InterruptionReason: Equatable, Sendable {
    case wallTime(milliseconds: Int)
    case cpuTime(milliseconds: Int)
    case cancelled
}

/// The way to end one run from outside, gently and then for certain. Shared between the guest's thread and the watchdog.
public final class Interruption: Sendable {
    private struct State {
        var reason: InterruptionReason?
    }

    private let state = Condition(State())

    public init() {}

    /// Why the run is to end; nil while it may go on.
    public var reason: InterruptionReason? { state.withLock { $0.reason } }

    /// Asks the guest to end: whoever waits in a host call stops waiting.
    func request(_ reason: InterruptionReason) {
        state.broadcast { state in
            if state.reason == nil { state.reason = reason }
        }
    }

    /// Waits until `deadline` of the monotonic clock. False where the run is to end before that.
    func wait(until deadline: Int64) -> Bool {
        let interrupted = state.wait(until: deadline) { $0.reason == nil ? nil : true }
        return interrupted == nil
    }
}
