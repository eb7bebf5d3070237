import FoundationEssentials
import GRDB
public import Model
public import Storage

extension SQLiteStore: ExecutionStore {
    public func enqueue(_ executions: [Execution]) async throws(StorageError) {
        try StorageError.checkEnqueue(executions)
        try await writer.perform { db in
            for execution in executions where try !ExecutionTable.insert(execution, db) {
                throw StorageError.executionExists(execution.id)
            }
        }
    }

    public func record(_ executions: [Execution]) async throws(StorageError) {
        try StorageError.checkRecord(executions)
        try await recorder.record(executions)
    }

    public func lease(limit: Int, now: Timestamp, until: Timestamp) async throws(StorageError) -> [Lease] {
        try await writer.perform { db in
            try QueueTable.lease(limit: max(0, limit), now: now, until: until, db)
        }
    }

    public func settle(_ settlements: [Settlement]) async throws(StorageError) -> [ExecutionID] {
        try StorageError.checkSettle(settlements)
        return try await writer.perform { db in
            try settlements.filter { settlement in
                let isDone =
                    settlement.status == .queued
                    ? try QueueTable.giveBack(settlement.id, epoch: settlement.epoch, db)
                    : try ExecutionTable.settle(settlement, db)
                return !isDone
            }.map(\.id)
        }
    }

    public func requeueExpired(now: Timestamp?) async throws(StorageError) -> Int {
        try await writer.perform { db in try QueueTable.requeueExpired(now: now, db) }
    }

    public func cancel(_ id: ExecutionID, at now: Timestamp) async throws(StorageError) -> Cancellation {
        if recorder.waiting(id) != nil { return .alreadyFinal }
        return try await writer.perform { db in try QueueTable.cancel(id, at: now, db) }
    }

    public func execution(_ id: ExecutionID) async throws(StorageError) -> Execution? {
        if let waiting = recorder.waiting(id) { return waiting }
        return try await read { db in try ExecutionList.execution(id, db) }
    }

    public func executions(_ ids: [ExecutionID]) async throws(StorageError) -> [Execution] {
        let waiting = ids.map(recorder.waiting)
        return try await read { db in
            try zip(ids, waiting).compactMap { id, waiting in try waiting ?? ExecutionList.execution(id, db) }
        }
    }

    public func executions(matching filter: ExecutionFilter) async throws(StorageError) -> [Execution] {
        await showRecorded()
        return try await read { db in try ExecutionList.executions(matching: filter, db) }
    }

    public func counts() async throws(StorageError) -> [ExecutionStatus: Int] {
        await showRecorded()
        return try await read { db in try ExecutionList.counts(db) }
    }

    /// Lets lists show what was recorded just before. Where it cannot be written they show what is stored.
    private func showRecorded() async {
        do throws(StorageError) { try await recorder.flush() } catch {}
    }
}
