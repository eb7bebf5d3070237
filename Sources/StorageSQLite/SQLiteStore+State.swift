import FoundationEssentials
import GRDB
public import Model
public import Storage

extension SQLiteStore: StateStore {
    public func commit(_ edits: [StateEdit]) async throws(StorageError) -> Int64 {
        try await writer.perform { db in
            let version = try StateTable.nextVersion(db)
            for edit in edits { try StateTable.make(edit, version, db) }
            return version
        }
    }

    public func state(_ key: StateKey) async throws(StorageError) -> StateSummary? {
        try await read { db in try StateRow(key, db)?.summary }
    }

    public func stateBytes(_ key: StateKey, at offset: Int, count: Int) async throws(StorageError) -> [UInt8] {
        try await read { db in
            guard let row = try StateRow(key, db), let size = row.summary.size, offset < size, count > 0 else {
                return []
            }
            return try StateChunks.bytes(row.id, at: offset, count: min(count, size - offset), db)
        }
    }

    public func stateEntries(_ key: StateKey, limit: Int) async throws(StorageError) -> [[UInt8]] {
        try await read { db in
            guard let row = try StateRow(key, db) else { return [] }
            let statement = try db.cachedStatement(
                sql: "SELECT bytes FROM state_entries WHERE key = ? AND number < ? ORDER BY number")
            return try Data.fetchAll(statement, arguments: [row.id, limit]).map { Array($0) }
        }
    }

    public func stateKeys(
        of tenant: Namespace, after: StateKey?, limit: Int
    ) async throws(StorageError) -> [StateListing] {
        try await read { db in
            let statement = try db.cachedStatement(
                sql: """
                    SELECT \(StateRow.columns), name FROM state_keys WHERE tenant = ? AND name > ? ORDER BY name LIMIT ?
                    """)
            let arguments: StatementArguments = [tenant.rawValue, after?.name ?? "", max(0, limit)]
            return try Row.fetchAll(statement, arguments: arguments).map { row in
                StateListing(key: try StateKey(tenant: tenant, name: row[5]), summary: StateRow(row).summary)
            }
        }
    }

    public func stateUsage(of tenant: Namespace) async throws(StorageError) -> StateUsage {
        try await read { db in
            let statement = try db.cachedStatement(
                sql: """
                    SELECT count(*), coalesce(sum(length(CAST(name AS BLOB)) + coalesce(size, 0) + entry_bytes), 0),
                        coalesce(sum(entries), 0) FROM state_keys WHERE tenant = ?
                    """)
            guard let row = try Row.fetchOne(statement, arguments: [tenant.rawValue]) else {
                return StateUsage(keys: 0, bytes: 0)
            }
            let (keys, bytes, entries): (Int, Int, Int) = (row[0], row[1], row[2])
            return StateUsage(
                keys: keys,
                bytes: bytes + keys * StateCost.keyOverheadBytes + entries * StateCost.entryOverheadBytes)
        }
    }
}
