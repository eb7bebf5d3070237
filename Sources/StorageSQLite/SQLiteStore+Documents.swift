import FoundationEssentials
import GRDB
public import Storage

extension SQLiteStore: DocumentStore {
    public func document(_ kind: DocumentKind, _ name: String) async throws(StorageError) -> [UInt8]? {
        try await read { db in
            let statement = try db.cachedStatement(sql: "SELECT bytes FROM documents WHERE kind = ? AND name = ?")
            return try Data.fetchOne(statement, arguments: [kind.rawValue, name]).map { [UInt8]($0) }
        }
    }

    public func documents(
        _ kind: DocumentKind
    ) async throws(StorageError) -> [(name: String, bytes: [UInt8])] {
        try await read { db in
            let statement = try db.cachedStatement(
                sql: "SELECT name, bytes FROM documents WHERE kind = ? ORDER BY name")
            return try Row.fetchAll(statement, arguments: [kind.rawValue]).map { row in
                (name: row[0] as String, bytes: [UInt8](row[1] as Data))
            }
        }
    }

    public func save(_ changes: [DocumentChange]) async throws(StorageError) {
        try await writer.perform { db in
            for change in changes {
                guard let bytes = change.bytes else {
                    try db.cachedStatement(sql: "DELETE FROM documents WHERE kind = ? AND name = ?")
                        .execute(arguments: [change.kind.rawValue, change.name])
                    continue
                }
                try db.cachedStatement(
                    sql: """
                        INSERT INTO documents (kind, name, bytes) VALUES (?, ?, ?)
                        ON CONFLICT (kind, name) DO UPDATE SET bytes = excluded.bytes
                        """
                ).execute(arguments: [change.kind.rawValue, change.name, Data(bytes)])
            }
        }
    }
}
