public import Model

/// What a store cannot do, or refuses.
public struct StorageError: Error, Sendable, Equatable {
    public enum Code: String, Sendable {
        case alreadyExists = "already_exists"
        case notFound = "not_found"
        /// The stored thing is not in the state that the change needs.
        case conflict
        /// An idempotency key was used before, for another request.
        case keyConflict = "key_conflict"
        /// The disk is full or may not be written: nothing was stored.
        case unavailable
        case corrupt
    }

    public var code: Code
    public var message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}

/// The encrypted context of one version of a function.
public struct SealedContext: Hashable, Sendable {
    public var function: FunctionID
    public var version: Int
    public var bytes: [UInt8]

    public init(function: FunctionID, version: Int, bytes: [UInt8]) {
        self.function = function
        self.version = version
        self.bytes = bytes
    }
}

/// Functions and their immutable versions.
public protocol FunctionStore: Sendable {
    /// Stores a new function with its first version, both or neither. `alreadyExists` where the key is taken.
    func create(_ function: Function, _ version: FunctionVersion) async throws
    func function(_ key: FunctionKey) async throws -> Function?
    func version(_ number: Int, of function: FunctionID) async throws -> FunctionVersion?
    /// All functions of a namespace by name; of all namespaces where it is nil.
    func functions(in namespace: Namespace?) async throws -> [Function]
    /// Adds a version and makes it current (and stores the changed `key`, `limits`, `policy`,
    /// `updatedAt`), atomically.
    /// `conflict` unless `version.number` is the stored number plus one; `alreadyExists` where a new key is taken;
    /// `notFound` where it is gone.
    func update(_ function: Function, adding version: FunctionVersion) async throws
    /// Notes that a version's image was taken anew. `notFound` where the version is gone.
    func setImage(_ image: ImageID, version: Int, of function: FunctionID) async throws
    /// Deletes a function with its versions and returns the images that no version refers to any more.
    /// `notFound` where it is gone.
    func delete(_ key: FunctionKey) async throws -> [ImageID]
    /// The packages that versions name.
    func packages() async throws -> Set<PackageID>
    /// Encrypted contexts of all versions, by function and version; only those after this one.
    func sealedContexts(after: SealedContext?, limit: Int) async throws -> [SealedContext]
    /// Replaces encrypted contexts by the same ones, encrypted otherwise. Those that are gone or changed are left alone.
    func replace(_ contexts: [(old: SealedContext, new: [UInt8])]) async throws
}

/// Whether a store can do its work.
public protocol StoreHealth: Sendable {
    /// Writes something of no meaning and makes it durable. Throws `unavailable` where that cannot be done.
    func checkWritable() async throws
}

/// The spots.
public protocol SpotStore: Sendable {
    /// What was saved last; nil where nothing ever was.
    func spots() async throws -> SpotRoster?
    /// Stores the spots and the records of those changes that have ended, all or nothing. Returns when it is on disk.
    func save(_ roster: SpotRoster, ended: [Execution]) async throws
}

/// Everything that a server keeps.
public typealias Store = FunctionStore & ExecutionStore & TokenStore & UserStore & AuditStore & SpotStore & StateStore
    & ObjectStore & DocumentStore & AppStore & StoreHealth
