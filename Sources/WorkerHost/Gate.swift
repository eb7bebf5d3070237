internal import Synchronization

/// Lets one at a time pass, in the order of arrival.
final class Gate: Sendable {
    /// Nil: nobody is inside.
    private let waiting = Mutex<[CheckedContinuation<Void, Never>]?>(nil)

    func pass<Value, Failure: Error>(_ body: () async throws(Failure) -> Value) async throws(Failure) -> Value {
        await enter()
        defer { leave() }
        return try await body()
    }

    private func enter() async {
        await withCheckedContinuation { continuation in
            let isFree = waiting.withLock { waiting in
                guard waiting != nil else {
                    waiting = []
                    return true
                }
                waiting!.append(continuation)
                return false
            }
            if isFree { continuation.resume() }
        }
    }

    private func leave() {
        let next = waiting.withLock { waiting -> CheckedContinuation<Void, Never>? in
            guard waiting?.isEmpty == false else {
                waiting = nil
                return nil
            }
            return waiting!.removeFirst()
        }
        next?.resume()
    }
}
