import FoundationEssentials
import GRDB
import Model
import Storage

/// Rows of executions. Values of more than `inlineBytes` live in another table, so that changes and lists of rows stay
/// cheap.
enum ExecutionTable {
    static let inlineBytes = 512

    /// What a row is read for.
    enum Extent {
        case whole
        /// Without `input` and `logs`.
        case listed
    }

    private enum Field: String, CaseIterable {
        case output, input, logs
    }

    /// Adds an execution; false where its id is known already: then nothing changes.
    static func insert(_ execution: Execution, _ db: Database) throws -> Bool {
        let usage = execution.usage
        let logs = try encode(execution.logs)
        var row = Binding(try db.cachedStatement(sql: insertion))
        row.add(execution.id)
        row.add(execution.task.rawValue)
        row.add(execution.trigger.rawValue)
        row.add(execution.function?.text)
        row.add(execution.version)
        row.add(execution.status.code)
        row.add(execution.attempts)
        row.add(execution.createdAt.microseconds)
        row.add(execution.startedAt?.microseconds)
        row.add(execution.finishedAt?.microseconds)
        row.add(usage.wallMicroseconds)
        row.add(usage.cpuMicroseconds)
        row.add(usage.peakMemoryBytes)
        row.add(execution.parent)
        row.add(try execution.fault.map(JSONText.encode))
        row.add(inline(execution.output))
        row.add(inline(execution.input))
        row.add(inline(logs))
        row.add(execution.priority)
        row.add(execution.notBefore?.microseconds)
        row.add(QueueEntry(execution).isDelayed)
        row.add(execution.expiresAt?.microseconds)
        row.add(execution.callback)
        row.add(execution.batch)
        row.add(execution.redrivenFrom)
        row.add(execution.root)
        row.add(execution.callNumber)
        row.add(try execution.detail.map(JSONText.encode))
        try row.execute()
        guard db.changesCount == 1 else { return false }
        try addLarge(execution.output, .output, of: execution.id, db)
        try addLarge(execution.input, .input, of: execution.id, db)
        try addLarge(logs, .logs, of: execution.id, db)
        return true
    }

    private static let insertion = """
        INSERT INTO executions (
            id, task, trigger, function, version, status, attempts, created_at, started_at, finished_at,
            wall_microseconds, cpu_microseconds, peak_memory_bytes, parent, fault, output, input, logs, priority,
            not_before, delayed, expires_at, callback, batch, redriven_from, root, call_number, detail
        ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING
        """

    /// Ends a leased execution; nil where the lease is no longer the current one.
    static func settle(_ settlement: Settlement, isDead: Bool, _ db: Database) throws -> Ended? {
        let logs = try encode(settlement.logs)
        let row = try Row.fetchOne(
            db.cachedStatement(sql: ending),
            arguments: [
                settlement.status.code, settlement.finishedAt.microseconds, settlement.usage.wallMicroseconds,
                settlement.usage.cpuMicroseconds, settlement.usage.peakMemoryBytes,
                settlement.fault.map(JSONText.encode), inline(settlement.output).map { Data($0) },
                inline(logs).map { Data($0) }, isDead,
                settlement.id.data, settlement.epoch,
            ])
        guard let row else { return nil }
        try addLarge(settlement.output, .output, of: settlement.id, db)
        try addLarge(logs, .logs, of: settlement.id, db)
        return Ended(batch: try (row[0] as Data?).map { try BatchID($0) }, callback: row[1])
    }

    /// What else is to be told of an end.
    struct Ended {
        var batch: BatchID?
        var callback: String?
    }

    private static let ending = """
        UPDATE executions SET status = ?, leased_until = NULL, finished_at = ?, wall_microseconds = ?,
            cpu_microseconds = ?, peak_memory_bytes = ?, fault = ?, output = ?, logs = ?, dead = ?
        WHERE id = ? AND status = 1 AND epoch = ? RETURNING batch, callback
        """

    /// The columns of `executions`, for `decode`.
    static func columns(_ extent: Extent) -> String {
        let (input, logs) = extent == .whole ? (stored(.input), stored(.logs)) : ("x''", "NULL")
        return """
            id, task, trigger, function, version, status, attempts, created_at, started_at, finished_at, \
            wall_microseconds, cpu_microseconds, peak_memory_bytes, parent, fault, \(stored(.output)), \(input), \(logs), \
            priority, not_before, expires_at, callback, batch, dead, redriven_from, \
            root, call_number, detail
            """
    }

    static func decode(_ row: Row) throws -> Execution {
        let logs: Data? = row[17]
        return Execution(
            id: try ExecutionID(row[0] as Data), task: try ExecutionTask(column: row[1]),
            trigger: try ExecutionTrigger(column: row[2]),
            function: try (row[3] as String?).map(FunctionKey.init(text:)),
            version: row[4], status: try ExecutionStatus(code: row[5]), input: [UInt8](row[16] as Data? ?? Data()),
            output: (row[15] as Data?).map { [UInt8]($0) },
            logs: try decodeLogs(logs),
            fault: try (row[14] as String?).map { try JSONText.decode(ExecutionFault.self, $0) }, attempts: row[6],
            createdAt: Timestamp(microseconds: row[7]), startedAt: (row[8] as Int64?).map(Timestamp.init),
            finishedAt: (row[9] as Int64?).map(Timestamp.init),
            usage: ResourceUsage(wallMicroseconds: row[10], cpuMicroseconds: row[11], peakMemoryBytes: row[12]),
            parent: try (row[13] as Data?).map { try ExecutionID($0) },
            root: try (row[25] as Data?).map { try ExecutionID($0) }, callNumber: row[26],
            detail: try (row[27] as String?).map { try JSONText.decode(CallDetail.self, $0) }, priority: row[18],
            notBefore: (row[19] as Int64?).map(Timestamp.init), expiresAt: (row[20] as Int64?).map(Timestamp.init),
            callback: row[21], batch: try (row[22] as Data?).map { try BatchID($0) }, isDead: row[23],
            redrivenFrom: try (row[24] as Data?).map { try ExecutionID($0) })
    }

    private static func stored(_ field: Field) -> String {
        """
        coalesce(\(field.rawValue), (SELECT bytes FROM large_values \
        WHERE execution = executions.id AND field = '\(field.rawValue)'))
        """
    }

    static func encode(_ logs: [LogLine]) throws -> [UInt8]? {
        logs.isEmpty ? nil : [UInt8](try JSONEncoder().encode(logs))
    }

    static func decodeLogs(_ bytes: Data?) throws -> [LogLine] {
        try bytes.map { try JSONDecoder().decode([LogLine].self, from: $0) } ?? []
    }

    private static func inline(_ bytes: [UInt8]?) -> [UInt8]? {
        bytes.flatMap { $0.count <= inlineBytes ? $0 : nil }
    }

    private static func addLarge(_ bytes: [UInt8]?, _ field: Field, of id: ExecutionID, _ db: Database) throws {
        guard let bytes, bytes.count > inlineBytes else { return }
        try db.cachedStatement(sql: "INSERT INTO large_values (execution, field, bytes) VALUES (?, ?, ?)")
            .execute(arguments: [id.data, field.rawValue, Data(bytes)])
    }
}
