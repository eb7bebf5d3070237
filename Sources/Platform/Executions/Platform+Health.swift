import Model
import Storage

extension Platform {
    /// Makes sure that the store takes writes, with one that changes nothing: no lease ran out before the epoch.
    public func checkStore() async throws(PlatformError) {
        _ = try await PlatformError.storing { try await store.requeueExpired(now: Timestamp(microseconds: 0)) }
    }
}
