import FoundationEssentials
import GRDB
public import Model
public import Storage

extension SQLiteStore: AppStore {
    public func put(_ app: App) async throws(StorageError) {
        try await writer.perform { db in
            try db.cachedStatement(
                sql: """
                    INSERT INTO apps (owner, number, created_at, record) VALUES (?, ?, ?, ?)
                    ON CONFLICT (owner, number) DO UPDATE SET created_at = excluded.created_at, record = excluded.record
                    """
            ).execute(arguments: [app.owner.data, app.number, app.createdAt.microseconds, Data(app.record)])
        }
    }

    public func app(_ number: Int64, of owner: UUID7) async throws(StorageError) -> App? {
        try await read { db in
            let statement = try db.cachedStatement(
                sql: "SELECT number, created_at, record FROM apps WHERE owner = ? AND number = ?")
            return try Row.fetchOne(statement, arguments: [owner.data, number]).map { Self.app($0, owner) }
        }
    }

    public func apps(of owner: UUID7, limit: Int) async throws(StorageError) -> [App] {
        try await read { db in
            let statement = try db.cachedStatement(
                sql: """
                    SELECT number, created_at, record FROM apps WHERE owner = ?
                    ORDER BY created_at DESC, number DESC LIMIT ?
                    """)
            return try Row.fetchAll(statement, arguments: [owner.data, max(0, limit)]).map { Self.app($0, owner) }
        }
    }

    public func deleteApps(_ numbers: [Int64], of owner: UUID7) async throws(StorageError) {
        try await writer.perform { db in
            let statement = try db.cachedStatement(sql: "DELETE FROM apps WHERE owner = ? AND number = ?")
            for number in numbers { try statement.execute(arguments: [owner.data, number]) }
        }
    }

    public func pruneApps(createdBefore time: Timestamp) async throws(StorageError) -> Int {
        try await writer.perform { db in
            try db.cachedStatement(sql: "DELETE FROM apps WHERE created_at < ?").execute(arguments: [time.microseconds])
            return db.changesCount
        }
    }

    private static func app(_ row: Row, _ owner: UUID7) -> App {
        App(
            owner: owner, number: row[0], createdAt: Timestamp(microseconds: row[1]), record: [UInt8](row[2] as Data))
    }
}
