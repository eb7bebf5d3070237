import Model
import Synchronization

/// The functions that were called of late, by name, so that a call reads no database.
final class FunctionCache: Sendable {
    private struct State {
        var entries: [FunctionKey: ResolvedFunction] = [:]
        /// Counts changes. What was read from the store before a change must not be put in after it.
        var generation: UInt64 = 0

        /// Lets an arbitrary entry go where the cache is full: which one matters little, for it is read again when called.
        mutating func makeRoom(_ capacity: Int) {
            if entries.count >= capacity, let key = entries.keys.first { entries[key] = nil }
        }
    }

    private let capacity: Int
    private let state = Mutex(State())

    init(capacity: Int) { self.capacity = capacity }

    subscript(key: FunctionKey) -> ResolvedFunction? { state.withLock { $0.entries[key] } }

    /// To be taken before the store is read, and given to ``insert(_:readAt:)``.
    var generation: UInt64 { state.withLock { $0.generation } }

    /// Puts in what was read from the store, unless something changed meanwhile.
    func insert(_ function: ResolvedFunction, readAt generation: UInt64) {
        state.withLock { state in
            guard state.generation == generation else { return }
            state.makeRoom(capacity)
            state.entries[function.function.key] = function
        }
    }

    /// Takes out `old` and puts in `new`, either of which may be none, after the store has changed.
    func replace(_ old: FunctionKey?, with new: ResolvedFunction?) {
        // What is let go may end the use of an image: not under the lock.
        let gone = state.withLock { state -> [ResolvedFunction] in
            state.generation += 1
            state.makeRoom(capacity)
            return [
                old.flatMap { state.entries.removeValue(forKey: $0) },
                new.flatMap { state.entries.updateValue($0, forKey: $0.function.key) },
            ].compactMap { $0 }
        }
        withExtendedLifetime(gone) {}
    }
}
