import FoundationEssentials
import GRDB
import Model
import Storage

/// Keys of the shared state, as rows.
struct StateRow {
    let id: Int64
    var summary: StateSummary

    static let columns = "id, version, size, entries, entry_bytes"

    init(_ row: Row) {
        id = row[0]
        summary = StateSummary(version: row[1], size: row[2], entries: row[3], entryBytes: row[4])
    }

    init?(_ key: StateKey, _ db: Database) throws {
        let statement = try db.cachedStatement(
            sql: "SELECT \(Self.columns) FROM state_keys WHERE tenant = ? AND name = ?")
        guard let row = try Row.fetchOne(statement, arguments: [key.tenant.rawValue, key.name]) else { return nil }
        self.init(row)
    }

    /// A new key, without value or entries.
    init(inserting key: StateKey, version: Int64, _ db: Database) throws {
        try db.cachedStatement(
            sql: "INSERT INTO state_keys (tenant, name, version, entries, entry_bytes) VALUES (?, ?, ?, 0, 0)"
        ).execute(arguments: [key.tenant.rawValue, key.name, version])
        id = db.lastInsertedRowID
        summary = StateSummary(version: version, size: nil, entries: 0, entryBytes: 0)
    }
}

enum StateTable {
    static func nextVersion(_ db: Database) throws -> Int64 {
        let statement = try db.cachedStatement(sql: "UPDATE state_clock SET version = version + 1 RETURNING version")
        guard let version = try Int64.fetchOne(statement) else { throw UnreadableValue("the clock of the state") }
        return version
    }

    static func make(_ edit: StateEdit, _ version: Int64, _ db: Database) throws {
        let stored = try StateRow(edit.key, db)
        guard edit.expected.accepts(stored?.summary.version) else { throw StorageError.stateConflict(edit.key) }
        var row = try stored ?? StateRow(inserting: edit.key, version: version, db)
        for change in edit.changes { try make(change, &row, db) }
        guard row.summary.size != nil || row.summary.entries > 0 else {
            try db.cachedStatement(sql: "DELETE FROM state_keys WHERE id = ?").execute(arguments: [row.id])
            return
        }
        try db.cachedStatement(
            sql: "UPDATE state_keys SET version = ?, size = ?, entries = ?, entry_bytes = ? WHERE id = ?"
        ).execute(arguments: [
            version, row.summary.size, row.summary.entries, row.summary.entryBytes, row.id,
        ])
    }

    private static func make(_ change: StateEdit.Change, _ row: inout StateRow, _ db: Database) throws {
        switch change {
        case .resize(let size):
            if size ?? 0 < row.summary.size ?? 0 { try StateChunks.cut(row.id, to: size ?? 0, db) }
            row.summary.size = size
        case .write(let bytes, let offset):
            let size = row.summary.size ?? 0
            try StateChunks.write(bytes, at: offset, of: size, row.id, db)
            row.summary.size = max(size, offset + bytes.count)
        case .keepEntries(let count): try cutEntries(&row, to: count, db)
        case .append(let entries):
            let statement = try db.cachedStatement(
                sql: "INSERT INTO state_entries (key, number, bytes) VALUES (?, ?, ?)")
            for entry in entries {
                try statement.execute(arguments: [row.id, row.summary.entries, Data(entry)])
                row.summary.entries += 1
                row.summary.entryBytes += entry.count
            }
        }
    }

    private static func cutEntries(_ row: inout StateRow, to count: Int, _ db: Database) throws {
        guard count < row.summary.entries else { return }
        let lost = try db.cachedStatement(
            sql: "SELECT coalesce(sum(length(bytes)), 0) FROM state_entries WHERE key = ? AND number >= ?")
        row.summary.entryBytes -= try Int.fetchOne(lost, arguments: [row.id, count]) ?? 0
        row.summary.entries = count
        try db.cachedStatement(sql: "DELETE FROM state_entries WHERE key = ? AND number >= ?")
            .execute(arguments: [row.id, count])
    }
}
