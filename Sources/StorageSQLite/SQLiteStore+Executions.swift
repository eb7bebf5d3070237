import FoundationEssentials
import GRDB
public import Model
public import Storage

extension SQLiteStore: ExecutionStore {
    public func enqueue(_ executions: [Execution], key: IdempotencyKey?) async throws(StorageError) -> [ExecutionID] {
        try StorageError.checkEnqueue(executions)
        return try await writer.performWithBooks { db, books in
            try QueueTable.enqueue(executions, key: key, &books, db)
        }
    }

    public func record(_ executions: [Execution]) async throws(StorageError) {
        try StorageError.checkRecord(executions)
        try await recorder.record(executions)
    }

    public func leaseNext(limit: Int, now: Timestamp, until: Timestamp) async throws(StorageError) -> LeasedWork {
        try await writer.perform { db in
            try QueueTable.lease(limit: max(0, limit), now: now, until: until, db)
        }
    }

    public func settle(_ settlements: [Settlement]) async throws(StorageError) -> [ExecutionID] {
        try StorageError.checkSettle(settlements)
        return try await writer.perform { db in
            var books = Books()
            let refused = try settlements.filter { try !QueueTable.settle($0, &books, db) }.map(\.id)
            try books.write(at: settlements.map(\.finishedAt).max() ?? Timestamp(microseconds: 0), db)
            return refused
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

    public func executions(ofRoot root: ExecutionID) async throws(StorageError) -> [Execution] {
        await showRecorded()
        return try await read { db in try ExecutionList.executions(ofRoot: root, db) }
    }

    public func attempts(of id: ExecutionID) async throws(StorageError) -> [Attempt] {
        try await read { db in try AttemptTable.attempts(of: id, db) }
    }

    public func batch(_ id: BatchID) async throws(StorageError) -> BatchProgress? {
        try await read { db in try BatchTable.progress(id, db) }
    }

    public func counts() async throws(StorageError) -> [ExecutionStatus: Int] {
        await showRecorded()
        return try await read { db in try Books.stored(db).counts }
    }

    public func totals() async throws(StorageError) -> QueueTotals {
        try await read { db in try Books.stored(db).totals }
    }

    public func redrive(_ redrives: [Redrive]) async throws(StorageError) -> [Redrive] {
        try await writer.perform { db in
            var books = Books()
            let done = try redrives.filter { try KeepingTable.redrive($0, &books, db) }
            try books.write(db)
            return done
        }
    }

    public func purge(_ ids: [ExecutionID]) async throws(StorageError) -> Int {
        try await writer.perform { db in try KeepingTable.purge(ids, db) }
    }

    public func prune(_ rule: RetentionRule, limit: Int) async throws(StorageError) -> Int {
        try await writer.perform { db in try KeepingTable.prune(rule, limit: max(0, limit), db) }
    }

    public func callbacks(dueAt now: Timestamp, limit: Int) async throws(StorageError) -> DueCallbacks {
        try await read { db in try CallbackTable.due(at: now, limit: limit, db) }
    }

    public func note(_ result: CallbackResult, for id: ExecutionID) async throws(StorageError) {
        try await writer.perform { db in try CallbackTable.note(result, id, db) }
    }

    /// Lets lists show what was recorded just before. Where it cannot be written they show what is stored.
    private func showRecorded() async {
        do throws(StorageError) { try await recorder.flush() } catch {}
    }
}
