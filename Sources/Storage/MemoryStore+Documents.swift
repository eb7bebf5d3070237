import Synchronization

extension MemoryStore: DocumentStore {
    public func document(_ kind: DocumentKind, _ name: String) async throws(StorageError) -> [UInt8]? {
        state.withLock { $0.documents[kind]?[name] }
    }

    public func documents(
        _ kind: DocumentKind
    ) async throws(StorageError) -> [(name: String, bytes: [UInt8])] {
        state.withLock { ($0.documents[kind] ?? [:]).sorted { $0.key < $1.key }.map { ($0.key, $0.value) } }
    }

    public func save(_ changes: [DocumentChange]) async throws(StorageError) {
        state.withLock { state in
            for change in changes { state.documents[change.kind, default: [:]][change.name] = change.bytes }
        }
    }
}
