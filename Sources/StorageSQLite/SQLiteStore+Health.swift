import GRDB
public import Storage

extension SQLiteStore: StoreHealth {
    public func checkWritable() async throws(StorageError) {
        // A number in the file's header that is the program's to use, and that nothing else here does.
        try await writer.perform { db in
            let count = try Int32.fetchOne(db, sql: "PRAGMA user_version") ?? 0
            try db.execute(sql: "PRAGMA user_version = \(count &+ 1)")
        }
    }
}
