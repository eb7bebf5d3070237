public import Model
import Synchronization

extension MemoryStore: TokenStore {
    public func add(_ token: Token) async throws(StorageError) {
        try state.withLock { state throws(StorageError) in
            guard state.tokens[token.id] == nil, !state.revoked.contains(token.hash),
                !state.tokens.values.contains(where: { $0.hash == token.hash })
            else { throw .tokenExists }
            state.tokens[token.id] = token
        }
    }

    public func token(hash: [UInt8]) async throws(StorageError) -> Token? {
        state.withLock { $0.tokens.values.first { $0.hash == hash } }
    }

    public func token(_ id: UUID7) async throws(StorageError) -> Token? { state.withLock { $0.tokens[id] } }

    public func tokens(after: UUID7?, limit: Int) async throws(StorageError) -> [Token] {
        let sorted = state.withLock { $0.tokens.values.sorted { $0.id < $1.id } }
        guard let after else { return Array(sorted.prefix(limit)) }
        return Array(sorted.drop { $0.id <= after }.prefix(limit))
    }

    public func tokens(of principal: String) async throws(StorageError) -> [Token] {
        try await tokens(after: nil, limit: .max).filter { $0.principal == principal }
    }

    public func revoke(_ id: UUID7) async throws(StorageError) -> Bool {
        state.withLock { state in
            guard let token = state.tokens.removeValue(forKey: id) else { return false }
            state.revoked.insert(token.hash)
            return true
        }
    }

    public func wasRevoked(hash: [UInt8]) async throws(StorageError) -> Bool {
        state.withLock { $0.revoked.contains(hash) }
    }

    public func noteUse(_ times: [UUID7: Timestamp]) async throws(StorageError) {
        state.withLock { state in for (id, time) in times { state.tokens[id]?.lastUsedAt = time } }
    }
}
