import FoundationEssentials
import GRDB
import Glibc
import Kernel
public import Storage

/// The store of one server: a SQLite database in write-ahead mode. What it acknowledges is on disk, but for `record`.
public final class SQLiteStore: Sendable {
    static let maximumReaders = 4

    let pool: DatabasePool
    let writer: GroupWriter
    let recorder: Recorder
    private let lock: FolderLock

    private init(_ pool: DatabasePool, _ lock: FolderLock) {
        self.pool = pool
        self.lock = lock
        writer = GroupWriter(pool)
        recorder = Recorder(writer)
    }

    /// Opens `folder/swiftlet.db`, makes both where they are missing, and brings the tables to this version.
    /// Refuses a folder that another server holds.
    public static func open(folder: String) throws(StorageError) -> SQLiteStore {
        do throws(PrivateFolder.Failure) { try PrivateFolder.make(folder) } catch {
            throw StorageError(
                .unavailable, "The data folder `\(folder)` cannot be made: \(error). Choose another one with --data.")
        }
        let lock = try FolderLock(folder: folder)
        do {
            let path = folder + "/swiftlet.db"
            try makePrivateFile(path)
            let pool = try DatabasePool(path: path, configuration: configuration)
            // After the pool is made, as it sets a weaker mode when it enters write-ahead mode.
            try pool.writeWithoutTransaction { db in try db.execute(sql: writerSettings) }
            try Schema.migrate(pool)
            try syncFolder(folder)
            return SQLiteStore(pool, lock)
        } catch {
            throw StorageError(error)
        }
    }

    /// Writes what waits and closes the files. Later requests are refused.
    public func close() async throws(StorageError) {
        let result: Result<Void, StorageError>
        do throws(StorageError) {
            result = .success(try await recorder.close())
        } catch {
            result = .failure(error)
        }
        await writer.close()
        // The last connection to go must be the writer's: only it can move the log into the database and delete it.
        pool.invalidateReadOnlyConnections()
        do {
            try pool.close()
        } catch {
            throw StorageError(error)
        }
        lock.release()
        try result.get()
    }

    /// Reads from a snapshot, beside the writer.
    func read<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(StorageError) -> Value {
        do {
            return try await pool.read(body)
        } catch {
            throw StorageError(error)
        }
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.label = "swiftlet.storage"
        configuration.foreignKeysEnabled = true
        configuration.maximumReaderCount = maximumReaders
        // Only a tool that somebody runs on the file can hold its lock.
        configuration.busyMode = .timeout(5)
        return configuration
    }

    /// Commits wait for the disk. The log is moved into the database after some 16 MiB, and cut after a large change.
    private static let writerSettings = """
        PRAGMA synchronous = FULL;
        PRAGMA wal_autocheckpoint = 4000;
        PRAGMA journal_size_limit = 67108864;
        """

    /// SQLite gives its other files the permissions of this one.
    private static func makePrivateFile(_ path: String) throws(StorageError) {
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw StorageError(
                .unavailable, "The file `\(path)` cannot be opened: \(String(cString: strerror(errno))).")
        }
        Glibc.close(descriptor)
    }

    /// Makes the names of new files survive a power failure.
    private static func syncFolder(_ path: String) throws(StorageError) {
        let descriptor = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        defer { if descriptor >= 0 { Glibc.close(descriptor) } }
        guard descriptor >= 0, fsync(descriptor) == 0 else {
            throw StorageError(
                .unavailable, "The data folder `\(path)` cannot be synced: \(String(cString: strerror(errno))).")
        }
    }
}
