public import Model
public import Storage

extension Platform {
    /// How far the calls of one bulk request are.
    public func batch(_ id: BatchID) async throws(PlatformError) -> BatchProgress {
        guard let progress = try await PlatformError.storing({ try await store.batch(id) }) else {
            throw PlatformError(.batchNotFound, "There is no batch \(id).")
        }
        return progress
    }

    /// What was ever queued, and what became of it.
    public func totals() async throws(PlatformError) -> QueueTotals {
        try await PlatformError.storing { try await store.totals() }
    }
}
