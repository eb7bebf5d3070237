import FoundationEssentials
import GRDB
public import Model
public import Storage

extension SQLiteStore: ObjectStore {
    public func walk(from start: ObjectID, _ steps: [ObjectStep]) async throws(StorageError) -> [ObjectHead] {
        try await read { db in
            guard var place = try ObjectTable.head(start, db) else { return [] }
            var found: [ObjectHead] = []
            for step in steps {
                guard let name = step.name(in: place.kind),
                    let child = try ObjectTable.child(name, of: place.id, db)
                else { break }
                place = child
                found.append(child)
            }
            return found
        }
    }

    public func object(_ id: ObjectID) async throws(StorageError) -> StoredObject? {
        try await read { db in try ObjectTable.object(id, db) }
    }

    public func entries(of directory: ObjectID) async throws(StorageError) -> [ObjectEntry] {
        try await read { db in try ObjectTable.entries(of: directory, db) }
    }

    public func add(_ object: StoredObject) async throws(StorageError) {
        try await writer.perform { db in try ObjectTable.insert(object, db) }
    }

    public func link(_ link: ObjectLink) async throws(StorageError) -> LinkOutcome {
        try await writer.perform { db in try Self.make(link, db) }
    }

    private static func make(_ link: ObjectLink, _ db: Database) throws -> LinkOutcome {
        guard try link.new != nil || ObjectTable.exists(link.target, db) else { return .missing }
        let directory: ObjectID
        switch link.parent {
        case .directory(let id):
            guard try ObjectTable.exists(id, db) else { return .missing }
            directory = id
        case .facet(let label, let faceted, let owner):
            guard try ObjectTable.exists(faceted, db) else { return .missing }
            if let facet = try ObjectTable.child(label, of: faceted, db) {
                directory = facet.id
            } else {
                let head = ObjectHead(id: .random(), kind: .directory, label: label, owner: owner)
                try ObjectTable.insert(StoredObject(head: head), db)
                _ = try ObjectTable.insertEntry(label, in: faceted, head.id, db)
                directory = head.id
            }
        }
        guard try ObjectTable.insertEntry(link.name, in: directory, link.target, db) else { return .taken }
        if let new = link.new { try ObjectTable.insert(new, db) }
        return .linked
    }

    public func unlink(_ name: String, from directory: ObjectID) async throws(StorageError) -> Bool {
        try await writer.perform { db in
            try db.cachedStatement(sql: "DELETE FROM object_entries WHERE parent = ? AND name = ?")
                .execute(arguments: [directory.column, name])
            return db.changesCount == 1
        }
    }

    public func write(_ content: [UInt8], to file: ObjectID) async throws(StorageError) -> Int? {
        try await writer.perform { db in
            let statement = try db.cachedStatement(sql: "SELECT length(content) FROM objects WHERE id = ?")
            guard let length = try Int.fetchOne(statement, arguments: [file.column]) else { return nil }
            try db.cachedStatement(sql: "UPDATE objects SET version = version + 1, content = ? WHERE id = ?")
                .execute(arguments: [Data(content), file.column])
            return length
        }
    }

    public func replace(_ object: StoredObject) async throws(StorageError) -> Bool {
        try await writer.perform { db in try ObjectTable.replace(object, db) }
    }

    public func names(of hash: BlobHash) async throws(StorageError) -> [NamedBlob] {
        try await read { db in try ObjectTable.names(of: hash, db) }
    }
}
