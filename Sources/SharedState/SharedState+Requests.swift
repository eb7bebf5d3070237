public import Model
public import Storage

/// A range of a value.
public struct StateRange: Hashable, Sendable {
    /// Bytes of the whole value; nil: there is none.
    public var size: Int?
    public var bytes: [UInt8]

    public init(size: Int?, bytes: [UInt8]) {
        self.size = size
        self.bytes = bytes
    }
}

extension SharedState {
    /// Bytes of a value; nil where there is none.
    public func size(_ key: StateKey) async throws(StateError) -> Int? {
        try await run(key) { $0.size(key) }
    }

    /// At most `count` bytes from `offset`, as they are at one moment. Only blocks that the range touches are read.
    public func read(_ key: StateKey, at offset: Int = 0, count: Int = .max) async throws(StateError) -> StateRange {
        let view = try await run(key) { $0.read(key, at: offset, count: count) }
        return StateRange(size: view.size, bytes: view.joined())
    }

    /// Replaces the whole value.
    public func replace(_ key: StateKey, by bytes: ArraySlice<UInt8>) async throws(StateError) {
        try await change(key) { $0.replace(key, by: bytes) }
    }

    /// Puts bytes into the value, which grows by zeros: to hold them, and to `total` where a value may have so many.
    public func write(
        _ key: StateKey, total: Int = 0, at offset: Int, _ bytes: ArraySlice<UInt8>
    ) async throws(StateError) {
        try await change(key) { $0.write(key, total: total, at: offset, bytes) }
    }

    /// Replaces the value where it is what is expected (nil: where there is none), and tells whether it did.
    public func compareAndSet(
        _ key: StateKey, expected: ArraySlice<UInt8>?, _ bytes: ArraySlice<UInt8>
    ) async throws(StateError) -> Bool {
        try await change(key) { $0.compareAndSet(key, expected, bytes) }
    }

    /// Deletes value and log, and tells whether there was one.
    public func delete(_ key: StateKey) async throws(StateError) -> Bool {
        try await change(key) { $0.delete(key) }
    }

    /// Adds an entry to the log of a key, which is apart from its value.
    public func append(_ key: StateKey, _ entry: [UInt8]) async throws(StateError) {
        try await change(key) { $0.append(key, entry) }
    }

    /// The first `limit` entries of the log, in order.
    public func entries(_ key: StateKey, limit: Int = .max) async throws(StateError) -> [[UInt8]] {
        try await pinning(key) { () throws(StateError) in
            while true {
                let view = try await run(key) { $0.log(key, limit: limit) }
                let stored = view.storedCount == 0 ? [] : try await storedEntries(key, count: view.storedCount)
                // Where the log was cleared meanwhile, the store may have fewer.
                guard try await run(key, { $0.log(key, limit: 0) }).clearCount == view.clearCount else { continue }
                let entries = stored + view.pending
                let count = entries.reduce(0) { $0 + $1.count }
                guard count <= limits.maximumStateTransferBytes else {
                    throw .limit(
                        "maximumStateTransferBytes", "These entries have", is: count,
                        over: limits.maximumStateTransferBytes, "read fewer of them")
                }
                return entries
            }
        }
    }

    /// Empties the log.
    public func clearEntries(_ key: StateKey) async throws(StateError) {
        try await change(key) { $0.clearLog(key) }
    }

    /// Keys of a tenant in the order of their bytes, a page of them, after `after`. Pushes what is newer first.
    public func keys(
        of tenant: Namespace, after: StateKey? = nil, limit: Int = .max
    ) async throws(StateError) -> [StateListing] {
        try await storedKeys(of: tenant, after: after, limit: limit)
    }
}
