import FoundationEssentials
import GRDB
import Model
import Storage

/// What one change adds to the counters, lanes and batches: collected, and written once inside its transaction.
struct Books {
    /// A lane as its columns name it.
    struct LaneText: Hashable {
        var function: String
        var priority: Int
    }

    var ledger = Ledger()
    private var lanes: [LaneText: Int] = [:]
    private var batches: [BatchID: [ExecutionStatus: Int]] = [:]
    private var newBatches: [BatchID: Timestamp] = [:]
    private var turns = 0

    /// An execution was enqueued.
    mutating func accept(_ execution: Execution) {
        ledger.accept()
        if QueueEntry(execution).isReady { ready(execution.function?.text, execution.priority, 1) }
        if let batch = execution.batch {
            if newBatches[batch] == nil { newBatches[batch] = execution.createdAt }
            batches[batch, default: [:]][.queued, default: 0] += 1
        }
    }

    /// An execution went from one status to another.
    mutating func move(_ batch: BatchID?, from old: ExecutionStatus, to new: ExecutionStatus, isDead: Bool = false) {
        ledger.move(from: old, to: new, isDead: isDead)
        guard let batch else { return }
        batches[batch, default: [:]][old, default: 0] -= 1
        batches[batch, default: [:]][new, default: 0] += 1
    }

    /// So many more, or fewer, of a lane may start.
    mutating func ready(_ function: String?, _ priority: Int, _ count: Int) {
        lanes[LaneText(function: function ?? "", priority: priority), default: 0] += count
    }

    /// So many were served in turn.
    mutating func takeTurns(_ count: Int) { turns += count }

    /// Writes what was collected, and begins anew.
    mutating func close(_ db: Database) throws {
        guard !isEmpty else { return }
        try write(db)
        self = Books()
    }

    private var isEmpty: Bool { lanes.isEmpty && batches.isEmpty && turns == 0 && ledger == Ledger() }

    /// Adds all that was collected. `now` is when batches end that end by this.
    func write(at now: Timestamp = Timestamp(microseconds: 0), _ db: Database) throws {
        for (lane, count) in lanes where count != 0 { try write(lane, count, db) }
        for (batch, counts) in batches { try write(batch, counts, now, db) }
        guard ledger != Ledger() || turns != 0 else { return }
        let settled = Self.finals.map { ledger.settled[$0, default: 0] }
        let kept = Self.finals.map { ledger.kept[$0, default: 0] }
        let numbers = [turns, ledger.accepted, ledger.queued, ledger.running] + settled + kept + [ledger.dead]
        try db.cachedStatement(sql: Self.adding).execute(arguments: StatementArguments(numbers))
    }

    private func write(_ lane: LaneText, _ count: Int, _ db: Database) throws {
        guard count < 0 else {
            // A new lane has its turn after all that wait.
            return try db.cachedStatement(
                sql: """
                    INSERT INTO lanes (function, priority, ready, served) VALUES (?, ?, ?, (SELECT turn FROM totals))
                    ON CONFLICT (function, priority) DO UPDATE SET ready = ready + excluded.ready
                    """
            ).execute(arguments: [lane.function, lane.priority, count])
        }
        try db.cachedStatement(sql: "UPDATE lanes SET ready = ready + ? WHERE function = ? AND priority = ?")
            .execute(arguments: [count, lane.function, lane.priority])
        try db.cachedStatement(sql: "DELETE FROM lanes WHERE function = ? AND priority = ? AND ready = 0")
            .execute(arguments: [lane.function, lane.priority])
    }

    private func write(_ id: BatchID, _ counts: [ExecutionStatus: Int], _ now: Timestamp, _ db: Database) throws {
        let columns = ([.queued, .running] + Self.finals).map { counts[$0, default: 0] }
        if let created = newBatches[id] {
            try db.cachedStatement(
                sql: """
                    INSERT INTO batches (id, created_at, total, queued, running, succeeded, failed, cancelled, timed_out)
                    VALUES (?, ?, 0, 0, 0, 0, 0, 0, 0) ON CONFLICT (id) DO NOTHING
                    """
            ).execute(arguments: [id.data, created.microseconds])
        }
        let added = newBatches[id] == nil ? 0 : columns.reduce(0, +)
        let arguments: StatementArguments = [added] + StatementArguments(columns) + [id.data]
        try db.cachedStatement(
            sql: """
                UPDATE batches SET total = total + ?, queued = queued + ?, running = running + ?,
                    succeeded = succeeded + ?, failed = failed + ?, cancelled = cancelled + ?, timed_out = timed_out + ?
                WHERE id = ?
                """
        ).execute(arguments: arguments)
        try db.cachedStatement(
            sql: "UPDATE batches SET finished_at = ? WHERE id = ? AND queued = 0 AND running = 0"
        ).execute(arguments: [now.microseconds, id.data])
    }

    static let finals: [ExecutionStatus] = [.succeeded, .failed, .cancelled, .timedOut]

    private static let adding = """
        UPDATE totals SET turn = turn + ?, accepted = accepted + ?, queued = queued + ?, running = running + ?,
            settled_succeeded = settled_succeeded + ?, settled_failed = settled_failed + ?,
            settled_cancelled = settled_cancelled + ?, settled_timed_out = settled_timed_out + ?,
            kept_succeeded = kept_succeeded + ?, kept_failed = kept_failed + ?, kept_cancelled = kept_cancelled + ?,
            kept_timed_out = kept_timed_out + ?, dead = dead + ?
        """

    /// The counters as they are stored.
    static func stored(_ db: Database) throws -> Ledger {
        let statement = try db.cachedStatement(
            sql: """
                SELECT accepted, queued, running, settled_succeeded, settled_failed, settled_cancelled,
                    settled_timed_out, kept_succeeded, kept_failed, kept_cancelled, kept_timed_out, dead FROM totals
                """)
        guard let row = try Row.fetchOne(statement) else { throw UnreadableValue("no totals") }
        var ledger = Ledger()
        (ledger.accepted, ledger.queued, ledger.running, ledger.dead) = (row[0], row[1], row[2], row[11])
        for (index, status) in finals.enumerated() {
            ledger.settled[status] = row[3 + index]
            ledger.kept[status] = row[7 + index]
        }
        return ledger
    }
}
