public import Blobs
public import Model
public import Storage

/// How large things may become.
public struct FileLimits: Hashable, Sendable {
    public var maximumFileBytes = 16 << 20
    /// Bytes that one call moves from or to a blob.
    public var maximumTransferBytes = 2 << 20
    /// Gates of a chain.
    public var maximumHops = 16

    public init() {}
}

/// The labelled file system of a server: what all of its callers share.
///
/// It knows no HTTP and runs no function. Everything that somebody may do is an operation of a ``Caller``.
public final class LabelledFiles: Sendable {
    public let store: any ObjectStore
    public let blobs: BlobFolder
    public let quota: QuotaLedger
    public let denials: DenialLog
    public let limits: FileLimits
    /// Nil: nobody looks at a function before it is run.
    let objection: FunctionCheck?
    let held = HeldObjects()
    /// Keeps the records, which have no path, from being collected.
    private let records: HeldObject
    let seals = LiveSeals()
    let gates = KnownGates()
    let now: @Sendable () -> Timestamp

    private init(
        _ store: any ObjectStore, _ blobs: BlobFolder, _ quota: QuotaLedger, _ limits: FileLimits,
        _ objection: FunctionCheck?, _ now: @escaping @Sendable () -> Timestamp
    ) {
        self.store = store
        self.blobs = blobs
        self.quota = quota
        self.limits = limits
        self.objection = objection
        self.now = now
        records = held.hold(.records)
        denials = DenialLog()
    }

    /// Says why there can be no such function, which is to be of this package where it is a new one: a sentence. Nil: a gate
    /// to it may be made.
    public typealias FunctionCheck = @Sendable (GateFunction, BlobReader?) async -> String?

    /// Reads what is stored and makes the root and `home` where they are missing. From then on nobody else may change what
    /// is in the store. Gates are made only of functions that `objection` has nothing to say against.
    public static func open(
        store: any ObjectStore, blobs: BlobFolder, maximumBytesPerOwner: Int, limits: FileLimits = FileLimits(),
        objection: FunctionCheck? = nil, now: @escaping @Sendable () -> Timestamp
    ) async throws -> LabelledFiles {
        let files = LabelledFiles(
            RememberingObjects(store), blobs, QuotaLedger(maximumBytesPerOwner: maximumBytesPerOwner), limits,
            objection, now)
        files.quota.replaceStored(by: try await store.usage())
        try await files.makeRoot()
        return files
    }

    /// What a collection removed.
    public struct Collected: Hashable, Sendable {
        public var objects: Int
        public var blobs: BlobFolder.Collected
    }

    /// Removes what no name and no running function leads to.
    public func collect() async throws -> Collected {
        let objects = try await store.sweep { [held] in held.ids }
        let removed = try await blobs.collect { [store] in try await store.namedBlobs() }
        quota.replaceStored(by: try await store.usage())
        return Collected(objects: objects, blobs: removed)
    }
}
