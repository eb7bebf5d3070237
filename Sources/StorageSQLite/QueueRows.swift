import FoundationEssentials
import GRDB
import Model
import Storage

/// Attempts that did not end their execution.
enum AttemptTable {
    static func insert(_ attempt: Attempt, of id: ExecutionID, _ db: Database) throws {
        // A number comes again where an attempt in between did not count.
        try db.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO attempts (execution, number, status, started_at, finished_at, wall_microseconds,
                    cpu_microseconds, peak_memory_bytes, fault, logs) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            id.data, attempt.number, attempt.status.code, attempt.startedAt?.microseconds,
            attempt.finishedAt?.microseconds, attempt.usage.wallMicroseconds, attempt.usage.cpuMicroseconds,
            attempt.usage.peakMemoryBytes, attempt.fault.map(JSONText.encode),
            try ExecutionTable.encode(attempt.logs).map { Data($0) },
        ])
    }

    static func attempts(of id: ExecutionID, _ db: Database) throws -> [Attempt] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT number, status, started_at, finished_at, wall_microseconds, cpu_microseconds, peak_memory_bytes,
                    fault, logs FROM attempts WHERE execution = ? ORDER BY number
                """)
        return try Row.fetchAll(statement, arguments: [id.data]).map { row in
            Attempt(
                number: row[0], status: try ExecutionStatus(code: row[1]),
                startedAt: (row[2] as Int64?).map(Timestamp.init), finishedAt: (row[3] as Int64?).map(Timestamp.init),
                fault: try (row[7] as String?).map { try JSONText.decode(ExecutionFault.self, $0) },
                usage: ResourceUsage(wallMicroseconds: row[4], cpuMicroseconds: row[5], peakMemoryBytes: row[6]),
                logs: try ExecutionTable.decodeLogs(row[8]))
        }
    }
}

/// Idempotency keys, each with the executions that it stands for.
enum KeyTable {
    /// The executions of a key; nil: it may be used.
    static func use(of key: IdempotencyKey, _ db: Database) throws -> [ExecutionID]? {
        let statement = try db.cachedStatement(
            sql: """
                SELECT digest, executions FROM idempotency_keys WHERE namespace = ? AND text = ? AND expires_at > ?
                """)
        guard
            let row = try Row.fetchOne(
                statement, arguments: [key.namespace.rawValue, key.text, key.now.microseconds])
        else { return nil }
        guard [UInt8](row[0] as Data) == key.digest else { throw StorageError.keyConflict(key) }
        let ids: Data = row[1]
        return try stride(from: ids.startIndex, to: ids.endIndex, by: 16).map { start in
            try ExecutionID(Data(ids[start..<min(start + 16, ids.endIndex)]))
        }
    }

    static func insert(_ key: IdempotencyKey, for ids: [ExecutionID], _ db: Database) throws {
        let bytes = ids.reduce(into: Data(capacity: ids.count * 16)) { $0.append($1.data) }
        try db.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO idempotency_keys (namespace, text, digest, expires_at, executions)
                VALUES (?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            key.namespace.rawValue, key.text, Data(key.digest), key.expiresAt.microseconds, bytes,
        ])
    }
}

/// Callbacks of executions that have ended.
enum CallbackTable {
    static func insert(_ url: String, _ id: ExecutionID, _ due: Timestamp, _ db: Database) throws {
        try db.cachedStatement(sql: "INSERT INTO callbacks (execution, url, attempts, due_at) VALUES (?, ?, 0, ?)")
            .execute(arguments: [id.data, url, due.microseconds])
    }

    static func due(at now: Timestamp, limit: Int, _ db: Database) throws -> DueCallbacks {
        let statement = try db.cachedStatement(
            sql: "SELECT execution, url, attempts, due_at FROM callbacks ORDER BY due_at, execution LIMIT ?")
        let rows = try Row.fetchAll(statement, arguments: [max(0, limit) + 1])
        let due = rows.prefix(max(0, limit)).prefix { $0["due_at"] <= now.microseconds }
        return DueCallbacks(
            callbacks: try due.map { row in
                Callback(execution: try ExecutionID(row[0] as Data), url: row[1], attempts: row[2])
            }, nextDue: rows.count > due.count ? Timestamp(microseconds: rows[due.count][3]) : nil)
    }

    static func note(_ result: CallbackResult, _ id: ExecutionID, _ db: Database) throws {
        switch result {
        case .done:
            try db.cachedStatement(sql: "DELETE FROM callbacks WHERE execution = ?").execute(arguments: [id.data])
        case .retry(let time):
            try db.cachedStatement(
                sql: "UPDATE callbacks SET attempts = attempts + 1, due_at = ? WHERE execution = ?"
            ).execute(arguments: [time.microseconds, id.data])
        }
    }
}

/// Batches by their counters.
enum BatchTable {
    static func progress(_ id: BatchID, _ db: Database) throws -> BatchProgress? {
        let statement = try db.cachedStatement(
            sql: """
                SELECT created_at, total, finished_at, queued, running, succeeded, failed, cancelled, timed_out
                FROM batches WHERE id = ?
                """)
        guard let row = try Row.fetchOne(statement, arguments: [id.data]) else { return nil }
        var counts: [ExecutionStatus: Int] = [:]
        for (index, status) in ([.queued, .running] + Books.finals).enumerated() where row[3 + index] != 0 {
            counts[status] = row[3 + index]
        }
        return BatchProgress(
            id: id, createdAt: Timestamp(microseconds: row[0]), total: row[1], counts: counts,
            finishedAt: (row[2] as Int64?).map(Timestamp.init))
    }
}
