import FoundationEssentials
import GRDB
import Model
import Storage

/// Rows of objects, of their names and of the blobs that they name.
enum ObjectTable {
    static let headColumns = "objects.id, kind, label, owner"
    private static let columns = headColumns + ", version, target, content"
    static let childSQL = """
        SELECT \(headColumns) FROM object_entries JOIN objects ON objects.id = child WHERE parent = ? AND name = ?
        """

    static func head(_ id: ObjectID, _ db: Database) throws -> ObjectHead? {
        let statement = try db.cachedStatement(sql: "SELECT \(headColumns) FROM objects WHERE id = ?")
        return try Row.fetchOne(statement, arguments: [id.column]).map(decodeHead)
    }

    static func exists(_ id: ObjectID, _ db: Database) throws -> Bool {
        let statement = try db.cachedStatement(sql: "SELECT 1 FROM objects WHERE id = ?")
        return try Int.fetchOne(statement, arguments: [id.column]) != nil
    }

    static func child(_ name: String, of parent: ObjectID, _ db: Database) throws -> ObjectHead? {
        try Row.fetchOne(db.cachedStatement(sql: childSQL), arguments: [parent.column, name]).map(decodeHead)
    }

    static func object(_ id: ObjectID, _ db: Database) throws -> StoredObject? {
        let statement = try db.cachedStatement(sql: "SELECT \(columns) FROM objects WHERE id = ?")
        return try Row.fetchOne(statement, arguments: [id.column]).map { row in
            StoredObject(
                head: try decodeHead(row), version: row[4], content: [UInt8](row[6] as Data),
                target: (row[5] as Int64?).map(ObjectID.init(column:)), blobs: try blobs(of: id, db))
        }
    }

    static func entries(of directory: ObjectID, _ db: Database) throws -> [ObjectEntry] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT \(headColumns), name FROM object_entries JOIN objects ON objects.id = child
                WHERE parent = ? ORDER BY name
                """)
        return try Row.fetchAll(statement, arguments: [directory.column]).map { row in
            ObjectEntry(name: row[4], object: try decodeHead(row))
        }
    }

    static func insert(_ object: StoredObject, _ db: Database) throws {
        let head = object.head
        try db.cachedStatement(
            sql: """
                INSERT INTO objects (id, kind, label, owner, version, target, content) VALUES (?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT DO NOTHING
                """
        ).execute(arguments: [
            head.id.column, head.kind.rawValue, head.label, head.owner, object.version, object.target?.column,
            Data(object.content),
        ])
        guard db.changesCount == 1 else { throw StorageError.objectExists(head.id) }
        try setBlobs(object.blobs, of: head.id, db)
    }

    /// False: the name is taken.
    static func insertEntry(_ name: String, in parent: ObjectID, _ child: ObjectID, _ db: Database) throws -> Bool {
        try db.cachedStatement(
            sql: "INSERT INTO object_entries (parent, name, child) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
        ).execute(arguments: [parent.column, name, child.column])
        return db.changesCount == 1
    }

    static func replace(_ object: StoredObject, _ db: Database) throws -> Bool {
        let id = object.head.id
        try db.cachedStatement(
            sql: "UPDATE objects SET version = version + 1, target = ?, content = ? WHERE id = ? AND version = ?"
        ).execute(arguments: [object.target?.column, Data(object.content), id.column, object.version])
        guard db.changesCount == 1 else { return false }
        try db.cachedStatement(sql: "DELETE FROM object_blobs WHERE object = ?").execute(arguments: [id.column])
        try setBlobs(object.blobs, of: id, db)
        return true
    }

    private static func setBlobs(_ blobs: [NamedBlob], of object: ObjectID, _ db: Database) throws {
        for (place, blob) in blobs.enumerated() {
            try db.cachedStatement(
                sql: "INSERT INTO object_blobs (object, place, hash, label, length) VALUES (?, ?, ?, ?, ?)"
            ).execute(arguments: [object.column, place, Data(blob.hash.bytes), blob.label, blob.length])
        }
    }

    private static func blobs(of object: ObjectID, _ db: Database) throws -> [NamedBlob] {
        let statement = try db.cachedStatement(
            sql: "SELECT hash, label, length FROM object_blobs WHERE object = ? ORDER BY place")
        return try Row.fetchAll(statement, arguments: [object.column]).map(decodeBlob)
    }

    static func names(of hash: BlobHash, _ db: Database) throws -> [NamedBlob] {
        let statement = try db.cachedStatement(
            sql: "SELECT DISTINCT hash, label, length FROM object_blobs WHERE hash = ? ORDER BY label")
        return try Row.fetchAll(statement, arguments: [Data(hash.bytes)]).map(decodeBlob)
    }

    /// The hashes that an object names, sound or not.
    static func rawBlobs(of object: ObjectID, _ db: Database) throws -> [Data] {
        let statement = try db.cachedStatement(sql: "SELECT hash FROM object_blobs WHERE object = ? ORDER BY place")
        return try Data.fetchAll(statement, arguments: [object.column])
    }

    private static func decodeBlob(_ row: Row) throws -> NamedBlob {
        NamedBlob(hash: try decodeHash(row[0]), label: row[1], length: row[2])
    }

    static func decodeHash(_ data: Data) throws -> BlobHash {
        guard let hash = BlobHash(bytes: data) else { throw UnreadableValue("a hash of \(data.count) bytes") }
        return hash
    }

    private static func decodeHead(_ row: Row) throws -> ObjectHead {
        guard let kind = ObjectKind(rawValue: row[1]) else { throw UnreadableValue("the object kind \(row[1] as Int)") }
        return ObjectHead(id: ObjectID(column: row[0]), kind: kind, label: row[2], owner: row[3])
    }
}

extension ObjectID {
    var column: Int64 { Int64(bitPattern: rawValue) }

    init(column: Int64) { self.init(rawValue: UInt64(bitPattern: column)) }
}
