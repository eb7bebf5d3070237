import FoundationEssentials
import GRDB
import Model
import Storage

/// Dead letters, and what is deleted because it was kept for long enough.
enum KeepingTable {
    /// Queues a dead letter anew; false where it is none.
    static func redrive(_ redrive: Redrive, _ books: inout Books, _ db: Database) throws -> Bool {
        guard let dead = try ExecutionList.execution(redrive.dead, db), dead.isDead else { return false }
        let repetition = dead.repetition(redrive)
        guard try ExecutionTable.insert(repetition, db) else { return false }
        try db.cachedStatement(sql: "UPDATE executions SET dead = 0 WHERE id = ?").execute(arguments: [dead.id.data])
        books.ledger.dead -= 1
        books.accept(repetition)
        return true
    }

    static func purge(_ ids: [ExecutionID], _ db: Database) throws -> Int {
        let dead = try db.cachedStatement(sql: "SELECT status FROM executions WHERE id = ? AND dead = 1")
        var books = Books()
        var count = 0
        for id in Set(ids) {
            guard let code = try Int.fetchOne(dead, arguments: [id.data]) else { continue }
            try delete(id, try ExecutionStatus(code: code), isDead: true, &books, db)
            count += 1
        }
        try books.write(db)
        return count
    }

    static func prune(_ rule: RetentionRule, limit: Int, _ db: Database) throws -> Int {
        let stored = try Books.stored(db)
        var books = Books()
        var count = 0
        for (isDead, bound, excess) in [
            (false, rule.endedBefore, stored.excess(over: rule.maximumEnded)),
            (true, rule.deadBefore, max(0, stored.dead - rule.maximumDead)),
        ] {
            let old = try oldest(isDead: isDead, endedBefore: bound, limit: limit, db)
            let beyond = try oldest(isDead: isDead, endedBefore: nil, limit: min(excess, limit), db)
            let chosen = Dictionary(old + beyond) { first, _ in first }
            for (id, status) in chosen { try delete(id, status, isDead: isDead, &books, db) }
            count += chosen.count
        }
        try books.write(db)
        return try count + pruneKeys(rule, limit, db) + pruneBatches(rule, limit, db)
    }

    private static func delete(
        _ id: ExecutionID, _ status: ExecutionStatus, isDead: Bool, _ books: inout Books, _ db: Database
    ) throws {
        try db.cachedStatement(sql: "DELETE FROM executions WHERE id = ?").execute(arguments: [id.data])
        books.ledger.delete(status, isDead: isDead)
    }

    /// The oldest ended executions without a callback that is still to be sent, of all or of those that ended before a time.
    private static func oldest(
        isDead: Bool, endedBefore bound: Timestamp?, limit: Int, _ db: Database
    ) throws -> [(ExecutionID, ExecutionStatus)] {
        guard limit > 0 else { return [] }
        var arguments = StatementArguments()
        let parts = Books.finals.map { status in
            arguments += [status.code, isDead, (bound.map { ExecutionID(firstAt: $0) } ?? .last).data]
            if let bound { arguments += [bound.microseconds] }
            arguments += [limit]
            return """
                SELECT * FROM (SELECT id, status FROM executions WHERE status = ? AND dead = ? AND id < ?
                \(bound == nil ? "" : "AND finished_at < ?")
                AND NOT EXISTS (SELECT 1 FROM callbacks WHERE execution = executions.id) ORDER BY id LIMIT ?)
                """
        }
        arguments += [limit]
        let statement = try db.cachedStatement(
            sql: parts.joined(separator: " UNION ALL ") + " ORDER BY id LIMIT ?")
        return try Row.fetchAll(statement, arguments: arguments).map { row in
            (try ExecutionID(row[0] as Data), try ExecutionStatus(code: row[1]))
        }
    }

    private static func pruneKeys(_ rule: RetentionRule, _ limit: Int, _ db: Database) throws -> Int {
        try db.cachedStatement(
            sql: """
                DELETE FROM idempotency_keys WHERE (namespace, text) IN (
                    SELECT namespace, text FROM idempotency_keys WHERE expires_at < ? ORDER BY expires_at LIMIT ?)
                """
        ).execute(arguments: [rule.now.microseconds, limit])
        return db.changesCount
    }

    private static func pruneBatches(_ rule: RetentionRule, _ limit: Int, _ db: Database) throws -> Int {
        try db.cachedStatement(
            sql: """
                DELETE FROM batches WHERE id IN (
                    SELECT id FROM batches WHERE finished_at IS NOT NULL AND finished_at < ? ORDER BY finished_at LIMIT ?)
                """
        ).execute(arguments: [rule.endedBefore.microseconds, limit])
        return db.changesCount
    }
}
