public import Model
public import Storage

extension Platform {
    /// Notes which calls a client sent together. Returns when it is on disk.
    public func keep(_ app: App) async throws(PlatformError) {
        try await PlatformError.storing { try await store.put(app) }
    }

    /// What a client sent under a number of its own, the last time that it used it.
    public func app(_ number: Int64, of owner: UUID7) async throws(PlatformError) -> App? {
        try await PlatformError.storing { try await store.app(number, of: owner) }
    }

    /// What a client sent together, the newest first.
    public func apps(of owner: UUID7, limit: Int) async throws(PlatformError) -> [App] {
        try await PlatformError.storing { try await store.apps(of: owner, limit: limit) }
    }

    /// Forgets which calls were sent together; their executions stay.
    public func forgetApps(_ numbers: [Int64], of owner: UUID7) async throws(PlatformError) {
        try await PlatformError.storing { try await store.deleteApps(numbers, of: owner) }
    }
}
