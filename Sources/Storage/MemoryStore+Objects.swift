public import Model
import Synchronization

extension MemoryStore: ObjectStore {
    public func walk(from start: ObjectID, _ steps: [ObjectStep]) async throws(StorageError) -> [ObjectHead] {
        state.withLock { $0.objects.walk(from: start, steps) }
    }

    public func object(_ id: ObjectID) async throws(StorageError) -> StoredObject? {
        state.withLock { $0.objects.object(id) }
    }

    public func entries(of directory: ObjectID) async throws(StorageError) -> [ObjectEntry] {
        state.withLock { $0.objects.entries(of: directory) }
    }

    public func add(_ object: StoredObject) async throws(StorageError) {
        try state.withLock { state throws(StorageError) in try state.objects.add(object) }
    }

    public func link(_ link: ObjectLink) async throws(StorageError) -> LinkOutcome {
        try state.withLock { state throws(StorageError) in try state.objects.link(link) }
    }

    public func unlink(_ name: String, from directory: ObjectID) async throws(StorageError) -> Bool {
        state.withLock { $0.objects.unlink(name, from: directory) }
    }

    public func write(_ content: [UInt8], to file: ObjectID) async throws(StorageError) -> Int? {
        state.withLock { $0.objects.write(content, to: file) }
    }

    public func replace(_ object: StoredObject) async throws(StorageError) -> Bool {
        state.withLock { $0.objects.replace(object) }
    }

    public func names(of hash: BlobHash) async throws(StorageError) -> [NamedBlob] {
        state.withLock { $0.objects.names(of: hash) }
    }

    public func namedBlobs() async throws(StorageError) -> Set<BlobHash> { state.withLock { $0.objects.namedBlobs } }

    public func usage() async throws(StorageError) -> [String: Int] { state.withLock { $0.objects.usage } }

    public func sweep(held: @escaping @Sendable () -> Set<ObjectID>) async throws(StorageError) -> Int {
        state.withLock { $0.objects.sweep(held: held()) }
    }

    public func rawObjects(after: ObjectID?, limit: Int) async throws(StorageError) -> [RawObject] {
        state.withLock { $0.objects.raw(after: after, limit: limit) }
    }

    /// Its tables cannot hold such names.
    public func danglingEntries(limit: Int) async throws(StorageError) -> [RawEntry] { [] }
}
