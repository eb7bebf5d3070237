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
}

/// What a token allows.
public enum TokenScope: String, Hashable, Sendable, Codable, CaseIterable {
    case read, run, deploy, admin
}

/// An API token. The secret itself is never stored.
public struct Token: Hashable, Sendable, Codable {
    public var id: UUID7
    public var name: String
    /// SHA-256 of the secret.
    public var hash: [UInt8]
    public var scopes: Set<TokenScope>
    public var createdAt: Timestamp
    public var expiresAt: Timestamp?

    public init(
        id: UUID7, name: String, hash: [UInt8], scopes: Set<TokenScope>, createdAt: Timestamp,
        expiresAt: Timestamp? = nil
    ) {
        self.id = id
        self.name = name
        self.hash = hash
        self.scopes = scopes
        self.createdAt = createdAt
        self.expiresAt = expiresAt
    }
}

/// API tokens.
public protocol TokenStore: Sendable {
    func add(_ token: Token) async throws
    func token(hash: [UInt8]) async throws -> Token?
    func tokens() async throws -> [Token]
    func revoke(_ id: UUID7) async throws -> Bool
}

/// Whether a store can do its work.
public protocol StoreHealth: Sendable {
    /// Writes something of no meaning and makes it durable. Throws `unavailable` where that cannot be done.
    func checkWritable() async throws
}

/// Everything that a server keeps.
public typealias Store = FunctionStore & ExecutionStore & TokenStore & StoreHealth
