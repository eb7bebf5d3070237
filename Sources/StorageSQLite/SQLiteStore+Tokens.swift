import FoundationEssentials
import GRDB
public import Model
public import Storage

extension SQLiteStore: TokenStore {
    public func add(_ token: Token) async throws(StorageError) {
        try await writer.perform { db in
            guard try !Self.wasRevoked(token.hash, db) else { throw StorageError.tokenExists }
            try db.cachedStatement(
                sql:
                    "INSERT INTO tokens (\(Self.tokenColumns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
            ).execute(arguments: [
                token.id.data, token.name, Data(token.hash), AccessColumns.text(token.scopes),
                AccessColumns.text(token.functions), token.createdAt.microseconds, token.expiresAt?.microseconds,
                token.lastUsedAt?.microseconds, token.ratePerMinute, token.maximumBodyBytes, token.principal,
            ])
            guard db.changesCount == 1 else { throw StorageError.tokenExists }
        }
    }

    public func token(hash: [UInt8]) async throws(StorageError) -> Token? {
        try await tokens("WHERE hash = ?", [Data(hash)]).first
    }

    public func token(_ id: UUID7) async throws(StorageError) -> Token? {
        try await tokens("WHERE id = ?", [id.data]).first
    }

    public func tokens(after: UUID7?, limit: Int) async throws(StorageError) -> [Token] {
        try await tokens("WHERE id > ? ORDER BY id LIMIT ?", [after?.data ?? Data(), limit])
    }

    public func tokens(of principal: String) async throws(StorageError) -> [Token] {
        try await tokens("WHERE principal = ? ORDER BY id", [principal])
    }

    private func tokens(
        _ rows: String, _ arguments: StatementArguments = StatementArguments()
    ) async throws(StorageError) -> [Token] {
        try await read { db in
            let statement = try db.cachedStatement(sql: "SELECT \(Self.tokenColumns) FROM tokens \(rows)")
            return try Row.fetchAll(statement, arguments: arguments).map(Self.decodeToken)
        }
    }

    public func revoke(_ id: UUID7) async throws(StorageError) -> Bool {
        try await writer.perform { db in
            try db.cachedStatement(sql: "INSERT OR IGNORE INTO revoked_tokens SELECT hash FROM tokens WHERE id = ?")
                .execute(arguments: [id.data])
            try db.cachedStatement(sql: "DELETE FROM tokens WHERE id = ?").execute(arguments: [id.data])
            return db.changesCount == 1
        }
    }

    public func wasRevoked(hash: [UInt8]) async throws(StorageError) -> Bool {
        try await read { db in try Self.wasRevoked(hash, db) }
    }

    public func noteUse(_ times: [UUID7: Timestamp]) async throws(StorageError) {
        try await writer.perform { db in
            let statement = try db.cachedStatement(sql: "UPDATE tokens SET last_used_at = ? WHERE id = ?")
            for (id, time) in times { try statement.execute(arguments: [time.microseconds, id.data]) }
        }
    }

    private static func wasRevoked(_ hash: [UInt8], _ db: Database) throws -> Bool {
        try Row.fetchOne(
            db.cachedStatement(sql: "SELECT 1 FROM revoked_tokens WHERE hash = ?"), arguments: [Data(hash)]) != nil
    }

    private static let tokenColumns = """
        id, name, hash, scopes, functions, created_at, expires_at, last_used_at, rate_per_minute, maximum_body_bytes,
        principal
        """

    private static func decodeToken(_ row: Row) throws -> Token {
        Token(
            id: try UUID7(row[0] as Data), name: row[1], hash: [UInt8](row[2] as Data),
            scopes: try AccessColumns.scopes(row[3]), functions: try AccessColumns.functions(row[4]),
            principal: row[10], createdAt: Timestamp(microseconds: row[5]),
            expiresAt: (row[6] as Int64?).map(Timestamp.init),
            lastUsedAt: (row[7] as Int64?).map(Timestamp.init), ratePerMinute: row[8], maximumBodyBytes: row[9])
    }
}

/// How scopes and patterns of functions look in columns.
enum AccessColumns {
    static func text(_ scopes: Set<TokenScope>) -> String {
        TokenScope.allCases.filter(scopes.contains).map(\.rawValue).joined(separator: ",")
    }

    static func scopes(_ text: String) throws -> Set<TokenScope> {
        try Set(text.split(separator: ",").map { try TokenScope(column: String($0)) })
    }

    /// Patterns have no comma.
    static func text(_ functions: [FunctionPattern]?) -> String? {
        functions?.map(\.description).joined(separator: ",")
    }

    static func functions(_ text: String?) throws -> [FunctionPattern]? {
        try text?.split(separator: ",").map { part in
            guard let pattern = FunctionPattern(String(part)) else { throw UnreadableValue("the pattern `\(part)`") }
            return pattern
        }
    }
}
