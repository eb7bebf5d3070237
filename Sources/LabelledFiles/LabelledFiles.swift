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
    /// Says whether a function can be made of a blob; nil: nobody looks before it is run.
    let isPackage: (@Sendable (BlobReader) async -> Bool)?
    let held = HeldObjects()
    let seals = LiveSeals()
    let gates = KnownGates()
    let now: @Sendable () -> Timestamp

    private init(
        _ store: any ObjectStore, _ blobs: BlobFolder, _ quota: QuotaLedger, _ limits: FileLimits,
        _ isPackage: (@Sendable (BlobReader) async -> Bool)?, _ now: @escaping @Sendable () -> Timestamp
    ) {
        self.store = store
        self.blobs = blobs
        self.quota = quota
        self.limits = limits
        self.isPackage = isPackage
        self.now = now
        denials = DenialLog()
    }

    /// Reads what is stored and makes the root and `home` where they are missing. From then on nobody else may change what
    /// is in the store. Gates are made of blobs only that
    /// `isPackage` takes for packages of functions.
    public static func open(
        store: any ObjectStore, blobs: BlobFolder, maximumBytesPerOwner: Int, limits: FileLimits = FileLimits(),
        isPackage: (@Sendable (BlobReader) async -> Bool)? = nil, now: @escaping @Sendable () -> Timestamp
    ) async throws -> LabelledFiles {
        let files = LabelledFiles(
            RememberingObjects(store), blobs, QuotaLedger(maximumBytesPerOwner: maximumBytesPerOwner), limits,
            isPackage,
            now)
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
