import FoundationEssentials
import GRDB
public import Model
public import Storage

extension SQLiteStore: UserStore {
    public func add(_ user: User) async throws(StorageError) {
        try await writer.perform { db in
            try db.cachedStatement(
                sql: "INSERT INTO users (\(Self.userColumns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
            ).execute(arguments: [
                user.name, user.id.data, user.password, AccessColumns.text(user.scopes),
                AccessColumns.text(user.functions), user.createdAt.microseconds, user.updatedAt.microseconds,
                user.ratePerMinute, user.maximumBodyBytes,
            ])
            guard db.changesCount == 1 else { throw StorageError.userExists(user.name) }
        }
    }

    public func user(_ name: String) async throws(StorageError) -> User? {
        try await read { db in
            let statement = try db.cachedStatement(sql: "SELECT \(Self.userColumns) FROM users WHERE name = ?")
            return try Row.fetchOne(statement, arguments: [name]).map(Self.decodeUser)
        }
    }

    public func users() async throws(StorageError) -> [User] {
        try await read { db in
            try Row.fetchAll(db.cachedStatement(sql: "SELECT \(Self.userColumns) FROM users ORDER BY name"))
                .map(Self.decodeUser)
        }
    }

    public func update(_ user: User) async throws(StorageError) {
        try await writer.perform { db in
            try db.cachedStatement(
                sql: """
                    UPDATE users SET password = ?, scopes = ?, functions = ?, updated_at = ?, rate_per_minute = ?,
                    maximum_body_bytes = ? WHERE name = ? AND id = ?
                    """
            ).execute(arguments: [
                user.password, AccessColumns.text(user.scopes), AccessColumns.text(user.functions),
                user.updatedAt.microseconds, user.ratePerMinute, user.maximumBodyBytes, user.name, user.id.data,
            ])
            guard db.changesCount == 1 else { throw StorageError.userMissing(user.name) }
        }
    }

    public func deleteUser(_ name: String) async throws(StorageError) -> Bool {
        try await writer.perform { db in
            try db.cachedStatement(sql: "DELETE FROM users WHERE name = ?").execute(arguments: [name])
            return db.changesCount == 1
        }
    }

    private static let userColumns = """
        name, id, password, scopes, functions, created_at, updated_at, rate_per_minute, maximum_body_bytes
        """

    private static func decodeUser(_ row: Row) throws -> User {
        User(
            id: try UUID7(row[1] as Data), name: row[0], password: row[2], scopes: try AccessColumns.scopes(row[3]),
            functions: try AccessColumns.functions(row[4]), createdAt: Timestamp(microseconds: row[5]),
            updatedAt: Timestamp(microseconds: row[6]), ratePerMinute: row[7], maximumBodyBytes: row[8])
    }
}

extension SQLiteStore: AuditStore {
    public func append(_ entry: AuditEntry) async throws(StorageError) {
        try await writer.perform { db in
            try db.cachedStatement(sql: "INSERT INTO audit (\(Self.auditColumns)) VALUES (?, ?, ?, ?, ?, ?)")
                .execute(arguments: [
                    entry.id.data, entry.time.microseconds, entry.actor, entry.action, entry.subject, entry.detail,
                ])
        }
    }

    public func auditEntries(before: UUID7?, limit: Int) async throws(StorageError) -> [AuditEntry] {
        try await read { db in
            let statement = try db.cachedStatement(
                sql: "SELECT \(Self.auditColumns) FROM audit WHERE id < ? ORDER BY id DESC LIMIT ?")
            return try Row.fetchAll(statement, arguments: [(before ?? UUID7.last).data, max(0, limit)]).map { row in
                AuditEntry(
                    id: try UUID7(row[0] as Data), time: Timestamp(microseconds: row[1]), actor: row[2], action: row[3],
                    subject: row[4], detail: row[5])
            }
        }
    }

    private static let auditColumns = "id, time, actor, action, subject, detail"
}
