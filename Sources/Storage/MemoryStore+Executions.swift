public import Model
import Synchronization

extension MemoryStore: ExecutionStore {
    public func enqueue(_ executions: [Execution]) async throws(StorageError) {
        try StorageError.checkEnqueue(executions)
        try state.withLock { state throws(StorageError) in
            var fresh: Set<ExecutionID> = []
            for execution in executions {
                guard state.executions[execution.id] == nil, fresh.insert(execution.id).inserted else {
                    throw .executionExists(execution.id)
                }
            }
            for execution in executions { state.insert(execution) }
        }
    }

    public func record(_ executions: [Execution]) async throws(StorageError) {
        try StorageError.checkRecord(executions)
        state.withLock { state in
            for execution in executions where state.executions[execution.id] == nil { state.insert(execution) }
        }
    }

    public func lease(limit: Int, now: Timestamp, until: Timestamp) async throws(StorageError) -> [Lease] {
        state.withLock { state in
            let stored = state.executions
            let ids = Array(
                state.order.lazy.filter { stored[$0]?.execution.status == .queued }.prefix(max(0, limit)))
            return ids.compactMap { id in
                state.change(id) { stored in
                    stored.execution.status = .running
                    stored.execution.attempts += 1
                    stored.execution.startedAt = now
                    stored.epoch += 1
                    stored.leasedUntil = until
                    return Lease(execution: stored.execution, epoch: stored.epoch)
                }
            }
        }
    }

    public func settle(_ settlements: [Settlement]) async throws(StorageError) -> [ExecutionID] {
        try StorageError.checkSettle(settlements)
        return state.withLock { state in
            settlements.compactMap { settlement in
                let isDone = state.change(settlement.id) { $0.settle(settlement) }
                return isDone == true ? nil : settlement.id
            }
        }
    }

    public func requeueExpired(now: Timestamp?) async throws(StorageError) -> Int {
        state.withLock { state in
            let expired = state.order.filter { id in
                guard let until = state.executions[id]?.leasedUntil else { return false }
                return now.map { until < $0 } ?? true
            }
            for id in expired { state.change(id) { $0.requeue() } }
            return expired.count
        }
    }

    public func cancel(_ id: ExecutionID, at now: Timestamp) async throws(StorageError) -> Cancellation {
        state.withLock { state in
            state.change(id) { stored in
                switch stored.execution.status {
                case .queued:
                    stored.execution.status = .cancelled
                    stored.execution.finishedAt = now
                    return .cancelled
                case .running: return .running
                case .succeeded, .failed, .cancelled, .timedOut: return .alreadyFinal
                }
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
            let matching = state.order.reversed().lazy.compactMap { stored[$0]?.execution }
                .filter { execution in
                    (filter.before.map { execution.id < $0 } ?? true)
                        && (filter.function == nil || execution.function == filter.function)
                        && (filter.statuses?.contains(execution.status) ?? true)
                }
            return Array(matching.prefix(max(0, filter.limit))).map(\.withoutInputAndLogs)
        }
    }

    public func counts() async throws(StorageError) -> [ExecutionStatus: Int] {
        state.withLock { state in
            state.executions.values.reduce(into: [:]) { $0[$1.execution.status, default: 0] += 1 }
        }
    }
}

extension MemoryStore.State {
    mutating func insert(_ execution: Execution) {
        executions[execution.id] = MemoryStore.StoredExecution(execution: execution)
        // Ids sort by creation, so the place is nearly always the end.
        let place = (order.lastIndex { $0 < execution.id } ?? -1) + 1
        order.insert(execution.id, at: place)
    }

    @discardableResult
    mutating func change<Result>(
        _ id: ExecutionID, _ body: (inout MemoryStore.StoredExecution) -> Result
    ) -> Result? {
        guard executions[id] != nil else { return nil }
        return body(&executions[id]!)
    }
}

extension MemoryStore.StoredExecution {
    mutating func settle(_ settlement: Settlement) -> Bool {
        guard execution.status == .running, epoch == settlement.epoch else { return false }
        guard settlement.status != .queued else {
            requeue()
            return true
        }
        leasedUntil = nil
        execution.status = settlement.status
        execution.output = settlement.output
        execution.fault = settlement.fault
        execution.logs = settlement.logs
        execution.usage = settlement.usage
        execution.finishedAt = settlement.finishedAt
        return true
    }

    mutating func requeue() {
        leasedUntil = nil
        execution.status = .queued
        execution.startedAt = nil
    }
}

extension Execution {
    var withoutInputAndLogs: Execution {
        var copy = self
        copy.input = []
        copy.logs = []
        return copy
    }
}
