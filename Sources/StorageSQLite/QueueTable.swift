import FoundationEssentials
import GRDB
import Model
import Storage

/// Changes of those executions that are still to run.
enum QueueTable {
    static func lease(limit: Int, now: Timestamp, until: Timestamp, _ db: Database) throws -> [Lease] {
        let oldest = try db.cachedStatement(
            sql: """
                SELECT \(ExecutionTable.columns(.whole)), epoch FROM executions WHERE status = ? ORDER BY id LIMIT ?
                """)
        let start = try db.cachedStatement(
            sql: """
                UPDATE executions SET status = ?, attempts = attempts + 1, epoch = epoch + 1, started_at = ?,
                    leased_until = ? WHERE id = ?
                """)
        return try Row.fetchAll(oldest, arguments: [ExecutionStatus.queued.code, limit]).map { row in
            var execution = try ExecutionTable.decode(row)
            try start.execute(arguments: [
                ExecutionStatus.running.code, now.microseconds, until.microseconds, execution.id.data,
            ])
            execution.status = .running
            execution.attempts += 1
            execution.startedAt = now
            return Lease(execution: execution, epoch: row["epoch"] + 1)
        }
    }

    /// Puts one back into the queue; false where the lease is no longer the current one.
    static func giveBack(_ id: ExecutionID, epoch: Int64, _ db: Database) throws -> Bool {
        try db.cachedStatement(sql: "\(requeueing) AND id = ? AND epoch = ?").execute(arguments: [
            ExecutionStatus.queued.code, ExecutionStatus.running.code, id.data, epoch,
        ])
        return db.changesCount == 1
    }

    static func requeueExpired(now: Timestamp?, _ db: Database) throws -> Int {
        try db.cachedStatement(sql: "\(requeueing) AND leased_until < ?").execute(arguments: [
            ExecutionStatus.queued.code, ExecutionStatus.running.code, now?.microseconds ?? .max,
        ])
        return db.changesCount
    }

    private static let requeueing =
        "UPDATE executions SET status = ?, leased_until = NULL, started_at = NULL WHERE status = ?"

    static func cancel(_ id: ExecutionID, at now: Timestamp, _ db: Database) throws -> Cancellation {
        let statement = try db.cachedStatement(sql: "SELECT status FROM executions WHERE id = ?")
        guard let code = try Int.fetchOne(statement, arguments: [id.data]) else { return .notFound }
        switch try ExecutionStatus(code: code) {
        case .queued:
            try db.cachedStatement(sql: "UPDATE executions SET status = ?, finished_at = ? WHERE id = ?")
                .execute(arguments: [ExecutionStatus.cancelled.code, now.microseconds, id.data])
            return .cancelled
        case .running: return .running
        case .succeeded, .failed, .cancelled, .timedOut: return .alreadyFinal
        }
    }
}
