import FoundationEssentials
import GRDB
public import Model
public import Storage

extension SQLiteStore: FunctionStore {
    public func create(_ function: Function, _ version: FunctionVersion) async throws(StorageError) {
        try StorageError.checkCreate(function, version)
        try await writer.perform { db in
            guard try FunctionTable.function(function.key, db) == nil,
                try FunctionTable.function(function.id, db) == nil
            else { throw StorageError.functionExists(function.key) }
            try FunctionTable.insert(function, db)
            try FunctionTable.insert(version, db)
        }
    }

    public func function(_ key: FunctionKey) async throws(StorageError) -> Function? {
        try await read { db in try FunctionTable.function(key, db) }
    }

    public func version(_ number: Int, of function: FunctionID) async throws(StorageError) -> FunctionVersion? {
        try await read { db in try FunctionTable.version(number, of: function, db) }
    }

    public func functions(in namespace: Namespace?) async throws(StorageError) -> [Function] {
        try await read { db in try FunctionTable.functions(in: namespace, db) }
    }

    public func update(_ function: Function, adding version: FunctionVersion) async throws(StorageError) {
        try await writer.perform { db in
            guard let stored = try FunctionTable.function(function.id, db) else {
                throw StorageError.functionMissing(function.key)
            }
            guard version.number == stored.version + 1, version.function == function.id else {
                throw StorageError.versionConflict(stored.key, stored: stored.version, offered: version.number)
            }
            guard try function.key == stored.key || FunctionTable.function(function.key, db) == nil else {
                throw StorageError.functionExists(function.key)
            }
            try FunctionTable.change(function, to: version.number, db)
            try FunctionTable.insert(version, db)
        }
    }

    public func setImage(_ image: ImageID, version: Int, of function: FunctionID) async throws(StorageError) {
        try await writer.perform { db in
            try db.cachedStatement(sql: "UPDATE versions SET image = ? WHERE function = ? AND number = ?")
                .execute(arguments: [image.rawValue, function.data, version])
            guard db.changesCount == 1 else { throw StorageError.versionMissing(version, of: function) }
        }
    }

    public func delete(_ key: FunctionKey) async throws(StorageError) -> [ImageID] {
        try await writer.perform { db in
            guard let function = try FunctionTable.function(key, db) else { throw StorageError.functionMissing(key) }
            return try FunctionTable.delete(function.id, db)
        }
    }

    public func packages() async throws(StorageError) -> Set<PackageID> {
        try await read { db in try FunctionTable.packages(db) }
    }

    public func sealedContexts(after: SealedContext?, limit: Int) async throws(StorageError) -> [SealedContext] {
        try await read { db in
            let statement = try db.cachedStatement(
                sql: """
                    SELECT function, number, sealed_context FROM versions
                    WHERE sealed_context IS NOT NULL AND (function, number) > (?, ?) ORDER BY function, number LIMIT ?
                    """)
            let place = (after?.function ?? UUID7(high: 0, low: 0), after?.version ?? -1)
            return try Row.fetchAll(statement, arguments: [place.0.data, place.1, max(0, limit)]).map { row in
                SealedContext(
                    function: try FunctionID(row[0] as Data), version: row[1], bytes: [UInt8](row[2] as Data))
            }
        }
    }

    public func replace(_ contexts: [(old: SealedContext, new: [UInt8])]) async throws(StorageError) {
        try await writer.perform { db in
            let statement = try db.cachedStatement(
                sql: "UPDATE versions SET sealed_context = ? WHERE function = ? AND number = ? AND sealed_context = ?")
            for (old, new) in contexts {
                try statement.execute(arguments: [Data(new), old.function.data, old.version, Data(old.bytes)])
            }
        }
    }
}
