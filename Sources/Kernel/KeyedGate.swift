internal import Synchronization

/// Lets one at a time pass for each key, in the order of arrival.
public final class KeyedGate<Key: Hashable & Sendable>: Sendable {
    private let waiting = Mutex<[Key: [CheckedContinuation<Void, Never>]]>([:])

    public init() {}

    /// Runs `body` while no other holds any of `keys`. They must be given in one order everywhere.
    public func pass<T, E: Error>(_ keys: [Key], _ body: () async throws(E) -> T) async throws(E) -> T {
        for key in keys { await enter(key) }
        defer { for key in keys.reversed() { leave(key) } }
        return try await body()
    }

    /// Returns when all who are inside now have left.
    public func settled() async {
        let held = waiting.withLock { Array($0.keys) }
        for key in held { await pass([key]) {} }
    }

    private func enter(_ key: Key) async {
        await withCheckedContinuation { continuation in
            let isFree = waiting.withLock { waiting in
                guard waiting[key] != nil else {
                    waiting[key] = []
                    return true
                }
                waiting[key]?.append(continuation)
                return false
            }
            if isFree { continuation.resume() }
        }
    }

    private func leave(_ key: Key) {
        let next = waiting.withLock { waiting -> CheckedContinuation<Void, Never>? in
            guard let line = waiting[key], !line.isEmpty else {
                waiting[key] = nil
                return nil
            }
            return waiting[key]?.removeFirst()
        }
        next?.resume()
    }
}
