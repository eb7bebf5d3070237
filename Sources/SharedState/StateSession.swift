public import Model
import Synchronization

/// What one call does with the state of its tenant. At its end its locks are freed and, where it succeeded, what it wrote is
/// made durable; a failed call takes nothing back.
public final class StateSession: Sendable {
    public let tenant: Namespace
    let state: SharedState
    private let number: UInt64
    private let written = Mutex<Set<StateKey>?>([])

    init(_ state: SharedState, tenant: Namespace, number: UInt64) {
        self.state = state
        self.tenant = tenant
        self.number = number
    }

    /// Ends the session: later requests are refused, locks go to who waits for them. Returns when the changes are durable.
    /// Where that fails, they are still seen, and pushed later.
    public func end(succeeded: Bool) async throws(StateError) {
        let keys = written.withLock { written in
            defer { written = nil }
            return written ?? []
        }
        // Who gets a lock next sees the changes, durable or not.
        state.locks.releaseAll(of: number)
        if succeeded { try await state.push(keys) }
    }

    /// Waits for a lock of a key. A call that has it already has it once more, and frees it as often.
    public func lock(_ key: StateKey, _ mode: LockMode) async throws(StateError) {
        try check()
        try await state.locks.acquire(key, mode, by: number)
        // The end may have come while it waited.
        guard (try? check()) != nil else {
            state.locks.releaseAll(of: number)
            throw .ended
        }
    }

    public func unlock(_ key: StateKey, _ mode: LockMode) throws(StateError) {
        try check()
        try state.locks.release(key, mode, by: number)
    }

    /// Makes a key's changes durable, those of other calls too.
    public func push(_ key: StateKey) async throws(StateError) {
        try check()
        try await state.push([key])
    }

    func check() throws(StateError) {
        guard written.withLock({ $0 != nil }) else { throw .ended }
    }

    /// Notes that a key is changed, before it is.
    func note(_ key: StateKey) throws(StateError) {
        let isOpen = written.withLock { written in
            written?.insert(key)
            return written != nil
        }
        guard isOpen else { throw .ended }
    }
}
