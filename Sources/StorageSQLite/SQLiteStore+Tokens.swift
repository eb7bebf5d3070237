import FoundationEssentials
import GRDB
public import Model
public import Storage

extension SQLiteStore: TokenStore {
    public func add(_ token: Token) async throws(StorageError) {
        try await writer.perform { db in
            let scopes = TokenScope.allCases.filter(token.scopes.contains).map(\.rawValue).joined(separator: ",")
            try db.cachedStatement(
                sql: "INSERT INTO tokens (\(Self.tokenColumns)) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
            ).execute(arguments: [
                token.id.data, token.name, Data(token.hash), scopes, token.createdAt.microseconds,
                token.expiresAt?.microseconds,
            ])
            guard db.changesCount == 1 else { throw StorageError.tokenExists }
        }
    }

    public func token(hash: [UInt8]) async throws(StorageError) -> Token? {
        try await read { db in
            let statement = try db.cachedStatement(sql: "SELECT \(Self.tokenColumns) FROM tokens WHERE hash = ?")
            return try Row.fetchOne(statement, arguments: [Data(hash)]).map(Self.decodeToken)
        }
    }

    public func tokens() async throws(StorageError) -> [Token] {
        try await read { db in
            try Row.fetchAll(db.cachedStatement(sql: "SELECT \(Self.tokenColumns) FROM tokens ORDER BY id"))
                .map(Self.decodeToken)
        }
    }

    public func revoke(_ id: UUID7) async throws(StorageError) -> Bool {
        try await writer.perform { db in
            try db.cachedStatement(sql: "DELETE FROM tokens WHERE id = ?").execute(arguments: [id.data])
            return db.changesCount == 1
        }
    }

    private static let tokenColumns = "id, name, hash, scopes, created_at, expires_at"

    private static func decodeToken(_ row: Row) throws -> Token {
        let scopes = (row[3] as String).split(separator: ",")
        return Token(
            id: try UUID7(row[0] as Data), name: row[1], hash: [UInt8](row[2] as Data),
            scopes: try Set(scopes.map { try TokenScope(column: String($0)) }),
            createdAt: Timestamp(microseconds: row[4]), expiresAt: (row[5] as Int64?).map(Timestamp.init))
    }
}
