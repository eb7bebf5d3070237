import Synchronization

/// Lets one wait until so many others have come, or one of them says that it never will.
final class Arrivals: Sendable {
    private struct State {
        var missing = 0
        var hasFailed = false
        var waiting: [CheckedContinuation<Bool, Never>] = []

        /// Whether all have come; nil while that is open.
        var result: Bool? { hasFailed ? false : missing <= 0 ? true : nil }
    }

    private let state = Mutex(State())

    /// Says how many are to come; before any of them does.
    func expect(_ count: Int) { state.withLock { $0.missing = count } }

    func arrive() { change { $0.missing -= 1 } }

    func fail() { change { $0.hasFailed = true } }

    /// Returns true when all have come, false when one has failed.
    func all() async -> Bool {
        await withCheckedContinuation { continuation in
            let result = state.withLock { state in
                if state.result == nil { state.waiting.append(continuation) }
                return state.result
            }
            if let result { continuation.resume(returning: result) }
        }
    }

    private func change(_ body: (inout State) -> Void) {
        let (waiting, result) = state.withLock { state in
            body(&state)
            guard let result = state.result else { return ([CheckedContinuation<Bool, Never>](), false) }
            defer { state.waiting = [] }
            return (state.waiting, result)
        }
        for continuation in waiting { continuation.resume(returning: result) }
    }
}
