import FoundationEssentials
import GRDB
import Model
import Storage

/// Changes of those executions that are still to run: the rules of ``QueueEntry`` as statements.
///
/// `status = 0` is `queued`, `status = 1` is `running`: written out, so that partial indexes are used.
enum QueueTable {
    static func enqueue(
        _ executions: [Execution], key: IdempotencyKey?, _ books: inout Books, _ db: Database
    ) throws -> [ExecutionID] {
        if let key, let known = try KeyTable.use(of: key, db) { return known }
        for execution in executions {
            guard try ExecutionTable.insert(execution, db) else { throw StorageError.executionExists(execution.id) }
            books.accept(execution)
        }
        let ids = executions.map(\.id)
        if let key { try KeyTable.insert(key, for: ids, db) }
        return ids
    }

    /// Ends a leased execution or puts it back; false where the lease is no longer the current one.
    static func settle(_ settlement: Settlement, _ books: inout Books, _ db: Database) throws -> Bool {
        switch settlement.verdict {
        case .end(let status, let isDead):
            guard let ended = try ExecutionTable.settle(settlement, isDead: isDead, db) else { return false }
            books.move(ended.batch, from: .running, to: status, isDead: isDead)
            if let url = ended.callback { try CallbackTable.insert(url, settlement.id, settlement.finishedAt, db) }
            return true
        case .again(let notBefore, let isUnstarted):
            let running = try db.cachedStatement(sql: "\(running) AND id = ? AND epoch = ?")
            guard let row = try Row.fetchOne(running, arguments: [settlement.id.data, settlement.epoch]) else {
                return false
            }
            let entry = try Running(row)
            if !isUnstarted {
                let attempt = Attempt(
                    number: entry.attempts, status: settlement.attemptStatus, startedAt: entry.startedAt,
                    finishedAt: settlement.finishedAt, fault: settlement.fault, usage: settlement.usage,
                    logs: settlement.logs)
                try AttemptTable.insert(attempt, of: entry.id, db)
            }
            try putBack(
                entry, attempts: entry.attempts - (isUnstarted ? 1 : 0),
                notBefore: isUnstarted ? entry.notBefore : notBefore, isDelayed: notBefore != nil, &books, db)
            return true
        }
    }

    static func requeueExpired(now: Timestamp?, _ db: Database) throws -> Int {
        let statement = try db.cachedStatement(sql: "\(running) AND leased_until < ?")
        let lost = try Row.fetchAll(statement, arguments: [now?.microseconds ?? .max]).map(Running.init)
        var books = Books()
        for entry in lost {
            let attempt = Attempt(
                number: entry.attempts, status: .failed, startedAt: entry.startedAt, finishedAt: now, fault: .leaseLost)
            try AttemptTable.insert(attempt, of: entry.id, db)
            try putBack(entry, attempts: entry.attempts, notBefore: nil, isDelayed: false, &books, db)
        }
        try books.write(db)
        return lost.count
    }

    static func cancel(_ id: ExecutionID, at now: Timestamp, _ db: Database) throws -> Cancellation {
        let statement = try db.cachedStatement(sql: "SELECT status FROM executions WHERE id = ?")
        guard let code = try Int.fetchOne(statement, arguments: [id.data]) else { return .notFound }
        switch try ExecutionStatus(code: code) {
        case .queued:
            var books = Books()
            try end(id, .cancelled, nil, at: now, &books, db)
            try books.write(at: now, db)
            return .cancelled
        case .running: return .running
        case .succeeded, .failed, .cancelled, .timedOut: return .alreadyFinal
        }
    }

    /// Ends one that waits.
    static func end(
        _ id: ExecutionID, _ status: ExecutionStatus, _ fault: ExecutionFault?, at now: Timestamp,
        _ books: inout Books, _ db: Database
    ) throws {
        let waiting = try db.cachedStatement(
            sql: "SELECT function, priority, delayed, batch, callback FROM executions WHERE id = ? AND status = 0")
        guard let row = try Row.fetchOne(waiting, arguments: [id.data]) else { return }
        let isDead = status == .failed
        try db.cachedStatement(
            sql: "UPDATE executions SET status = ?, finished_at = ?, fault = ?, delayed = 0, dead = ? WHERE id = ?"
        ).execute(arguments: [status.code, now.microseconds, fault.map(JSONText.encode), isDead, id.data])
        if row[2] == false { books.ready(row[0], row[1], -1) }
        books.move(try (row[3] as Data?).map { try BatchID($0) }, from: .queued, to: status, isDead: isDead)
        if let url: String = row[4] { try CallbackTable.insert(url, id, now, db) }
    }

    /// A row that is leased.
    private struct Running {
        var id: ExecutionID
        var function: String?
        var priority: Int
        var batch: BatchID?
        var attempts: Int
        var startedAt: Timestamp?
        var notBefore: Timestamp?

        init(_ row: Row) throws {
            id = try ExecutionID(row[0] as Data)
            (function, priority, attempts) = (row[1], row[2], row[4])
            batch = try (row[3] as Data?).map { try BatchID($0) }
            startedAt = (row[5] as Int64?).map(Timestamp.init)
            notBefore = (row[6] as Int64?).map(Timestamp.init)
        }
    }

    private static let running =
        "SELECT id, function, priority, batch, attempts, started_at, not_before FROM executions WHERE status = 1"

    private static func putBack(
        _ entry: Running, attempts: Int, notBefore: Timestamp?, isDelayed: Bool, _ books: inout Books, _ db: Database
    ) throws {
        try db.cachedStatement(
            sql: """
                UPDATE executions SET status = 0, leased_until = NULL, started_at = NULL, attempts = ?, not_before = ?,
                    delayed = ? WHERE id = ?
                """
        ).execute(arguments: [attempts, notBefore?.microseconds, isDelayed, entry.id.data])
        books.move(entry.batch, from: .running, to: .queued)
        if !isDelayed { books.ready(entry.function, entry.priority, 1) }
    }
}
