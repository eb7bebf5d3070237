import Storage

extension Platform {
    /// Makes sure that the store takes writes.
    public func checkStore() async throws(PlatformError) {
        _ = try await PlatformError.storing { try await store.checkWritable() }
    }
}
