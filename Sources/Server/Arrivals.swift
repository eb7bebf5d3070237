import Synchronization

/// Lets one wait until so many others have come.
final class Arrivals: Sendable {
    private struct State {
        var missing = 0
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    /// Says how many are to come; before any of them does.
    func expect(_ count: Int) { state.withLock { $0.missing = count } }

    func arrive() {
        let waiting = state.withLock { state in
            state.missing -= 1
            guard state.missing == 0 else { return [CheckedContinuation<Void, Never>]() }
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Returns when all have come.
    func all() async {
        await withCheckedContinuation { continuation in
            let isComplete = state.withLock { state in
                if state.missing > 0 { state.waiting.append(continuation) }
                return state.missing <= 0
            }
            if isComplete { continuation.resume() }
        }
    }
}
