import GRDB
public import Model
public import Storage

extension SQLiteStore: SpotStore {
    public func spots() async throws(StorageError) -> SpotRoster? {
        try await read { db in
            try String.fetchOne(db, sql: "SELECT roster FROM spots").map { try JSONText.decode(SpotRoster.self, $0) }
        }
    }

    public func save(_ roster: SpotRoster, ended: [Execution]) async throws(StorageError) {
        try StorageError.checkRecord(ended)
        try await writer.perform { db in
            try db.cachedStatement(
                sql:
                    "INSERT INTO spots (id, roster) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET roster = excluded.roster"
            ).execute(arguments: [JSONText.encode(roster)])
            for execution in ended { _ = try ExecutionTable.insert(execution, db) }
        }
    }
}
