public import Model
import Synchronization

extension MemoryStore: AppStore {
    struct AppKey: Hashable, Sendable {
        var owner: UUID7
        var number: Int64
    }

    public func put(_ app: App) async throws(StorageError) {
        state.withLock { $0.apps[AppKey(owner: app.owner, number: app.number)] = app }
    }

    public func app(_ number: Int64, of owner: UUID7) async throws(StorageError) -> App? {
        state.withLock { $0.apps[AppKey(owner: owner, number: number)] }
    }

    public func apps(of owner: UUID7, limit: Int) async throws(StorageError) -> [App] {
        state.withLock { state in
            let all = state.apps.values.filter { $0.owner == owner }
            return Array(all.sorted { ($1.createdAt, $1.number) < ($0.createdAt, $0.number) }.prefix(max(0, limit)))
        }
    }

    public func deleteApps(_ numbers: [Int64], of owner: UUID7) async throws(StorageError) {
        state.withLock { state in
            for number in numbers { state.apps[AppKey(owner: owner, number: number)] = nil }
        }
    }

    public func pruneApps(createdBefore time: Timestamp) async throws(StorageError) -> Int {
        state.withLock { state in
            let old = state.apps.filter { $0.value.createdAt < time }
            for key in old.keys { state.apps[key] = nil }
            return old.count
        }
    }
}
