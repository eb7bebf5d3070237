internal import Kernel
public import Model

/// The way to end one run from outside, gently and then for certain. Shared between the guest's thread and the watchdog.
public final class Interruption: Sendable {
    private struct State {
        var reason: InterruptionReason?
        var wake: (@Sendable () -> Void)?
        var watchdog: Watchdog?
    }

    private let state = Condition(State())

    public init() {}

    /// Why the run is to end; nil while it may go on.
    public var reason: InterruptionReason? { state.withLock { $0.reason } }

    /// Asks the guest to end: whoever waits in a host call stops waiting, and the watchdog ends what computes.
    public func request(_ reason: InterruptionReason) {
        note(reason)
        state.withLock { $0.watchdog }?.look()
    }

    /// As ``request(_:)``, for the watchdog itself.
    func note(_ reason: InterruptionReason) {
        var wake: (@Sendable () -> Void)?
        state.broadcast { state in
            if state.reason == nil { state.reason = reason }
            wake = state.wake
        }
        wake?()
    }

    /// Has `watchdog` look when the run is to end. True: it is to end already.
    func watch(by watchdog: Watchdog) -> Bool {
        state.withLock { state in
            state.watchdog = watchdog
            return state.reason != nil
        }
    }

    /// Has `wake` called when the run is to end, at once if it already is; until another takes its place.
    public func onRequest(_ wake: (@Sendable () -> Void)?) {
        let isRequested = state.withLock { state in
            state.wake = wake
            return state.reason != nil
        }
        if isRequested { wake?() }
    }

    /// Waits until `deadline` of the monotonic clock. False where the run is to end before that.
    func wait(until deadline: Int64) -> Bool {
        let interrupted = state.wait(until: deadline) { $0.reason == nil ? nil : true }
        return interrupted == nil
    }
}
