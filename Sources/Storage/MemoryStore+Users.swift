public import Model
import Synchronization

extension MemoryStore: UserStore {
    public func add(_ user: User) async throws(StorageError) {
        try state.withLock { state throws(StorageError) in
            guard state.users[user.name] == nil else { throw .userExists(user.name) }
            state.users[user.name] = user
        }
    }

    public func user(_ name: String) async throws(StorageError) -> User? { state.withLock { $0.users[name] } }

    public func users() async throws(StorageError) -> [User] {
        state.withLock { $0.users.values.sorted { Array($0.name.utf8).lexicographicallyPrecedes(Array($1.name.utf8)) } }
    }

    public func update(_ user: User) async throws(StorageError) {
        try state.withLock { state throws(StorageError) in
            guard let stored = state.users[user.name], stored.id == user.id else { throw .userMissing(user.name) }
            var changed = user
            changed.createdAt = stored.createdAt
            state.users[user.name] = changed
        }
    }

    public func deleteUser(_ name: String) async throws(StorageError) -> Bool {
        state.withLock { $0.users.removeValue(forKey: name) != nil }
    }
}

extension MemoryStore: AuditStore {
    public func append(_ entry: AuditEntry) async throws(StorageError) { state.withLock { $0.audit.append(entry) } }

    public func auditEntries(before: UUID7?, limit: Int) async throws(StorageError) -> [AuditEntry] {
        state.withLock { state in
            let entries = state.audit.filter { entry in before.map { entry.id < $0 } ?? true }
            return Array(entries.sorted { $1.id < $0.id }.prefix(max(0, limit)))
        }
    }
}
