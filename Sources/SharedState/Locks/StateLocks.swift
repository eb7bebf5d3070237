import Model
import Synchronization

/// The locks of all keys. Waiting takes no thread.
final class StateLocks: Sendable {
    private struct State {
        var table: LockTable
        var waiting: [LockTable.Ticket: CheckedContinuation<Bool, Never>] = [:]
        /// Tickets that were granted or given up before their owners began to wait.
        var early: [LockTable.Ticket: Bool] = [:]
        var tickets: LockTable.Ticket = 0
    }

    private let limits: StateLimits
    private let sleep: @Sendable (Duration) async throws -> Void
    private let state: Mutex<State>

    init(limits: StateLimits, sleep: @escaping @Sendable (Duration) async throws -> Void) {
        self.limits = limits
        self.sleep = sleep
        state = Mutex(State(table: LockTable(maximumKeys: limits.maximumStateLocks)))
    }

    /// Waits for a lock, in the order of arrival; not for ever, as two calls may wait for each other.
    func acquire(_ key: StateKey, _ mode: LockMode, by owner: LockTable.Owner) async throws(StateError) {
        let (answer, ticket) = state.withLock { state in
            state.tickets += 1
            return (state.table.request(key, mode, by: owner, ticket: state.tickets), state.tickets)
        }
        switch answer {
        case .granted: return
        case .refusedUpgrade:
            throw StateError(
                .lockMisuse,
                "This call reads under a lock of the state key `\(key.name)`: free the read lock before taking the write lock."
            )
        case .refusedCount:
            throw StateError(
                .limitReached,
                "This call has locks of as many keys as the limit maximumStateLocks allows (\(limits.maximumStateLocks))."
            )
        case .queued:
            guard await wait(ticket, key) else {
                throw Task.isCancelled
                    ? StateError(.cancelled, "The call was cancelled while it waited for a lock.") : timeout(key, mode)
            }
        }
    }

    func release(_ key: StateKey, _ mode: LockMode, by owner: LockTable.Owner) throws(StateError) {
        guard let next = state.withLock({ $0.table.release(key, mode, by: owner) }) else {
            throw StateError(.lockMisuse, "This call has no \(mode.rawValue) lock of the state key `\(key.name)`.")
        }
        tell(next, true)
    }

    func releaseAll(of owner: LockTable.Owner) { tell(state.withLock { $0.table.releaseAll(of: owner) }, true) }

    /// How many wait for a key.
    func waiters(for key: StateKey) -> Int { state.withLock { $0.table.locks[key]?.line.count ?? 0 } }

    /// Whether anybody has or wants any lock.
    var isIdle: Bool { state.withLock { $0.table.locks.isEmpty && $0.waiting.isEmpty && $0.early.isEmpty } }

    /// True: it was granted. False: the time is over, or the task was cancelled.
    private func wait(_ ticket: LockTable.Ticket, _ key: StateKey) async -> Bool {
        await withTaskGroup(of: Bool.self) { group in
            group.addTask { await self.turn(of: ticket) }
            group.addTask { [sleep, limits] in
                // Ends early where the lock was granted or the call cancelled.
                try? await sleep(limits.maximumStateLockWait)
                self.giveUp(ticket, key)
                return false
            }
            defer { group.cancelAll() }
            // Giving up what was granted does nothing: the turn alone tells how it went.
            for await isGranted in group where isGranted { return true }
            return false
        }
    }

    private func turn(of ticket: LockTable.Ticket) async -> Bool {
        await withCheckedContinuation { continuation in
            let known = state.withLock { state in
                let known = state.early.removeValue(forKey: ticket)
                if known == nil { state.waiting[ticket] = continuation }
                return known
            }
            if let known { continuation.resume(returning: known) }
        }
    }

    private func giveUp(_ ticket: LockTable.Ticket, _ key: StateKey) {
        guard let next = state.withLock({ $0.table.cancel(ticket, for: key) }) else { return }
        tell([ticket], false)
        tell(next, true)
    }

    private func tell(_ tickets: [LockTable.Ticket], _ isGranted: Bool) {
        for ticket in tickets {
            let continuation = state.withLock { state in
                let continuation = state.waiting.removeValue(forKey: ticket)
                if continuation == nil { state.early[ticket] = isGranted }
                return continuation
            }
            continuation?.resume(returning: isGranted)
        }
    }

    private func timeout(_ key: StateKey, _ mode: LockMode) -> StateError {
        StateError(
            .lockTimedOut,
            "The \(mode.rawValue) lock of the state key `\(key.name)` was not free within \(limits.maximumStateLockWait): "
                + "free locks early, take several in one order everywhere, and do not wait for a call that needs one.")
    }
}
