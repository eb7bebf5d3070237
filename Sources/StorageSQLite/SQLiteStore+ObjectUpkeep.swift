import FoundationEssentials
import GRDB
public import Model
public import Storage

/// What keeps the labelled file system tidy.
extension SQLiteStore {
    public func namedBlobs() async throws(StorageError) -> Set<BlobHash> {
        try await read { db in
            Set(try Data.fetchAll(db, sql: "SELECT DISTINCT hash FROM object_blobs").map(ObjectTable.decodeHash))
        }
    }

    public func usage() async throws(StorageError) -> [String: Int] {
        try await read { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT owner, SUM(bytes) FROM (
                        SELECT owner, length(content) + \(StoredObject.overheadBytes) AS bytes FROM objects
                        UNION ALL SELECT owner, length FROM object_blobs JOIN objects ON objects.id = object
                    ) GROUP BY owner
                    """)
            return Dictionary(uniqueKeysWithValues: rows.map { ($0[0] as String, $0[1] as Int) })
        }
    }

    public func sweep(held: @escaping @Sendable () -> Set<ObjectID>) async throws(StorageError) -> Int {
        try await writer.perform { db in
            try db.execute(sql: "CREATE TEMP TABLE IF NOT EXISTS reached (id INTEGER PRIMARY KEY)")
            try db.execute(sql: "DELETE FROM temp.reached")
            for id in held().union([.root]) {
                try db.cachedStatement(sql: "INSERT INTO temp.reached VALUES (?)").execute(arguments: [id.column])
            }
            try db.execute(
                sql: """
                    WITH RECURSIVE walk (id) AS (
                        SELECT id FROM temp.reached
                        UNION SELECT child FROM walk JOIN object_entries ON parent = walk.id
                        UNION SELECT target FROM walk JOIN objects ON objects.id = walk.id WHERE target IS NOT NULL
                    )
                    INSERT OR IGNORE INTO temp.reached SELECT id FROM walk;
                    """)
            try db.execute(sql: "DELETE FROM objects WHERE id NOT IN (SELECT id FROM temp.reached)")
            let count = db.changesCount
            try db.execute(
                sql: """
                    DELETE FROM object_entries WHERE parent NOT IN (SELECT id FROM temp.reached);
                    DELETE FROM object_blobs WHERE object NOT IN (SELECT id FROM temp.reached);
                    DELETE FROM temp.reached;
                    """)
            return count
        }
    }

    public func rawObjects(after: ObjectID?, limit: Int) async throws(StorageError) -> [RawObject] {
        try await read { db in
            // The order of unsigned numbers: those that SQLite takes for negative come last.
            let statement = try db.cachedStatement(
                sql: """
                    SELECT id, kind, label, content, target,
                        EXISTS (SELECT 1 FROM objects AS other WHERE other.id = objects.target),
                        (SELECT COUNT(*) FROM object_entries WHERE child = objects.id)
                    FROM objects WHERE ?1 IS NULL OR (id < 0, id) > (?1 < 0, ?1) ORDER BY id < 0, id LIMIT ?2
                    """)
            return try Row.fetchAll(statement, arguments: [after?.column, limit]).map { row in
                let id = ObjectID(column: row[0])
                return RawObject(
                    id: id, kind: row[1], label: row[2], content: [UInt8](row[3] as Data),
                    target: (row[4] as Int64?).map(ObjectID.init(column:)), targetExists: row[5],
                    blobs: try ObjectTable.rawBlobs(of: id, db).map { [UInt8]($0) }, names: row[6])
            }
        }
    }

    public func danglingEntries(limit: Int) async throws(StorageError) -> [RawEntry] {
        try await read { db in
            let statement = try db.cachedStatement(
                sql: """
                    SELECT parent, name, child FROM object_entries
                    WHERE parent NOT IN (SELECT id FROM objects) OR child NOT IN (SELECT id FROM objects) LIMIT ?
                    """)
            return try Row.fetchAll(statement, arguments: [limit]).map { row in
                RawEntry(parent: ObjectID(column: row[0]), name: row[1], child: ObjectID(column: row[2]))
            }
        }
    }
}
