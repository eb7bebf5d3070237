/// What shared state may use. A limit that is reached refuses the request with a sentence that names it.
public struct StateLimits: Sendable {
    /// Bytes of one value, and of all entries of one log; at most 1 GiB.
    public var maximumStateValueBytes = 256 << 20
    /// Bytes of all keys of a tenant, counted by ``StateCost``.
    public var maximumStateTenantBytes = 4 << 30
    /// Bytes that one request may read or write; a longer value is taken by ranges.
    public var maximumStateTransferBytes = 128 << 20
    /// Bytes of memory for copies of values; requests that are under way come on top.
    public var maximumStateCacheBytes = 256 << 20
    /// Bytes of memory for what workers read themselves of long values; a longer one is not lent to them.
    public var maximumStateLentBytes = 128 << 20
    /// Keys that one call may have locked at one time.
    public var maximumStateLocks = 1000
    /// How long a call waits for a lock.
    public var maximumStateLockWait: Duration = .seconds(60)
    /// Keys in one page of a list.
    public var maximumListedStateKeys = 1000

    public init() {}

    /// Half of the copies may be newer than the store, so that there is always something that can be dropped.
    var maximumDirtyBytes: Int { maximumStateCacheBytes / 2 }
}
