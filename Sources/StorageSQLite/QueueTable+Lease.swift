import FoundationEssentials
import GRDB
import Model
import Storage

extension QueueTable {
    // Without statistics SQLite takes the index by status for the small ones of what is delayed or ages, and so would walk
    // all that is queued: those are named.

    /// How many rows one look for work ends, or wakes, at most: the rest comes with the next look.
    static let maximumDue = 1000

    static func lease(limit: Int, now: Timestamp, until: Timestamp, _ db: Database) throws -> LeasedWork {
        let expired = try endExpired(at: now, db)
        try wakeDelayed(at: now, db)
        var plan = LanePlan(limit: limit)
        try offerLanes(to: &plan, db)
        plan.finish()
        return LeasedWork(
            leases: try start(plan.picks, now: now, until: until, db), expired: expired, nextDue: try nextDue(db),
            isHeldBack: plan.isHeldBack)
    }

    private static func endExpired(at now: Timestamp, _ db: Database) throws -> [ExecutionID] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT id FROM executions INDEXED BY executions_expiring
                WHERE status = 0 AND attempts = 0 AND expires_at IS NOT NULL AND expires_at <= ?
                ORDER BY expires_at, id LIMIT \(maximumDue)
                """)
        let ids = try Data.fetchAll(statement, arguments: [now.microseconds]).map { try ExecutionID($0) }
        guard !ids.isEmpty else { return [] }
        var books = Books()
        for id in ids { try end(id, .failed, .expired, at: now, &books, db) }
        try books.write(at: now, db)
        return ids
    }

    private static func wakeDelayed(at now: Timestamp, _ db: Database) throws {
        let statement = try db.cachedStatement(
            sql: """
                SELECT id, function, priority FROM executions INDEXED BY executions_delayed
                WHERE status = 0 AND delayed = 1 AND not_before <= ?
                ORDER BY not_before, id LIMIT \(maximumDue)
                """)
        let rows = try Row.fetchAll(statement, arguments: [now.microseconds])
        guard !rows.isEmpty else { return }
        let wake = try db.cachedStatement(sql: "UPDATE executions SET delayed = 0 WHERE id = ?")
        var books = Books()
        for row in rows {
            try wake.execute(arguments: [row[0] as Data])
            books.ready(row[1], row[2], 1)
        }
        try books.write(db)
    }

    private static func offerLanes(to plan: inout LanePlan, _ db: Database) throws {
        let lanes = try Row.fetchCursor(
            db.cachedStatement(
                sql: "SELECT function, priority, ready, served FROM lanes ORDER BY priority DESC, served, function"))
        let running = try db.cachedStatement(sql: "SELECT count(*) FROM executions WHERE function = ? AND status = 1")
        while !plan.isFull, let row = try lanes.next() {
            let text: String = row[0]
            let function = text.isEmpty ? nil : try FunctionKey(text: text)
            var room: Int?
            if let function, let most = try FunctionTable.concurrency(function, db) {
                room = most - (try Int.fetchOne(running, arguments: [text]) ?? 0)
            }
            let key = LaneKey(function: function, priority: row[1])
            plan.offer(Lane(key: key, ready: row[2], served: row[3]), room: room)
        }
    }

    /// The oldest of one lane, from an index of what is ready.
    static let oldestSQL = """
        SELECT \(ExecutionTable.columns(.whole)), epoch FROM executions
        WHERE status = 0 AND delayed = 0 AND function IS ? AND priority = ? ORDER BY id LIMIT ?
        """

    /// Starts what a plan picked, and gives it back in the order of the picks.
    private static func start(
        _ picks: [LaneKey], now: Timestamp, until: Timestamp, _ db: Database
    ) throws -> [Lease] {
        guard !picks.isEmpty else { return [] }
        var places: [LaneKey: [Int]] = [:]
        for (place, key) in picks.enumerated() { places[key, default: []].append(place) }
        let oldest = try db.cachedStatement(sql: oldestSQL)
        let begin = try db.cachedStatement(
            sql: """
                UPDATE executions SET status = 1, attempts = attempts + 1, epoch = epoch + 1, started_at = ?,
                    leased_until = ? WHERE id = ?
                """)
        let serve = try db.cachedStatement(
            sql: """
                UPDATE lanes SET served = (SELECT turn FROM totals) + ? WHERE function = ? AND priority = ?
                """)
        var leases = [Lease?](repeating: nil, count: picks.count)
        var books = Books()
        for (key, places) in places {
            let rows = try Row.fetchAll(oldest, arguments: [key.function?.text, key.priority, places.count])
            for (place, row) in zip(places, rows) {
                var execution = try ExecutionTable.decode(row)
                try begin.execute(arguments: [now.microseconds, until.microseconds, execution.id.data])
                execution.status = .running
                execution.attempts += 1
                execution.startedAt = now
                leases[place] = Lease(execution: execution, epoch: row["epoch"] + 1)
                books.move(execution.batch, from: .queued, to: .running)
            }
            try serve.execute(arguments: [(places.last ?? 0) + 1, key.functionText, key.priority])
            books.ready(key.functionText, key.priority, -rows.count)
        }
        books.takeTurns(picks.count)
        try books.write(at: now, db)
        return leases.compactMap { $0 }
    }

    private static func nextDue(_ db: Database) throws -> Timestamp? {
        let delayed = try db.cachedStatement(
            sql: """
                SELECT not_before FROM executions INDEXED BY executions_delayed
                WHERE status = 0 AND delayed = 1 ORDER BY not_before LIMIT 1
                """)
        let expiring = try db.cachedStatement(
            sql: """
                SELECT expires_at FROM executions INDEXED BY executions_expiring
                WHERE status = 0 AND attempts = 0 AND expires_at IS NOT NULL
                ORDER BY expires_at LIMIT 1
                """)
        return try [Int64.fetchOne(delayed), Int64.fetchOne(expiring)].compactMap { $0 }.min().map(Timestamp.init)
    }
}
