public import Model
import Synchronization

extension MemoryStore: ExecutionStore {
    public func enqueue(_ executions: [Execution], key: IdempotencyKey?) async throws(StorageError) -> [ExecutionID] {
        try StorageError.checkEnqueue(executions)
        return try state.withLock { state throws(StorageError) in
            if let key, let known = try state.use(of: key) { return known }
            var fresh: Set<ExecutionID> = []
            for execution in executions {
                guard state.executions[execution.id] == nil, fresh.insert(execution.id).inserted else {
                    throw .executionExists(execution.id)
                }
            }
            for execution in executions { state.accept(execution) }
            let ids = executions.map(\.id)
            if let key {
                state.keys[NamespacedKey(namespace: key.namespace, text: key.text)] = UsedKey(
                    digest: key.digest, expiresAt: key.expiresAt, executions: ids)
            }
            return ids
        }
    }

    public func record(_ executions: [Execution]) async throws(StorageError) {
        try StorageError.checkRecord(executions)
        state.withLock { state in
            for execution in executions where state.executions[execution.id] == nil {
                state.insert(execution)
                state.ledger.record(execution.status)
            }
        }
    }

    public func leaseNext(limit: Int, now: Timestamp, until: Timestamp) async throws(StorageError) -> LeasedWork {
        state.withLock { $0.lease(limit: limit, now: now, until: until) }
    }

    public func settle(_ settlements: [Settlement]) async throws(StorageError) -> [ExecutionID] {
        try StorageError.checkSettle(settlements)
        return state.withLock { state in settlements.filter { !state.settle($0) }.map(\.id) }
    }

    public func requeueExpired(now: Timestamp?) async throws(StorageError) -> Int {
        state.withLock { state in
            state.order.count { id in
                state.change(id) { stored in
                    let attempt = Attempt(
                        number: stored.entry.attempts, status: .failed, startedAt: stored.record.startedAt,
                        finishedAt: now, fault: .leaseLost)
                    guard stored.entry.loseLease(at: now) else { return false }
                    stored.attempts.append(attempt)
                    stored.record.startedAt = nil
                    return true
                } == true
            }
        }
    }

    public func cancel(_ id: ExecutionID, at now: Timestamp) async throws(StorageError) -> Cancellation {
        state.withLock { state in
            state.change(id, at: now) { stored in
                let result = stored.entry.cancel()
                if result == .cancelled { stored.record.finishedAt = now }
                return result
            } ?? .notFound
        }
    }

    public func execution(_ id: ExecutionID) async throws(StorageError) -> Execution? {
        state.withLock { $0.executions[id]?.execution }
    }

    public func executions(_ ids: [ExecutionID]) async throws(StorageError) -> [Execution] {
        state.withLock { state in ids.compactMap { state.executions[$0]?.execution } }
    }

    public func executions(matching filter: ExecutionFilter) async throws(StorageError) -> [Execution] {
        state.withLock { state in
            let stored = state.executions
            let matching = state.order.reversed().lazy.compactMap { stored[$0]?.execution }.filter(filter.admits)
            return Array(matching.prefix(max(0, filter.limit))).map(\.withoutInputAndLogs)
        }
    }

    public func executions(ofRoot root: ExecutionID) async throws(StorageError) -> [Execution] {
        state.withLock { state in
            state.order.compactMap { state.executions[$0]?.execution }.filter { $0.root == root }
                .sorted { ($0.callNumber ?? 0, $0.id) < ($1.callNumber ?? 0, $1.id) }.map(\.withoutInputAndLogs)
        }
    }

    public func attempts(of id: ExecutionID) async throws(StorageError) -> [Attempt] {
        state.withLock { $0.executions[id]?.attempts ?? [] }
    }

    public func batch(_ id: BatchID) async throws(StorageError) -> BatchProgress? { state.withLock { $0.batches[id] } }

    public func counts() async throws(StorageError) -> [ExecutionStatus: Int] { state.withLock { $0.ledger.counts } }

    public func totals() async throws(StorageError) -> QueueTotals { state.withLock { $0.ledger.totals } }
}

extension Execution {
    var withoutInputAndLogs: Execution {
        var copy = self
        copy.input = []
        copy.logs = []
        return copy
    }
}
