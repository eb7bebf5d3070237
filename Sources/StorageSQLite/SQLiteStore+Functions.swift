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
}
